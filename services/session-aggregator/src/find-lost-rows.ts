import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { LedgerExceptionRow } from '@throughline/contracts/session-row';
import type { PartitionState } from '@throughline/session-totals/session-totals';
import { OffsetSet } from './offset-set.ts';
import { CHECKED_MS } from './recent-progress.ts';

/** Offsets of one partition that were applied, both ends included. */
export interface AppliedRange {
  readonly partition: number;
  readonly from: number;
  readonly through: number;
}

/** What the analytics store should hold of a range and does not. */
export interface LostRows {
  readonly isAny: boolean;
  /** Those that neither `requests` nor `annotations` has: which of the two should, only the log says. */
  readonly rows: OffsetSet;
  /** Those of lost annotations may be among them, which have none. */
  readonly bodies: OffsetSet;
  readonly dead: OffsetSet;
  /** As first decided. Those that are stored all the same may be among them: inserted again, they fold. */
  readonly exceptions: readonly LedgerExceptionRow[];
  /** From the first to the last offset to be read from the log; empty when `from` is greater. */
  readonly span: { readonly from: number; readonly through: number };
}

/**
 * Compare a range with the tables. Counts first, which read one column of the newest parts; only a table whose count is
 * short is asked which offsets it lacks.
 *
 * @param state holds every exception of the range.
 */
export async function findLostRows(
  analytics: AnalyticsStore,
  state: PartitionState,
  range: AppliedRange,
): Promise<LostRows> {
  const decided = state.recentExceptions.filter(({ source_offset }) => source_offset >= range.from);
  const excepted = new OffsetSet();
  // Those deleted since are missing for good, whatever the tables still have of them.
  const ranges = [
    ...decided.map(({ source_offset, through_offset }) => ({ first: source_offset, last: through_offset })),
    ...(await deletedIn(analytics, range)),
  ];
  for (const { first, last } of ranges.sort((a, b) => a.first - b.first)) excepted.add(first, last);
  const expected = range.through - range.from + 1 - excepted.count;
  const deadOffsets = decided.filter(({ kind }) => kind === 'dead').map(({ source_offset }) => source_offset);
  // A quarter of a day before the first commit in the range: no part whose newest row is older can matter, unless clocks
  // are far apart. Then the count is short, and the whole table is asked.
  const since = (state.checkpoints[0]?.at ?? 0) - 36 * CHECKED_MS;

  /** An offset is missing where neither the table nor `annotations` has it. */
  const missingIn = async (table: 'requests' | 'request_bodies'): Promise<OffsetSet> => {
    const [found] = await analytics.query<{ present: string }>({
      sql: `
SELECT groupBitmap(source_offset) AS present
FROM (
  SELECT source_offset FROM ${table} WHERE ${IN_RANGE} AND received_at > fromUnixTimestamp64Milli({since:Int64})
  UNION ALL
  SELECT source_offset FROM annotations WHERE ${IN_RANGE} AND received_at > fromUnixTimestamp64Milli({since:Int64})
)
WHERE source_offset NOT IN (SELECT source_offset FROM ledger_exceptions WHERE ${IN_RANGE} AND kind = 'deleted')`,
      params: { ...range, since },
      settings: SETTINGS,
    });
    if (Number(found!.present) >= expected) return new OffsetSet();
    return await gapsIn(analytics, table, range, excepted);
  };
  const countIn = async (table: 'ledger_exceptions' | 'dead_letters'): Promise<number> => {
    const [found] = await analytics.query<{ present: string }>({
      sql: `SELECT groupBitmap(source_offset) AS present FROM ${table} WHERE ${IN_RANGE}${
        table === 'ledger_exceptions' ? " AND kind != 'deleted'" : ''
      }`,
      params: { ...range },
      settings: SETTINGS,
    });
    return Number(found!.present);
  };

  const [rows, bodies] = await Promise.all([missingIn('requests'), missingIn('request_bodies')]);
  const isExceptionLost = decided.length > 0 && (await countIn('ledger_exceptions')) < decided.length;
  const isDeadLost = deadOffsets.length > 0 && (await countIn('dead_letters')) < deadOffsets.length;
  const dead = new OffsetSet();
  if (isDeadLost) for (const offset of deadOffsets) dead.add(offset, offset);
  const read = [rows, bodies, dead].filter(({ count }) => count > 0);
  return {
    isAny: read.length > 0 || isExceptionLost,
    rows,
    bodies,
    dead,
    exceptions: isExceptionLost ? decided : [],
    span: {
      from: Math.min(...read.map(({ first }) => first)),
      through: Math.max(...read.map(({ last }) => last)),
    },
  };
}

const IN_RANGE = 'source_partition = {partition:UInt16} AND source_offset BETWEEN {from:UInt64} AND {through:UInt64}';

const SETTINGS = { max_execution_time: 600 } as const;

/** Runs of offsets of the range that the ledger has as deleted. */
async function deletedIn(analytics: AnalyticsStore, range: AppliedRange): Promise<{ first: number; last: number }[]> {
  const runs = await analytics.query<{ first: string; last: string }>({
    sql: `
SELECT min(source_offset) AS first, max(source_offset) AS last
FROM (
  SELECT source_offset, source_offset - row_number() OVER (ORDER BY source_offset) AS run
  FROM (SELECT DISTINCT toInt64(source_offset) AS source_offset FROM ledger_exceptions WHERE ${IN_RANGE} AND kind = 'deleted')
)
GROUP BY run ORDER BY first`,
    params: { ...range },
    settings: { ...SETTINGS, max_result_rows: 10_000_000 },
  });
  return runs.map(({ first, last }) => ({ first: Number(first), last: Number(last) }));
}

/** Runs of offsets told apart in one answer; what is beyond them is found at the next start. */
const GAPS_MAX = 50_000;

async function gapsIn(
  analytics: AnalyticsStore,
  table: 'requests' | 'request_bodies',
  range: AppliedRange,
  excepted: OffsetSet,
): Promise<OffsetSet> {
  const gaps = await analytics.query<{ first: string; last: string }>({
    sql: `
SELECT before + 1 AS first, at - 1 AS last
FROM (
  SELECT at, lagInFrame(at, 1, at) OVER (ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before
  FROM (
    SELECT toInt64({from:UInt64}) - 1 AS at
    UNION ALL SELECT toInt64(source_offset) FROM ${table} WHERE ${IN_RANGE}
    UNION ALL SELECT toInt64(source_offset) FROM annotations WHERE ${IN_RANGE}
    UNION ALL SELECT toInt64({through:UInt64}) + 1
  )
)
WHERE at > before + 1
ORDER BY first LIMIT ${GAPS_MAX}`,
    params: { ...range },
    settings: SETTINGS,
  });
  const missing = new OffsetSet();
  for (const { first, last } of gaps) missing.addExcept(Number(first), Number(last), excepted);
  return missing;
}
