import type { PartitionReader } from '@throughline/event-log/event-log';
import { publishedState } from '@throughline/session-totals/describe-session';
import type { PartitionState } from '@throughline/session-totals/session-totals';
import type { AggregatorDeps } from './aggregator-deps.ts';
import { OwnershipLostError } from './pipeline.ts';
import { readExceptions } from './read-exceptions.ts';
import { readRequestRows } from './read-request-rows.ts';
import { createProducerTracker } from './session/producer-progress.ts';
import { createSessionCache, sessionKeyText } from './session-cache.ts';
import { foldStep } from './steps/fold-step.ts';
import { publishSnapshotsStep } from './steps/publish-snapshots-step.ts';

/** Until the last page is in, the fence carries this before the log's id: a crash in between is seen, and gone on from. */
const REBUILDING = 'rebuilding:';

export function isRebuilding(state: PartitionState): boolean {
  return state.fence.logId.startsWith(REBUILDING);
}

/**
 * Make the totals of a partition anew from its rows, when rows are there and the totals are not. Ends at the last offset
 * up to which every offset is in the tables; what lies beyond comes again from the log.
 *
 * @param unfinished the state of a rebuild that was interrupted.
 * @param epoch above every epoch in the rows, so that what is published now wins.
 */
export async function rebuildPartition(
  deps: AggregatorDeps,
  reader: PartitionReader,
  logId: string,
  epoch: number,
  unfinished: PartitionState | undefined,
): Promise<PartitionState> {
  const { partition } = reader;
  const through = await lastWholeOffset(deps, partition);
  deps.logger.warn({ partition, through }, 'the totals of this partition are rebuilt from its rows');
  const cache = createSessionCache(deps, partition, deps.config.sessionsInMemoryMax);
  let stored = unfinished;
  let state: PartitionState = unfinished ?? {
    fence: { logId: REBUILDING + logId, offset: -1, epoch },
    producers: new Map(),
    tenants: new Map(),
    recentExceptions: [],
    unpublished: [],
    committedAt: deps.now(),
  };
  const commit = async (next: PartitionState, sessions: Parameters<typeof deps.totals.commit>[3]) => {
    if ((await deps.totals.commit(partition, stored?.fence, next, sessions)) === 'refused') {
      throw new OwnershipLostError(partition);
    }
    stored = next;
    state = next;
  };

  for await (const rows of readRequestRows(deps.analytics, partition, state.fence.offset + 1, through)) {
    const last = rows.at(-1)!.source_offset;
    const exceptions = await readExceptions(deps.analytics, partition, state.fence.offset + 1, last);
    const keys = new Map(
      rows.map(({ tenant_id: tenantId, session_id: sessionId }) => [
        `${tenantId}\0${sessionId}`,
        { tenantId, sessionId },
      ]),
    );
    const before = await cache.load([...keys.values()].filter(({ sessionId }) => sessionId !== ''));
    const folded = foldStep(rows, before);
    const sessions = folded.sessions.map((session) => publishedState(session, epoch));
    await publishSnapshotsStep(
      deps.analytics,
      sessions.map((session) => ({
        state: session,
        keys: before.has(sessionKeyText(session)) ? 'current' : 'unknown',
      })),
      { epoch, now: deps.now() },
      () => {},
    );
    await commit(
      {
        ...state,
        fence: { ...state.fence, offset: last },
        producers: producersAfter(state, rows, exceptions, deps.config.producerAgeMaxHours),
        tenants: folded.tenantsAfter(state.tenants, exceptions),
        committedAt: deps.now(),
      },
      sessions,
    );
    cache.put(sessions);
  }
  const rest = await readExceptions(deps.analytics, partition, state.fence.offset + 1, through);
  await commit(
    {
      ...state,
      fence: { logId, offset: through, epoch },
      producers: producersAfter(state, [], rest, deps.config.producerAgeMaxHours),
      tenants: foldStep([], new Map()).tenantsAfter(state.tenants, rest),
      committedAt: deps.now(),
    },
    [],
  );
  return state;
}

type Numbered = { producer_id: string; producer_seq: number; received_at: number; source_offset: number };

function producersAfter(
  state: PartitionState,
  rows: readonly Numbered[],
  exceptions: readonly (Numbered & { kind: string })[],
  outboxAgeMaxHours: number,
) {
  const tracker = createProducerTracker(state.producers, outboxAgeMaxHours);
  const numbered = [...rows, ...exceptions.filter(({ kind }) => kind !== 'resent')];
  numbered.sort((a, b) => a.source_offset - b.source_offset);
  for (const { producer_id: id, producer_seq: seq, received_at } of numbered) {
    if (seq >= 0) tracker.decide({ id, seq }, received_at);
  }
  return tracker.result();
}

/** −1 when not even the first offset is there. */
async function lastWholeOffset(deps: AggregatorDeps, partition: number): Promise<number> {
  const [found] = await deps.analytics.query<{ through: string }>({
    // Ranges by their start: the first that begins beyond what the ones before it cover marks the end.
    sql: `
SELECT min(covered) AS through
FROM (
  SELECT first, max(last) OVER (ORDER BY first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
  FROM (
    SELECT toInt64(-1) AS first, toInt64(-1) AS last
    UNION ALL SELECT toInt64(source_offset), toInt64(source_offset) FROM requests WHERE source_partition = {partition:UInt16}
    UNION ALL SELECT toInt64(source_offset), toInt64(through_offset) FROM ledger_exceptions WHERE source_partition = {partition:UInt16}
    UNION ALL SELECT toInt64(9000000000000000000), toInt64(9000000000000000000)
  )
)
WHERE first > covered + 1 AND first >= 0`,
    params: { partition },
    settings: { max_execution_time: 600, max_threads: 1 },
  });
  return Number(found!.through);
}
