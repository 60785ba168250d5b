import type { AnalyticsStore } from '@throughline/analytics/analytics-store';

/** Calls that are in the tables, each once, and what they cost (USD, decimal). */
export async function countRows(analytics: AnalyticsStore): Promise<{ rows: number; bodies: number; cost: string }> {
  const [found] = await analytics.query<{ rows: string; bodies: string; cost: string }>({
    sql: `SELECT (SELECT count() FROM requests FINAL) AS rows, (SELECT count() FROM request_bodies FINAL) AS bodies,
    (SELECT sum(cost) FROM requests FINAL) AS cost`,
  });
  return { rows: Number(found!.rows), bodies: Number(found!.bodies), cost: found!.cost };
}
