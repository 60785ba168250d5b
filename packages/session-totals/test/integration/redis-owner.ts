import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import {
  openRedisSessionTotals,
  type RedisSessionTotals,
  type RedisSessionTotalsOptions,
} from '../../src/redis/redis-session-totals.ts';
import type { SessionState } from '../../src/session-state.ts';
import { sampleFence, samplePartition, sampleState } from '../../src/session-state-samples.ts';
import type { SessionKey, SessionTotals, SessionTotalsError } from '../../src/session-totals.ts';

/** Opens totals with what tests do not care about filled in; short waits, because outages are what is tested. */
export function openTotals(options: Partial<RedisSessionTotalsOptions> & { url: string }): Promise<RedisSessionTotals> {
  return openRedisSessionTotals({ partitions: 1, namespace: 'test', onWarning: () => {}, ...options });
}

/**
 * An owner that commits without end: at every offset each of its sessions has as many requests as the offset says, so that
 * half a commit would show.
 */
export class CommittingOwner {
  /** The last offset that Redis said it has. */
  acknowledged = 0;
  /** Commits that were acknowledged. */
  commits = 0;
  /** Answers that did not come. */
  unknown = 0;
  readonly keys: readonly SessionKey[];
  readonly #totals: SessionTotals;
  readonly #partition: number;
  #isStopping = false;
  #running: Promise<void> | undefined;

  constructor(totals: SessionTotals, { partition = 0, sessions = 200 } = {}) {
    this.#totals = totals;
    this.#partition = partition;
    this.keys = Array.from({ length: sessions }, (_, i) => ({ tenantId: 'tenant', sessionId: `session {${i}}` }));
  }

  start(): void {
    this.#isStopping = false;
    this.#running = this.#run();
  }

  /** Resolves once the call under way has ended, whatever its end. @throws what was no outage. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#running;
  }

  /** The offset that is stored, where all that is stored is of one commit. */
  async storedOffset(): Promise<number> {
    const state = await this.#totals.loadPartition(this.#partition);
    const sessions = (await this.#totals.loadMany(this.#partition, this.keys)) as (SessionState | undefined)[];
    const offset = state?.fence.offset ?? 0;
    expect(new Set(sessions.map((session) => session?.requests ?? 0))).toEqual(new Set([offset]));
    expect(state?.committedAt ?? offset).toBe(offset);
    return offset;
  }

  async commit(offset: number): Promise<'committed' | 'refused'> {
    const expected = offset === 1 ? undefined : sampleFence(offset - 1);
    const next = samplePartition(offset, { committedAt: offset });
    const sessions = this.keys.map((key) => sampleState(key.sessionId, offset, { partition: this.#partition }));
    return this.#totals.commit(this.#partition, expected, next, sessions);
  }

  async #run(): Promise<void> {
    let offset: number | undefined;
    while (!this.#isStopping) {
      try {
        offset ??= (await this.#totals.loadPartition(this.#partition))?.fence.offset ?? 0;
        const outcome = await this.commit(offset + 1);
        if (outcome === 'committed') {
          this.acknowledged = ++offset;
          this.commits++;
        } else offset = undefined;
      } catch (error) {
        if (!(error as SessionTotalsError).retryable) throw error;
        this.unknown++;
        offset = undefined;
        await sleep(20);
      }
    }
  }
}
