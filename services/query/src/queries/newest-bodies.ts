import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { bodyHitsSql } from '@throughline/filter-tree/body-hits-sql';
import type { RequestSelection } from './matching-requests.ts';

/** Where the newest bodies lie that can make a filter true. */
export interface NewestBodies {
  /** The sessions they belong to, and when their requests were, epoch ms, each once. */
  readonly sessions: readonly string[];
  readonly times: readonly number[];
  /** There are no others. Otherwise every request that was later than all that were left out is among them. */
  readonly areAll: boolean;
}

/**
 * The newest bodies that can make a filter true. Older versions of bodies are found too: all versions of a row have the
 * same key, and whether the newest one does is asked afterwards. So each body is read once at most, and of a frequent
 * text only the newest: the engine passes over what is older than the hits that it has.
 *
 * @param hitsMax found at most.
 * @returns undefined where a request may make the filter true whatever its bodies are.
 */
export async function findNewestBodies(
  analytics: Pick<AnalyticsStore, 'query'>,
  { tenantId, filter, nowMs }: RequestSelection,
  hitsMax: number,
): Promise<NewestBodies | undefined> {
  const hits = bodyHitsSql(filter, { requestAlias: 'b', sessionAlias: 'own', paramPrefix: 'hit', nowMs });
  if (hits === undefined) return undefined;
  const found = await analytics.query<{ session_id: string; at: string }>({
    sql: `
SELECT b.session_id AS session_id, toUnixTimestamp64Milli(b.ordered_at) AS at
FROM request_bodies AS b
WHERE b.tenant_id = {tenant:String} AND ${hits.sql}
ORDER BY b.ordered_at DESC
LIMIT {hits:UInt32}`,
    params: { ...hits.params, tenant: tenantId, hits: hitsMax },
  });
  const areAll = found.length < hitsMax;
  // Of the same instant as the last there may be more.
  const whole = areAll ? found : found.filter(({ at }) => at !== found.at(-1)!.at);
  return {
    sessions: [...new Set(whole.map(({ session_id }) => session_id))],
    times: [...new Set(whole.map(({ at }) => Number(at)))],
    areAll,
  };
}
