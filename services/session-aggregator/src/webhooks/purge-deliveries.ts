import type { AnalyticsPurger, AnalyticsStore } from '@throughline/analytics/analytics-store';

const DAY_MS = 86_400_000;
/** Long enough to look into what went wrong last month. */
const KEPT_MS = 30 * DAY_MS;

/**
 * Removes what became of deliveries of calls that are older than 30 days: a day's worth at a time, since each removal writes
 * parts of the table anew.
 */
export async function purgeDeliveries(
  analytics: Pick<AnalyticsStore, 'query'> & AnalyticsPurger,
  nowMs: number,
): Promise<void> {
  const old = "received_at < fromUnixTimestamp64Milli({before:Int64}, 'UTC')";
  const found = await analytics.query({
    sql: `SELECT 1 AS found FROM webhook_deliveries WHERE ${old} LIMIT 1`,
    params: { before: Math.floor(nowMs - KEPT_MS - DAY_MS) },
  });
  if (found.length > 0) {
    await analytics.deleteRows('webhook_deliveries', old, { before: Math.floor(nowMs - KEPT_MS) });
  }
}
