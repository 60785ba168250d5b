import type { AnalyticsStore } from '@throughline/analytics/analytics-store';

/** Calls that are in the tables, each once, and what they cost (USD, decimal). @param of a condition on both tables; left out: all. */
export async function countRows(
  analytics: AnalyticsStore,
  of: { where: string; params?: Readonly<Record<string, string | number>> } = { where: 'true' },
): Promise<{ rows: number; bodies: number; cost: string }> {
  const { where, params = {} } = of;
  const [found] = await analytics.query<{ rows: string; bodies: string; cost: string }>({
    sql: `SELECT (SELECT count() FROM requests FINAL WHERE ${where}) AS rows,
    (SELECT count() FROM request_bodies FINAL WHERE ${where}) AS bodies,
    (SELECT sum(cost) FROM requests FINAL WHERE ${where}) AS cost`,
    params,
  });
  return { rows: Number(found!.rows), bodies: Number(found!.bodies), cost: found!.cost };
}
