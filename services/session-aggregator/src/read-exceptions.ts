import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { LedgerExceptionRow } from '@throughline/contracts/session-row';

/** Exceptions per query. Ranges of lost offsets are one each, so this is hours of trouble. */
const PAGE_ROWS = 10_000;

/** The stored exceptions of one partition with offsets in [from, through], ascending. */
export async function readExceptions(
  analytics: AnalyticsStore,
  partition: number,
  from: number,
  through: number,
): Promise<LedgerExceptionRow[]> {
  const found: LedgerExceptionRow[] = [];
  for (let next = from; ; ) {
    const rows = await analytics.query<StoredException>({
      sql: `
SELECT source_partition, source_offset, through_offset, kind, reason, tenant_id, event_id, request_id, producer_id,
  producer_seq, count, version, toUnixTimestamp64Milli(received_at) AS received_at_ms
FROM ledger_exceptions FINAL
WHERE source_partition = {partition:UInt16} AND source_offset BETWEEN {next:UInt64} AND {through:UInt64}
ORDER BY source_offset LIMIT ${PAGE_ROWS}`,
      params: { partition, next, through },
    });
    for (const row of rows) {
      found.push({
        source_partition: Number(row.source_partition),
        source_offset: Number(row.source_offset),
        through_offset: Number(row.through_offset),
        kind: row.kind,
        reason: row.reason,
        tenant_id: row.tenant_id,
        event_id: row.event_id,
        request_id: row.request_id,
        producer_id: row.producer_id,
        producer_seq: Number(row.producer_seq),
        count: Number(row.count),
        received_at: Number(row.received_at_ms),
        version: BigInt(row.version),
      });
    }
    if (rows.length < PAGE_ROWS) return found;
    next = Number(rows.at(-1)!.source_offset) + 1;
  }
}

/** As the engine prints it: 64-bit numbers are text. */
interface StoredException {
  readonly source_partition: number;
  readonly source_offset: string;
  readonly through_offset: string;
  readonly kind: LedgerExceptionRow['kind'];
  readonly reason: string;
  readonly tenant_id: string;
  readonly event_id: string;
  readonly request_id: string;
  readonly producer_id: string;
  readonly producer_seq: string;
  readonly count: string;
  readonly version: string;
  readonly received_at_ms: string;
}
