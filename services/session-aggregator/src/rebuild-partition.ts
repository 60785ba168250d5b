import { BACKGROUND } from '@throughline/analytics/read-settings';
import type { AnnotationRow } from '@throughline/contracts/annotation-row';
import type { RequestRow } from '@throughline/contracts/request-row';
import type { LedgerExceptionRow } from '@throughline/contracts/session-row';
import type { PartitionReader } from '@throughline/event-log/event-log';
import { publishedState } from '@throughline/session-totals/describe-session';
import type { SessionState } from '@throughline/session-totals/session-state';
import { type PartitionState, rebuildingLogId } from '@throughline/session-totals/session-totals';
import type { AggregatorDeps } from './aggregator-deps.ts';
import { finishDeletions } from './deletion/finish-deletions.ts';
import { OwnershipLostError } from './partition-errors.ts';
import { readAnnotations } from './read-annotations.ts';
import { readExceptions } from './read-exceptions.ts';
import { readPartitionRows } from './read-request-rows.ts';
import { restoreAnnotatedRows } from './restore-annotated-rows.ts';
import { createProducerTracker } from './session/producer-progress.ts';
import { applyStoredException } from './session/stored-producer-progress.ts';
import { createSessionCache } from './session-cache.ts';
import { sessionKeyText } from './session-key-text.ts';
import { foldStep } from './steps/fold-step.ts';
import { publishSnapshotsStep } from './steps/publish-snapshots-step.ts';

/**
 * Make the totals of a partition anew from its rows, when rows are there and the totals are not. Ends at the last offset
 * up to which every offset is in the tables; what lies beyond comes again from the log.
 *
 * Until the last page is in, the fence carries `rebuildingLogId`: readers answer from snapshots, and a crash in between is
 * seen and gone on from. A session's snapshot is published with its last row, not before: a part of it would be found
 * beside the whole one wherever its first request is not among the first rows.
 *
 * @param unfinished the state of a rebuild that was interrupted.
 * @param epoch above every epoch in the tables, so that what is published now wins.
 */
export async function rebuildPartition(
  deps: AggregatorDeps,
  reader: PartitionReader,
  logId: string,
  epoch: number,
  unfinished: PartitionState | undefined,
): Promise<PartitionState> {
  const { partition } = reader;
  const { analytics, config } = deps;
  const through = await lastWholeOffset(deps, partition);
  deps.logger.warn({ partition, through }, 'the totals of this partition are rebuilt from its rows');
  const cache = createSessionCache(deps, partition, config.sessionBytesMax);
  // First of all: what is hidden by then is in no page.
  await finishDeletions(deps, { partition, from: through + 1, through }, { epoch, publish: async () => {} });
  let stored = unfinished;
  let state: PartitionState = unfinished ?? {
    fence: { logId: rebuildingLogId(logId), offset: -1, epoch },
    producers: new Map(),
    tenants: new Map(),
    checkpoints: [],
    recentExceptions: [],
    unpublished: [],
    committedAt: deps.now(),
  };
  const commit = async (changes: Partial<PartitionState>, sessions: readonly SessionState[]) => {
    const next = { ...state, ...changes, committedAt: deps.now() };
    const outcome = await deps.totals.commit(partition, stored?.fence, next, sessions);
    if (outcome === 'refused') throw new OwnershipLostError(partition);
    stored = next;
    state = next;
  };

  for await (const page of readPartitionRows(analytics, partition, state.fence.offset + 1, through)) {
    const from = state.fence.offset + 1;
    const exceptions = await readExceptions(analytics, partition, from, page.through);
    const annotations = await readAnnotations(analytics, partition, from, page.through);
    const keys = new Map(
      [...page.rows, ...annotations].map(({ tenant_id: tenantId, session_id: sessionId }) => {
        const key = { tenantId, sessionId };
        return [sessionKeyText(key), key];
      }),
    );
    const asked = [...keys.values()].filter(({ sessionId }) => sessionId !== '');
    const before = await cache.at(stored?.fence).load(asked);
    await restoreAnnotatedRows(analytics, partition, annotations, { through, epoch });
    const folded = foldStep(page.rows, annotations, before);
    const unfinishedKeys = await sessionsGoingOn(deps, partition, { from, last: page.through, through });
    const sessions = folded.sessions.map((session) =>
      unfinishedKeys.has(sessionKeyText(session)) ? session : publishedState(session, epoch),
    );
    await publishSnapshotsStep(
      analytics,
      sessions
        .filter((session) => !unfinishedKeys.has(sessionKeyText(session)))
        .map((session) => ({ state: session, keys: 'unknown' })),
      { epoch, now: deps.now() },
      () => {},
    );
    deps.crashPoint?.('aggregator:rebuilt-page-published');
    await commit(
      {
        fence: { ...state.fence, offset: page.through },
        producers: producersAfter(state, [...page.rows, ...annotations], exceptions, config.producerAgeMaxHours),
        tenants: folded.tenantsAfter(state.tenants, exceptions),
      },
      sessions,
    );
    deps.crashPoint?.('aggregator:rebuilt-page-committed');
    cache.put(sessions);
  }
  await commit({ fence: { logId, offset: through, epoch }, checkpoints: [{ offset: through, at: deps.now() }] }, []);
  return state;
}

function producersAfter(
  state: PartitionState,
  rows: readonly (RequestRow | AnnotationRow)[],
  exceptions: readonly LedgerExceptionRow[],
  outboxAgeMaxHours: number,
): PartitionState['producers'] {
  const tracker = createProducerTracker(state.producers, outboxAgeMaxHours);
  const ordered = [...rows, ...exceptions].sort((a, b) => a.source_offset - b.source_offset);
  for (const item of ordered) {
    if ('through_offset' in item) applyStoredException(tracker, item);
    else tracker.decide({ id: item.producer_id, seq: item.producer_seq }, item.received_at);
  }
  return tracker.result();
}

/** Sessions with rows or annotations among [from, last] that have more behind it. */
async function sessionsGoingOn(
  deps: AggregatorDeps,
  partition: number,
  { from, last, through }: { from: number; last: number; through: number },
): Promise<ReadonlySet<string>> {
  if (last >= through) return new Set();
  const rows = await deps.analytics.query<{ tenant_id: string; session_id: string }>({
    sql: `
SELECT DISTINCT tenant_id, session_id
FROM (
  SELECT tenant_id, session_id FROM requests FINAL WHERE ${BEHIND}
  UNION ALL SELECT tenant_id, session_id FROM annotations FINAL WHERE ${BEHIND}
)
WHERE (tenant_id, session_id) IN (
  SELECT tenant_id, session_id FROM requests FINAL WHERE ${AMONG}
  UNION ALL SELECT tenant_id, session_id FROM annotations FINAL WHERE ${AMONG}
)`,
    params: { partition, from, last, through },
    settings: BACKGROUND,
  });
  return new Set(rows.map(({ tenant_id: tenantId, session_id: sessionId }) => sessionKeyText({ tenantId, sessionId })));
}

const BEHIND =
  'source_partition = {partition:UInt16} AND source_offset > {last:UInt64} AND source_offset <= {through:UInt64}';
const AMONG = `source_partition = {partition:UInt16} AND source_offset BETWEEN {from:UInt64} AND {last:UInt64}
    AND session_id != ''`;

/** Up to which offset everything is in the tables; −1 when not even the first is. */
export async function lastWholeOffset(deps: Pick<AggregatorDeps, 'analytics'>, partition: number): Promise<number> {
  const [found] = await deps.analytics.query<{ through: string }>({
    // Ranges by their start: the first that begins beyond what the ones before it cover marks the end.
    sql: `
SELECT min(covered) AS through
FROM (
  SELECT first, max(last) OVER (ORDER BY first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
  FROM (
    SELECT toInt64(-1) AS first, toInt64(-1) AS last
    UNION ALL SELECT toInt64(source_offset), toInt64(source_offset) FROM requests WHERE source_partition = {partition:UInt16}
    UNION ALL SELECT toInt64(source_offset), toInt64(source_offset) FROM annotations WHERE source_partition = {partition:UInt16}
    UNION ALL SELECT toInt64(source_offset), toInt64(through_offset) FROM ledger_exceptions WHERE source_partition = {partition:UInt16}
    UNION ALL SELECT toInt64(9000000000000000000), toInt64(9000000000000000000)
  )
)
WHERE first > covered + 1 AND first >= 0`,
    params: { partition },
    settings: { max_execution_time: 600, max_threads: 1, max_bytes_before_external_sort: 256 * 1024 ** 2 },
  });
  return Number(found!.through);
}
