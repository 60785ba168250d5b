import { ApiError } from '@throughline/contracts/errors';
import type { KeyDirectory, KeyRecord } from '@throughline/contracts/keys';
import { partitionFor } from '@throughline/contracts/partition';
import type { TenantCounters } from '@throughline/session-totals/session-totals';
import type { Logger } from '@throughline/telemetry/logger';
import type { LivePorts } from './live-ports.ts';
import { createShownPartition, type ShownChange, type ShownPartition } from './shown-partition.ts';

/** What a tenant's calls came to, as lists show them. */
export interface LiveFigures {
  readonly requests: number;
  readonly errors: number;
  readonly annotations: number;
}

/** A session that somebody watches. Figures are null unless it is live. */
export interface LiveSessionFigures {
  readonly state: 'live' | 'stored' | 'none';
  readonly requests: number | null;
  readonly errors: number | null;
  readonly applied: number | null;
}

/** Whoever listens. Nothing is kept for it: it is told that something changed, and asks for what is so by then. */
export interface LiveListener {
  readonly key: KeyRecord;
  readonly sessions: readonly string[];
  changed(): void;
  /** @param isSure false: something of its tenant's has changed, of which it shows only in the figures whether it is about it. */
  sessionChanged(sessionId: string, figures: LiveSessionFigures, isSure: boolean): void;
  /** Looked at a few times a second: send what has changed since the last time. */
  tick(): void;
  end(): void;
}

export interface LiveHub {
  /**
   * Begin to listen: `changed` and `sessionChanged` are called at once.
   *
   * @returns ends it.
   * @throws ApiError `too-many-streams`
   */
  listen(listener: LiveListener): () => void;
  /** Undefined until they were read. */
  figures(tenantId: string): LiveFigures | undefined;
  readonly size: number;
}

export interface LiveHubDeps {
  readonly live: LivePorts;
  readonly keys: KeyDirectory;
  readonly logger: Logger;
}

/** Streams of one tenant: more tabs than people have open. Each costs a connection and a line now and then. */
export const TENANT_STREAMS_MAX = 50;
export const STREAMS_MAX = 1_000;

/** What is looked at costs nothing while nothing changes. */
const LOOK_EVERY_MS = 100;
/** A key that was revoked or has expired hears nothing more after so long at most. */
const CHECK_KEYS_EVERY_MS = 2_000;

/** One look at the stores for all streams of this process, and none while there is no stream. */
export function createLiveHub({ live, keys, logger }: LiveHubDeps): LiveHub {
  const listeners = new Set<LiveListener>();
  let partitions: ShownPartition[] = [];
  let timer: NodeJS.Timeout | undefined;
  let keysCheckedAt = 0;
  let isListening = false;

  const schedule = (waitMs: number) => {
    timer = setTimeout(() => {
      void look()
        .catch((error: unknown) => logger.debug({ err: error }, 'live updates could not be read'))
        .finally(() => {
          timer = undefined;
          if (listeners.size > 0) schedule(LOOK_EVERY_MS);
          else partitions = [];
        });
    }, waitMs);
  };

  async function look(): Promise<void> {
    checkKeys();
    for (const [partition, shown] of partitions.entries()) {
      const change = await shown.look();
      if (change) await tell(partition, change);
    }
    for (const listener of listeners) listener.tick();
  }

  function checkKeys(): void {
    const now = performance.now();
    if (now - keysCheckedAt < CHECK_KEYS_EVERY_MS) return;
    keysCheckedAt = now;
    for (const listener of [...listeners]) if (!keys.find(listener.key.hash)) listener.end();
  }

  async function tell(partition: number, { before, after }: ShownChange): Promise<void> {
    const byTenant = Map.groupBy(listeners, ({ key }) => key.tenantId);
    for (const [tenantId, concerned] of byTenant) {
      const old = before?.get(tenantId);
      const counters = after.get(tenantId);
      if (before && isSame(old, counters)) continue;
      for (const listener of concerned) listener.changed();
      // What is said of one of its requests need not show in its totals.
      const isSure = (old?.annotations ?? 0) !== (counters?.annotations ?? 0);
      const here = (id: string) => partitionFor(tenantId, id, '', live.partitions) === partition;
      for (const id of new Set(concerned.flatMap((listener) => listener.sessions.filter(here)))) {
        const figures = await readSession(tenantId, id);
        for (const listener of concerned) {
          if (listener.sessions.includes(id)) listener.sessionChanged(id, figures, isSure);
        }
      }
    }
  }

  async function readSession(tenantId: string, sessionId: string): Promise<LiveSessionFigures> {
    const found = await live.totals.read({ tenantId, sessionId });
    if (!found) return { state: 'none', ...NO_FIGURES };
    if ('evicted' in found) return { state: 'stored', ...NO_FIGURES };
    const { requests, errors, applied } = found.state;
    return { state: 'live', requests, errors, applied };
  }

  /** What a new listener hears first. */
  async function begin(listener: LiveListener): Promise<void> {
    const read = listener.sessions.map(async (id) => [id, await readSession(listener.key.tenantId, id)] as const);
    for (const [id, figures] of await Promise.all(read)) listener.sessionChanged(id, figures, true);
    listener.changed();
    listener.tick();
  }

  return {
    get size() {
      return listeners.size;
    },
    figures(tenantId) {
      if (partitions.some(({ tenants }) => tenants === undefined)) return undefined;
      const figures = { requests: 0, errors: 0, annotations: 0 };
      for (const { tenants } of partitions) {
        const counters = tenants?.get(tenantId);
        figures.requests += counters?.requests ?? 0;
        figures.errors += counters?.errors ?? 0;
        figures.annotations += counters?.annotations ?? 0;
      }
      return figures;
    },
    listen(listener) {
      const { tenantId } = listener.key;
      if (live.stopping.aborted) throw new ApiError('store-unavailable');
      const own = [...listeners].filter(({ key }) => key.tenantId === tenantId).length;
      if (own >= TENANT_STREAMS_MAX) throw new ApiError('too-many-streams', { max: TENANT_STREAMS_MAX });
      if (listeners.size >= STREAMS_MAX) throw new ApiError('too-many-streams', { max: STREAMS_MAX });
      // Once for the process: as many listeners of the signal as streams would be a leak to Node.
      if (!isListening) {
        live.stopping.addEventListener('abort', () => {
          for (const one of [...listeners]) one.end();
        });
        isListening = true;
      }
      if (partitions.length === 0) {
        partitions = Array.from({ length: live.partitions }, (_, partition) =>
          createShownPartition(partition, live.totals, () => live.progress(partition)),
        );
      }
      listeners.add(listener);
      if (!timer) schedule(0);
      void begin(listener).catch((error: unknown) => logger.debug({ err: error }, 'live updates could not be read'));
      return () => void listeners.delete(listener);
    },
  };
}

const NO_FIGURES = { requests: null, errors: null, applied: null };

function isSame(a: TenantCounters | undefined, b: TenantCounters | undefined): boolean {
  return a === b || textOf(a) === textOf(b);
}

function textOf(counters: TenantCounters | undefined): string {
  return JSON.stringify(counters, (_, value) => (typeof value === 'bigint' ? String(value) : value));
}
