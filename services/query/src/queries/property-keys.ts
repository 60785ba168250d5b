import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { WITH_TOMBSTONES } from '@throughline/analytics/read-settings';
import { SESSION_ID_KEY, SESSION_NAME_KEY, SESSION_PATH_KEY } from '@throughline/filter-tree/property-keys';
import { NOT_DELETED } from './not-deleted.ts';

/** Keys that an answer names at most: more than anyone can choose from, some hundred times what tenants have. */
const KEYS_MAX = 10_000;

/**
 * Every property key of the tenant's requests as it was received, ascending. A session's id, name and path are columns,
 * which stand for their keys wherever some request has one.
 *
 * Without FINAL: a newer version of a row has the keys of the one before, and a key that is met twice is named once.
 */
export async function listPropertyKeys(analytics: Pick<AnalyticsStore, 'query'>, tenantId: string): Promise<string[]> {
  const rows = await analytics.query<{ property: string }>({
    sql: `
SELECT DISTINCT arrayJoin(arrayConcat(
  arrayFilter(key -> key NOT IN ({own:Array(String)}), mapKeys(properties)),
  if(session_id = '', [], ['${SESSION_ID_KEY}']),
  if(session_name = '', [], ['${SESSION_NAME_KEY}']),
  if(session_path = '', [], ['${SESSION_PATH_KEY}'])
)) AS property
FROM requests
WHERE tenant_id = {tenant:String} AND ${NOT_DELETED}
ORDER BY property
LIMIT {limit:UInt32}`,
    params: { tenant: tenantId, own: [SESSION_ID_KEY, SESSION_NAME_KEY, SESSION_PATH_KEY], limit: KEYS_MAX },
    settings: WITH_TOMBSTONES,
  });
  return rows.map((row) => row.property);
}
