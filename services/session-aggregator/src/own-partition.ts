import { setTimeout as sleep } from 'node:timers/promises';
import type { PartitionReader } from '@throughline/event-log/event-log';
import { warmUpPrices } from '@throughline/providers/prices/price-call';
import { isSameFence } from '@throughline/session-totals/same-fence';
import type { PartitionState } from '@throughline/session-totals/session-totals';
import type { AggregatorDeps } from './aggregator-deps.ts';
import type { BodyFetcher } from './bodies/body-fetcher.ts';
import type { SharedBodies } from './bodies/shared-bodies.ts';
import { annotatedThrough } from './carry-annotations.ts';
import { collectEntries, type EntryCollector } from './collect-entries.ts';
import { countInserts } from './count-inserts.ts';
import { applyDeletion } from './deletion/apply-deletion.ts';
import { EVICTED_MAX, evictIdleSessions } from './evict-idle-sessions.ts';
import type { AggregatorMetrics } from './metrics.ts';
import type { Pace } from './pace.ts';
import { lostOwnership, OwnershipLostError, StoreRestartedError } from './partition-errors.ts';
import { type AppliedBatch, applyBatch } from './pipeline.ts';
import { publishUnpublished } from './publish-unpublished.ts';
import { reflectedUntil } from './reflected-until.ts';
import { repairPartition } from './repair-partition.ts';
import { mayPass, retry } from './retry.ts';
import { createSessionCache, type SessionCache } from './session-cache.ts';
import { deletionOf, splitBatch } from './split-batch.ts';
import type { BuiltRows } from './steps/build-request-row.ts';
import type { LoggedEntry } from './steps/decide-step.ts';
import type { PreparedEntry } from './steps/decode-entries-step.ts';
import { createPrepareEntryStep, type PrepareEntryDeps } from './steps/prepare-entry-step.ts';
import { recoverLostStep } from './steps/recover-lost-step.ts';
import { takeOwnership } from './take-ownership.ts';

/** Totals that are set back again and again are not asked without a pause. */
const SET_BACK_WAIT_MS = 200;

/** What the partitions of one process have in common. */
export interface Shared {
  readonly bodies: SharedBodies;
  readonly pace: Pace;
}

/**
 * Own one partition until it is revoked: take it over, mend what a crash left behind, then batch after batch. Once
 * revoked, the batch under way is finished, or given up where a store does not answer: whoever owns the partition next
 * repeats it. When another owner's commit came first, memory is discarded and the partition taken anew after a while.
 *
 * @throws whatever cannot be retried: the partition stops where its fence is, and nothing is lost.
 */
export async function ownPartition(
  given: AggregatorDeps,
  metrics: AggregatorMetrics,
  reader: PartitionReader,
  shared: Shared,
): Promise<void> {
  const { partition, revoked } = reader;
  const deps = { ...given, analytics: countInserts(given.analytics, metrics) };
  const logger = deps.logger.child({ partition });
  while (!revoked.aborted) {
    try {
      await new Owner(deps, metrics, reader, logger, shared).run();
      return;
    } catch (error) {
      const isLost = error instanceof OwnershipLostError;
      if (revoked.aborted && (isLost || mayPass(error))) {
        logger.info({ err: error }, 'given up in the middle of a batch, which the next owner repeats');
        return;
      }
      if (!isLost) throw error;
      if (error.isSetBack) {
        logger.warn('the totals are older than they were, or gone: what they lack is applied again');
      } else {
        logger.warn('another owner has committed; this one starts anew if the partition stays assigned to it');
      }
      const waitMs = error.isSetBack ? SET_BACK_WAIT_MS : deps.config.reclaimAfterMs * (1 + Math.random());
      await sleep(waitMs, undefined, { signal: revoked }).catch(() => {});
    } finally {
      shared.bodies.waitingForStore.delete(partition);
      metrics.released(partition);
      deps.webhooks?.released(partition);
    }
  }
}

/** Looking for idle sessions costs a read of the totals' index; a minute's delay in evicting one costs nothing. */
const EVICTION_EVERY_MS = 60_000;

/** An engine that went away and came back between two batches fails no call; what it lost is looked for within this. */
const INSTANCE_CHECK_EVERY_MS = 30_000;

/** From the so manieth try on somebody should look: with the longest waits, after a minute and a half. */
const ALARM_AFTER_TRIES = 25;

class Owner {
  readonly #deps: AggregatorDeps;
  readonly #metrics: AggregatorMetrics;
  readonly #reader: PartitionReader;
  readonly #logger: AggregatorDeps['logger'];
  readonly #shared: Shared;
  readonly #cache: SessionCache;
  #failures = 0;
  #annotatedThrough = -1;
  #writtenThrough = Number.POSITIVE_INFINITY;
  #lastEviction: number;
  /** Log time of the last one. */
  #evictedUpTo: number | undefined;
  #lastInstanceCheck = 0;
  #logTime = Number.NEGATIVE_INFINITY;

  constructor(
    deps: AggregatorDeps,
    metrics: AggregatorMetrics,
    reader: PartitionReader,
    logger: AggregatorDeps['logger'],
    shared: Shared,
  ) {
    this.#deps = deps;
    this.#metrics = metrics;
    this.#reader = reader;
    this.#logger = logger;
    this.#shared = shared;
    this.#cache = createSessionCache(deps, reader.partition, deps.config.sessionBytesMax);
    this.#lastEviction = deps.now();
  }

  async run(): Promise<void> {
    const deps = this.#deps;
    const reader = this.#reader;
    const { partition } = reader;
    this.#metrics.paused.set({ partition }, 0);
    const onRebuilt = () => this.#metrics.rebuilds.inc();
    const taken = await this.#untilItWorks('take ownership', () => takeOwnership(deps, reader, onRebuilt));
    let { state } = taken;
    this.#writtenThrough = taken.writtenThrough;
    this.#annotatedThrough = await this.#untilItWorks('look at annotations', () =>
      annotatedThrough(deps.analytics, partition),
    );
    // What the last owner committed but may not have published.
    await this.#untilItWorks('publish snapshots', () => publishUnpublished(deps, this.#cache, state));
    // Here, where nobody waits for it: the first call would else be read 40 ms later.
    warmUpPrices();
    for (;;) {
      const instance = await this.#instance();
      const fetch: BodyFetcher['fetch'] = (reference, signal) => {
        if (!this.#shared.bodies.isStoreKnown) this.#waitForStore();
        return this.#untilItWorks('fetch bodies', () => this.#shared.bodies.fetcher.fetch(reference, signal), signal);
      };
      const { tokens } = deps;
      const count: PrepareEntryDeps['count'] =
        tokens &&
        ((encoding, texts, signal) =>
          this.#untilItWorks('count tokens', () => tokens.count(encoding, texts, signal), signal));
      const prepare = createPrepareEntryStep({ partition, fetch, count });
      await this.#untilItWorks('repair', () => repairPartition(deps, reader, this.#cache, state, prepare));
      // What was inserted again may be gone again.
      if ((await this.#instance()) !== instance) continue;
      const { offset } = state.fence;
      await this.#untilItWorks('seek', () => reader.seek(offset + 1));
      reader.committed(offset);
      deps.webhooks?.taken(partition, offset);
      deps.progress.totals(partition, state.fence, reflectedUntil(state));
      deps.progress.snapshots(partition, state.fence, reflectedUntil(state));
      this.#metrics.committed(partition, offset, state.committedAt);

      const account = this.#shared.bodies.budget.openAccount();
      const collector = collectEntries(reader, offset + 1, deps.config, {
        pace: this.#shared.pace,
        retrying: (read) => this.#untilItWorks('read', read),
        prepare: createPrepareEntryStep({ partition, fetch, count, account }),
        account,
      });
      let outcome: Outcome;
      try {
        ({ state, outcome } = await this.#applyBatches(collector, state, instance));
      } finally {
        await collector.stop();
      }
      if (outcome === 'revoked') return;
      if (outcome !== 'engine-restarted') return await this.#pause(outcome);
      this.#logger.warn('the analytics store has restarted: what it may have lost is looked for');
    }
  }

  async #applyBatches(
    collector: EntryCollector,
    before: PartitionState,
    instance: string,
  ): Promise<{ state: PartitionState; outcome: Outcome }> {
    const deps = this.#deps;
    const { partition } = this.#reader;
    let last: AppliedBatch = { state: before, publishing: Promise.resolve() };
    const leave = async (outcome: Outcome) => {
      await last.publishing;
      return { state: last.state, outcome };
    };
    for (;;) {
      const onIdle = async () => {
        await this.#requireOwnTotals(last.state);
        // Caught up with: here the clock says what is idle.
        last = await this.#evict(last, deps.now());
      };
      const batch = await this.#nextBatch(collector, last, instance, onIdle);
      if (batch === 'engine-restarted') return await leave('engine-restarted');
      if (batch === undefined) return await leave('revoked');
      deps.crashPoint?.('aggregator:batch-read');
      const failuresBefore = this.#failures;
      const { entries, newer } = untilNewer(batch);
      if (entries.length > 0) {
        const untilItWorks = <T>(what: string, work: () => Promise<T>) => this.#untilItWorks(what, work);
        const metrics = this.#metrics;
        try {
          // What a lost range still has in the tables may be a deletion as well.
          const decidable = entries.some(({ kind }) => kind === 'lost')
            ? await untilItWorks('recover lost offsets', () => recoverLostStep(deps.analytics, partition, entries))
            : entries;
          for (const part of splitBatch(decidable)) {
            const context = {
              partition,
              untilItWorks,
              instance,
              annotatedThrough: this.#annotatedThrough,
              writtenThrough: this.#writtenThrough,
              metrics,
            };
            const deletion = deletionOf(part);
            last = deletion
              ? await applyDeletion(deps, this.#cache, last, deletion, context)
              : await applyBatch(deps, this.#cache, last, part, context);
          }
        } catch (error) {
          if (!(error instanceof StoreRestartedError)) throw error;
          return await leave('engine-restarted');
        }
        const { offset } = last.state.fence;
        this.#reader.committed(offset);
        metrics.events.inc(entries.length);
        metrics.batches.inc();
        metrics.batchEvents.observe(entries.length);
        metrics.committed(partition, offset, last.state.committedAt);
        for (const entry of entries) {
          if (entry.kind === 'annotation') this.#logTime = Math.max(this.#logTime, entry.row.received_at);
          if (entry.kind !== 'request') continue;
          this.#logTime = Math.max(this.#logTime, entry.built.row.received_at);
          metrics.bodiesMissing.inc(missingIn(entry.built.bodies));
        }
      }
      if (newer) return await leave(newer);
      last = await this.#evict(last);
      if (await this.#hasRestarted(instance, this.#failures > failuresBefore)) return await leave('engine-restarted');
    }
  }

  async #evict(last: AppliedBatch, logTime = this.#logTime): Promise<AppliedBatch> {
    const deps = this.#deps;
    this.#evictedUpTo ??= logTime;
    // In a log that is being caught up with, minutes pass faster.
    const passedMs = Math.max(deps.now() - this.#lastEviction, logTime - this.#evictedUpTo);
    if (passedMs < EVICTION_EVERY_MS) return last;
    const { state, publishing } = last;
    // What is evicted lives on in its snapshot alone.
    await publishing;
    const evicted = await this.#untilItWorks('evict', () =>
      evictIdleSessions(deps, this.#cache, state, { partition: this.#reader.partition, logTime }),
    );
    // More of them wait: the next ones go after the next batch.
    if (evicted.found < EVICTED_MAX) {
      this.#lastEviction = deps.now();
      this.#evictedUpTo = logTime;
    }
    return { state: evicted.state, publishing };
  }

  /** A commit would find out; without calls there is none, and readers would be told of older totals for ever. */
  async #requireOwnTotals({ fence }: PartitionState): Promise<void> {
    const { partition } = this.#reader;
    const stored = await this.#untilItWorks('look at totals', () => this.#deps.totals.loadPartition(partition));
    if (!isSameFence(stored?.fence, fence)) throw lostOwnership(partition, fence, stored?.fence);
  }

  async #hasRestarted(instance: string, hasFailed: boolean): Promise<boolean> {
    const now = this.#deps.now();
    if (!hasFailed && now - this.#lastInstanceCheck < INSTANCE_CHECK_EVERY_MS) return false;
    this.#lastInstanceCheck = now;
    return (await this.#instance()) !== instance;
  }

  #instance(): Promise<string> {
    return this.#untilItWorks('ask the analytics store', () => this.#deps.analytics.instanceId());
  }

  /**
   * While nothing is logged, the stores are looked at all the same: what they have lost is missed by readers. And
   * sessions become idle all the same, whose memory other partitions may need.
   */
  async #nextBatch(
    collector: EntryCollector,
    { publishing }: AppliedBatch,
    instance: string,
    onIdle: () => Promise<void>,
  ): Promise<PreparedEntry[] | 'engine-restarted' | undefined> {
    const batch = Promise.race([collector.next(), failureOf(publishing)]);
    for (;;) {
      const timer = new AbortController();
      const isIdle = sleep(this.#deps.config.idleCheckMs, 'idle' as const, { signal: timer.signal, ref: false });
      try {
        const came = await Promise.race([batch, isIdle]);
        if (came !== 'idle') return came;
      } finally {
        timer.abort();
        isIdle.catch(() => {});
      }
      if (await this.#hasRestarted(instance, false)) {
        batch.catch(() => {});
        return 'engine-restarted';
      }
      await onIdle().catch((error: unknown) => {
        batch.catch(() => {});
        throw error;
      });
    }
  }

  /** Held, not lost: whoever restarts this aggregator with the settings of a body store goes on here. */
  #waitForStore(): void {
    const { partition } = this.#reader;
    this.#shared.bodies.waitingForStore.add(partition);
    this.#metrics.paused.set({ partition }, 1);
  }

  /** Held, not lost: whoever restarts this aggregator with a version that knows the schema goes on here. */
  async #pause({ offset, schemaVersion }: Newer): Promise<void> {
    const { partition, revoked } = this.#reader;
    this.#metrics.paused.set({ partition }, 1);
    this.#logger.error(
      { offset, schemaVersion },
      'the log holds an event of a newer version: this partition waits until the aggregator is upgraded',
    );
    await new Promise<void>((resolve) => {
      if (revoked.aborted) resolve();
      else revoked.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  #untilItWorks<T>(what: string, work: () => Promise<T>, signal = this.#reader.revoked): Promise<T> {
    return retry(work, {
      signal,
      maxMs: this.#deps.config.retryWaitMaxMs,
      onRetry: (error, attempt, waitMs) => {
        this.#failures++;
        this.#metrics.retries.inc({ step: what });
        const level = attempt < ALARM_AFTER_TRIES ? 'warn' : 'error';
        if (!this.#logger.isLevelEnabled(level)) return;
        this.#logger[level]({ err: error, attempt, waitMs: Math.round(waitMs) }, `${what} failed, will be tried again`);
      },
    });
  }
}

function missingIn({ request_encoding, response_encoding }: BuiltRows['bodies']): number {
  return Number(request_encoding === 'missing') + Number(response_encoding === 'missing');
}

/** Rejects when `work` does, and never resolves. */
async function failureOf(work: Promise<void>): Promise<never> {
  await work;
  return await new Promise(() => {});
}

type Newer = Extract<PreparedEntry, { kind: 'newer' }>;
type Outcome = 'revoked' | 'engine-restarted' | Newer;

/** Everything before the first event of a newer schema is applied; from there on the partition waits. */
function untilNewer(batch: PreparedEntry[]): { entries: LoggedEntry[]; newer: Newer | undefined } {
  const entries: LoggedEntry[] = [];
  for (const entry of batch) {
    if (entry.kind === 'newer') return { entries, newer: entry };
    entries.push(entry);
  }
  return { entries, newer: undefined };
}
