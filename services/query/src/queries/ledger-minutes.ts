import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { BACKGROUND } from '@throughline/analytics/read-settings';

/** What became of the events that were accepted within a minute. */
export interface LedgerMinute {
  /** Epoch ms. */
  readonly atMs: number;
  readonly requests: number;
  readonly annotations: number;
  /** Of both, those at or below the fence of their partition. */
  readonly totalled: number;
  /** Offsets that became no row, by kind. */
  readonly exceptions: ReadonlyMap<string, number>;
  /** Calls that records of refusals stand for. */
  readonly refused: number;
}

/**
 * Minutes with any event since then, ascending, of all tenants. Everything in the tables has the time at which it was
 * accepted, tombstones and the ledger's records of what was deleted too, so an event stays in its minute.
 *
 * @param applied how many events each partition has applied, by its number.
 * @throws AnalyticsError
 */
export async function listLedgerMinutes(
  analytics: Pick<AnalyticsStore, 'query'>,
  sinceMs: number,
  applied: readonly number[],
): Promise<LedgerMinute[]> {
  const params = { since: BigInt(sinceMs), applied: applied.map(BigInt) };
  const rows = await analytics.query<Counted>({
    sql: `
SELECT toUnixTimestamp64Milli(toDateTime64(toStartOfMinute(received_at), 3, 'UTC')) AS at_ms, kind,
  sum(offsets) AS offsets, sum(totalled) AS totalled, sum(refused) AS refused
FROM (
  ${countOf('requests', 'request')}
  UNION ALL
  ${countOf('annotations', 'annotation')}
  UNION ALL
  SELECT received_at, kind, through_offset - source_offset + 1 AS offsets, 0 AS totalled,
    if(kind = 'refused', count, 0) AS refused
  FROM ledger_exceptions FINAL WHERE ${SINCE}
)
GROUP BY at_ms, kind
ORDER BY at_ms`,
    params,
    settings: BACKGROUND_PAGE,
  });
  return [...Map.groupBy(rows, ({ at_ms }) => Number(at_ms))].map(([atMs, kinds]) => {
    const of = (name: string) => Number(kinds.find(({ kind }) => kind === name)?.offsets ?? 0);
    const sum = (value: (row: Counted) => string) => kinds.reduce((total, row) => total + Number(value(row)), 0);
    const others = kinds.filter(({ kind }) => kind !== 'request' && kind !== 'annotation');
    return {
      atMs,
      requests: of('request'),
      annotations: of('annotation'),
      totalled: sum(({ totalled }) => totalled),
      exceptions: new Map(others.map(({ kind, offsets }) => [kind, Number(offsets)])),
      refused: sum(({ refused }) => refused),
    };
  });
}

/** Somebody waits for it. */
const BACKGROUND_PAGE = { ...BACKGROUND, max_execution_time: 10 } as const;

const SINCE = "received_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')";

function countOf(table: 'requests' | 'annotations', kind: string): string {
  return `SELECT received_at, '${kind}' AS kind, 1 AS offsets,
    source_offset < {applied:Array(Int64)}[source_partition + 1] AS totalled, 0 AS refused
  FROM ${table} FINAL WHERE ${SINCE}`;
}

interface Counted {
  readonly at_ms: string;
  readonly kind: string;
  readonly offsets: string;
  readonly totalled: string;
  readonly refused: string;
}
