import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';

/** Places of the log that it has lost, both included. */
export interface LedgerGap {
  readonly partition: number;
  readonly from: number;
  readonly through: number;
  /** Epoch ms. */
  readonly foundAtMs: number;
  readonly reason: string;
}

const LISTED_MAX = 100;

/** The newest hundred, newest first. @throws AnalyticsError */
export async function listLedgerGaps(analytics: Pick<AnalyticsStore, 'query'>): Promise<LedgerGap[]> {
  const rows = await analytics.query<Stored>({
    sql: `
SELECT source_partition, source_offset, through_offset, toUnixTimestamp64Milli(received_at) AS at_ms, reason
FROM ledger_exceptions FINAL
WHERE kind = 'lost'
ORDER BY received_at DESC, source_partition, source_offset DESC
LIMIT ${LISTED_MAX}`,
    settings: FINAL,
  });
  return rows.map((row) => ({
    partition: row.source_partition,
    from: Number(row.source_offset),
    through: Number(row.through_offset),
    foundAtMs: Number(row.at_ms),
    reason: row.reason,
  }));
}

interface Stored {
  readonly source_partition: number;
  readonly source_offset: string;
  readonly through_offset: string;
  readonly at_ms: string;
  readonly reason: string;
}
