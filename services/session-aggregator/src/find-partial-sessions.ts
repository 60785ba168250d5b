import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import type { PartitionState, SessionKey } from '@throughline/session-totals/session-totals';
import { chunkKeys } from './chunk-keys.ts';
import type { AppliedRange } from './find-lost-rows.ts';
import type { SessionReader } from './session-cache.ts';
import { sessionKeyText } from './session-key-text.ts';

/** Sessions compared at a start: what makes totals forget sessions spares few, and those called last show it. */
const COMPARED_MAX = 1_000;

/**
 * Sessions of which the totals count fewer requests than there are rows: they went on from nothing, or from a part. Of
 * those with a request in the range, the latest are compared, with all of their rows up to its end. Totals that count
 * more are none of them: there rows were lost. Nor are sessions of a tenant whose counters lack requests as well: they
 * change with the sessions, so a deletion of a user is under way there, which is decided again.
 *
 * @param own the totals as of the end of the range. What was deleted is hidden by then.
 */
export async function findPartialSessions(
  analytics: AnalyticsStore,
  own: SessionReader,
  state: Pick<PartitionState, 'tenants'>,
  range: AppliedRange,
): Promise<SessionKey[]> {
  const touched = await analytics.query<{ tenant_id: string; session_id: string }>({
    sql: TOUCHED_SQL,
    params: { ...range },
    settings: SETTINGS,
  });
  const keys = touched.map((row) => ({ tenantId: row.tenant_id, sessionId: row.session_id }));
  const sessions = await own.load(keys);
  const fewerThan = async (asked: readonly SessionKey[], table: string, settings: Settings): Promise<SessionKey[]> => {
    const found: SessionKey[] = [];
    for (const part of chunkKeys(asked)) {
      const rows = await analytics.query<{ tenant_id: string; session_id: string; requests: string }>({
        sql: countSql(table),
        params: {
          partition: range.partition,
          through: range.through,
          tenants: [...new Set(part.map(({ tenantId }) => tenantId))],
          sessions: [...new Set(part.map(({ sessionId }) => sessionId))],
        },
        settings,
      });
      const stored = new Map(
        rows.map((row) => [sessionKeyText({ tenantId: row.tenant_id, sessionId: row.session_id }), row.requests]),
      );
      for (const key of part) {
        const text = sessionKeyText(key);
        if (Number(stored.get(text) ?? 0) > (sessions.get(text)?.requests ?? 0)) found.push(key);
      }
    }
    return found;
  };
  // Without FINAL the index on sessions serves, and rows that were deleted count until they are purged.
  const suspects = await fewerThan(keys, 'requests', SETTINGS);
  const partial = await fewerThan(suspects, 'requests FINAL', { ...SETTINGS, ...FINAL });
  if (partial.length === 0) return [];
  const stored = await analytics.query<{ tenant_id: string; requests: string }>({
    sql: COUNT_TENANTS_SQL,
    params: {
      partition: range.partition,
      through: range.through,
      tenants: [...new Set(partial.map(({ tenantId }) => tenantId))],
    },
    settings: { ...SETTINGS, ...FINAL },
  });
  const isCounted = new Map(
    stored.map(({ tenant_id, requests }) => [
      tenant_id,
      (state.tenants.get(tenant_id)?.requests ?? 0) >= Number(requests),
    ]),
  );
  return partial.filter(({ tenantId }) => isCounted.get(tenantId));
}

type Settings = Readonly<Record<string, string | number>>;

const SETTINGS = { max_execution_time: 600, max_threads: 1 } as const;

const TOUCHED_SQL = `
SELECT tenant_id, session_id
FROM requests
WHERE source_partition = {partition:UInt16} AND source_offset BETWEEN {from:UInt64} AND {through:UInt64}
  AND session_id != ''
GROUP BY tenant_id, session_id
ORDER BY max(source_offset) DESC LIMIT ${COMPARED_MAX}`;

const COUNT_TENANTS_SQL = `
SELECT tenant_id, count() AS requests
FROM requests FINAL
PREWHERE tenant_id IN {tenants:Array(String)} AND source_partition = {partition:UInt16}
  AND source_offset <= {through:UInt64}
GROUP BY tenant_id`;

// Each condition is one that an index knows, which a tuple of tenant and session is not.
const countSql = (table: string) => `
SELECT tenant_id, session_id, uniqExact(source_offset) AS requests
FROM ${table}
PREWHERE tenant_id IN {tenants:Array(String)} AND session_id IN {sessions:Array(String)}
  AND source_partition = {partition:UInt16} AND source_offset <= {through:UInt64}
GROUP BY tenant_id, session_id`;
