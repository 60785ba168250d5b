import type { LookupFunction } from 'node:net';
import { ApiError } from '@throughline/contracts/errors';
import { createCheckedLookup, type Resolve } from '@throughline/outbound/checked-lookup';
import type { TargetPolicy } from '@throughline/outbound/target-policy';
import { Pool } from 'undici';
import type { GatewayConfig } from '../gateway-config.ts';

export interface UpstreamsDeps {
  readonly config: GatewayConfig;
  readonly policy: TargetPolicy;
  /** Stands in for `dns.lookup` in tests. */
  readonly resolve?: Resolve;
}

/** Connections to providers: one pool per origin, the least recently used closed beyond `originsMax`. */
export class Upstreams {
  readonly #pools = new Map<string, Pool>();
  readonly #deps: UpstreamsDeps;
  #newest = '';

  constructor(deps: UpstreamsDeps) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#pools.size;
  }

  /** @throws ApiError `target-not-allowed` when the policy refuses the origin. */
  poolFor(origin: string): Pool {
    const known = this.#pools.get(origin);
    if (known) {
      if (origin !== this.#newest) this.#touch(origin, known);
      return known;
    }
    const { config } = this.#deps;
    const pool = new Pool(origin, {
      connections: config.connectionsPerOriginMax,
      headersTimeout: config.headersTimeoutMs,
      bodyTimeout: config.bodyIdleTimeoutMs,
      // Providers' load balancers keep idle connections for a minute or more; a new one costs a TLS handshake.
      keepAliveTimeout: 30_000,
      maxHeaderSize: 64 * 1024,
      // HTTP/1.1: chunks, header spelling and connection reuse stay what they are, and what was measured.
      allowH2: false,
      connect: { timeout: config.connectTimeoutMs, lookup: this.lookupFor(origin) },
    });
    this.#touch(origin, pool);
    if (this.#pools.size > config.originsMax) {
      const [oldest, idle] = this.#pools.entries().next().value!;
      this.#pools.delete(oldest);
      // Waits for its calls under way, then closes its sockets.
      void idle.close();
    }
    return pool;
  }

  /**
   * What a connection to this origin looks names up with, whoever makes it.
   *
   * @throws ApiError `target-not-allowed` when the policy refuses the origin.
   */
  lookupFor(origin: string): LookupFunction {
    const { policy, resolve } = this.#deps;
    const url = URL.parse(origin);
    if (!url) throw new ApiError('invalid-target', { value: origin });
    return createCheckedLookup(policy(url), resolve);
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #touch(origin: string, pool: Pool): void {
    this.#pools.delete(origin);
    this.#pools.set(origin, pool);
    this.#newest = origin;
  }
}
