import { publishedState } from '@throughline/session-totals/describe-session';
import { isSameFence } from '@throughline/session-totals/same-fence';
import type { SessionState } from '@throughline/session-totals/session-state';
import type { PartitionState, SessionChange, SessionKey } from '@throughline/session-totals/session-totals';
import { NO_TRACER } from '@throughline/telemetry/tracer';
import type { AggregatorDeps } from './aggregator-deps.ts';
import { carryAnnotations } from './carry-annotations.ts';
import { type CommitWithRoom, createCommitWithRoom } from './commit-with-room.ts';
import type { AggregatorMetrics } from './metrics.ts';
import { lostOwnership, StoreRestartedError } from './partition-errors.ts';
import { rememberRecent } from './recent-progress.ts';
import { reflectedUntil } from './reflected-until.ts';
import type { SessionCache } from './session-cache.ts';
import { sessionKeyText } from './session-key-text.ts';
import { type DecidableEntry, decideStep } from './steps/decide-step.ts';
import { foldStep } from './steps/fold-step.ts';
import { insertRowsStep } from './steps/insert-rows-step.ts';
import { loadTargetsStep } from './steps/load-targets-step.ts';
import { type DueSnapshot, publishSnapshotsStep } from './steps/publish-snapshots-step.ts';
import { recoverLostStep } from './steps/recover-lost-step.ts';
import { type BatchTrace, traceBatch } from './trace/batch-trace.ts';

export interface BatchContext {
  readonly partition: number;
  /** Repeats a step until it succeeds; throws what cannot be retried. */
  readonly untilItWorks: <T>(what: string, work: () => Promise<T>) => Promise<T>;
  /** Of the analytics store when it was last found whole; left out: it is not asked whether it is still the same. */
  readonly instance?: string;
  /** Highest offset of an annotation that was stored when the partition was taken. Left out: none was. */
  readonly annotatedThrough?: number;
  /**
   * Highest offset of which an owner before may have published something. Up to there the totals may be an older copy, which
   * does not know under which keys. Left out: that is true of every batch.
   */
  readonly writtenThrough?: number;
  /** Left out: the batch is not counted. */
  readonly metrics?: AggregatorMetrics;
}

/** The partition after a batch. */
export interface AppliedBatch {
  readonly state: PartitionState;
  /** Until its snapshots are published. A failure of it is the next batch's, or whoever waits first. */
  readonly publishing: Promise<void>;
}

/**
 * One batch of one partition, from log entries to published snapshots:
 * load sessions and annotated rows (one read each) → decide → insert rows → fold → commit totals and fence → publish snapshots.
 * Entries arrive decoded, parsed and priced (`collect-entries.ts`).
 *
 * The snapshots of a batch are published while the rows of the next one are inserted. Its commit waits for them, because
 * a partition remembers the unpublished sessions of one batch only.
 *
 * @param previous what the batch before it returned.
 * @returns once the totals are committed.
 * @throws OwnershipLostError when the commit is refused: nothing of this batch counts, and whoever owns the partition
 *   now inserts the same rows again. StoreRestartedError when a row is missing that the store may have lost.
 */
export async function applyBatch(
  deps: AggregatorDeps,
  cache: SessionCache,
  previous: AppliedBatch,
  logged: readonly DecidableEntry[],
  context: BatchContext,
): Promise<AppliedBatch> {
  const trace = traceBatch(deps.tracer ?? NO_TRACER, context.partition, logged);
  try {
    const applied = await apply(deps, cache, previous, logged, context, trace);
    applied.publishing.then(
      () => trace.end(),
      (error: unknown) => trace.end(error),
    );
    return applied;
  } catch (error) {
    trace.end(error);
    throw error;
  }
}

async function apply(
  deps: AggregatorDeps,
  cache: SessionCache,
  previous: AppliedBatch,
  logged: readonly DecidableEntry[],
  context: BatchContext,
  trace: BatchTrace,
): Promise<AppliedBatch> {
  const { partition, untilItWorks, metrics } = context;
  const { state } = previous;
  const crashPoint = deps.crashPoint ?? (() => {});
  const entries = logged.some(({ kind }) => kind === 'lost')
    ? await untilItWorks('recover lost offsets', () => recoverLostStep(deps.analytics, partition, logged))
    : logged;
  const before = await trace.step('load_sessions', () =>
    untilItWorks('load sessions', () => cache.at(state.fence).load(sessionKeysOf(entries))),
  );
  const targets = await untilItWorks('load annotated rows', () => loadTargetsStep(deps.analytics, partition, entries));
  if (targets.isAnyMissing && context.instance !== undefined) {
    // Never there, or gone with what a store lost that has just restarted: then it is inserted again first.
    const instance = await untilItWorks('ask the analytics store', () => deps.analytics.instanceId());
    if (instance !== context.instance) throw new StoreRestartedError(partition);
  }
  const decided = await trace.step('decide', async () =>
    decideStep(entries, state, before, {
      partition,
      outboxAgeMaxHours: deps.config.producerAgeMaxHours,
      now: deps.now(),
      targets: targets.rows,
    }),
  );
  const { annotatedThrough = -1 } = context;
  const carried = await untilItWorks('carry annotations', () =>
    carryAnnotations(deps.analytics, partition, decided.rows, { annotatedThrough, epoch: state.fence.epoch }),
  );
  const batch = { ...decided, rewritten: [...decided.rewritten, ...carried] };
  crashPoint('aggregator:decided');
  await trace.step('insert_rows', () =>
    untilItWorks('insert rows', () => insertRowsStep(deps.analytics, batch, crashPoint)),
  );

  const folded = foldStep(
    [...batch.storedRows, ...batch.rows],
    [...batch.storedAnnotations, ...batch.annotations],
    before,
  );
  const exceptions = [...batch.storedExceptions, ...batch.exceptions];
  const committedAt = deps.now();
  const next: PartitionState = {
    fence: { ...state.fence, offset: batch.through },
    producers: batch.producers,
    tenants: folded.tenantsAfter(state.tenants, exceptions),
    ...rememberRecent(state, exceptions, { offset: batch.through, at: committedAt }),
    unpublished: folded.sessions.map(({ tenantId, sessionId }) => ({ tenantId, sessionId })),
    committedAt,
  };
  const { epoch } = next.fence;
  const sessions = folded.sessions.map((session) => publishedState(session, epoch));
  await previous.publishing;
  crashPoint('aggregator:before-commit');
  const latest = [...batch.rows, ...batch.annotations].reduce(
    (at, { received_at }) => Math.max(at, received_at),
    Number.NEGATIVE_INFINITY,
  );
  const logTime = Number.isFinite(latest) ? latest : committedAt;
  const room = createCommitWithRoom(deps, cache, { partition, metrics, state, logTime });
  await trace.step('commit_totals', () => commitBatch(deps, context, state, next, sessions, room));
  crashPoint('aggregator:totals-committed');
  cache.put(sessions);
  deps.webhooks?.committed(partition, next.fence.offset, batch.rows);
  deps.progress.totals(partition, next.fence, reflectedUntil(next));
  const responseAts = Float64Array.from(batch.rows, (row) => row.response_at);
  metrics?.fresh('totals', responseAts, deps.now());
  for (const { step } of batch.deadLetters) metrics?.deadLetters.inc({ step });

  const { writtenThrough = Number.POSITIVE_INFINITY } = context;
  const isWrittenBefore = state.fence.offset < writtenThrough;
  const due = sessions.map((session): DueSnapshot => {
    return { state: session, keys: isWrittenBefore ? 'unknown' : keysBefore(session, before) };
  });
  const published = trace
    .step('publish_snapshots', () =>
      untilItWorks('publish snapshots', () =>
        publishSnapshotsStep(deps.analytics, due, { epoch, now: next.committedAt }, crashPoint),
      ),
    )
    .then(() => {
      crashPoint('aggregator:snapshots-published');
      deps.progress.snapshots(partition, next.fence, reflectedUntil(next));
      metrics?.fresh('snapshots', responseAts, deps.now());
    });
  const publishing = Promise.all([published, trace.stored(batch)]).then(() => {});
  // Whoever waits for it gets the failure; until then it is nobody's.
  publishing.catch(() => {});
  return { state: next, publishing };
}

function sessionKeysOf(entries: readonly DecidableEntry[]): SessionKey[] {
  const keys = new Map<string, SessionKey>();
  for (const entry of entries) {
    const row = entry.kind === 'request' ? entry.built.row : 'row' in entry ? entry.row : undefined;
    if (row === undefined || row.session_id === '') continue;
    const key = { tenantId: row.tenant_id, sessionId: row.session_id };
    keys.set(sessionKeyText(key), key);
  }
  return [...keys.values()];
}

/**
 * An unanswered commit may have happened: the stored fence tells.
 *
 * @throws OwnershipLostError
 */
export async function commitBatch(
  deps: AggregatorDeps,
  { partition, untilItWorks }: Pick<BatchContext, 'partition' | 'untilItWorks'>,
  state: PartitionState,
  next: PartitionState,
  sessions: readonly SessionChange[],
  room: CommitWithRoom,
): Promise<void> {
  const once = async () => {
    const answer = await deps.totals.commit(partition, state.fence, next, sessions);
    if (answer === 'committed') return undefined;
    const stored = await deps.totals.loadPartition(partition);
    return isSameFence(stored?.fence, next.fence) ? undefined : lostOwnership(partition, state.fence, stored?.fence);
  };
  const lost = await untilItWorks('commit totals', () => room.attempt(once)).finally(() => room.end());
  if (lost) throw lost;
}

function keysBefore(session: SessionState, before: ReadonlyMap<string, SessionState>): DueSnapshot['keys'] {
  const published = before.get(sessionKeyText(session))?.publishedCreatedAt ?? null;
  if (published === null) return 'none';
  return published === session.createdAt ? 'current' : 'others';
}
