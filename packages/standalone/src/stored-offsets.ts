import type { AnalyticsStore } from '@throughline/analytics/analytics-store';

/**
 * One above the highest offset that is in rows, annotations or exceptions, 0 when none is. Rows are stored before the fence is, so
 * after a power cut they may know of offsets that neither the totals nor what is left of the log do; given again, those
 * would count two events in one place.
 *
 * @throws AnalyticsError
 */
export async function storedOffsetsEnd(analytics: AnalyticsStore): Promise<number> {
  const [found] = await analytics.query<{ end: string }>({
    sql: `
SELECT max(next) AS end
FROM (
  SELECT if(count() = 0, 0, max(toInt64(source_offset)) + 1) AS next
  FROM requests WHERE source_partition = {partition:UInt16}
  UNION ALL
  SELECT if(count() = 0, 0, max(toInt64(source_offset)) + 1)
  FROM annotations WHERE source_partition = {partition:UInt16}
  UNION ALL
  SELECT if(count() = 0, 0, max(toInt64(through_offset)) + 1)
  FROM ledger_exceptions WHERE source_partition = {partition:UInt16}
)`,
    params: { partition: 0 },
    // One column of every row ever stored.
    settings: { max_execution_time: 600 },
  });
  return Number(found?.end ?? 0);
}
