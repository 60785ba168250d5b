import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { SessionKey } from '@throughline/session-totals/session-totals';
import type { AppliedRange } from './find-lost-rows.ts';

/**
 * Sessions with a request or annotation in the range whose snapshot, key or deletion markers may be gone: the newest snapshot is older
 * than the newest row, or its key is not among the published ones; and those with several keys, because a lost marker
 * does not show without merging. The rows are whole.
 */
export async function findStaleSnapshots(analytics: AnalyticsStore, range: AppliedRange): Promise<SessionKey[]> {
  const rows = await analytics.query<{ tenant_id: string; session_id: string }>({
    sql: STALE_SQL,
    params: { ...range },
    settings: { max_execution_time: 600, max_result_rows: 1_000_000 },
  });
  return rows.map((row) => ({ tenantId: row.tenant_id, sessionId: row.session_id }));
}

const IN_RANGE = 'source_partition = {partition:UInt16} AND source_offset BETWEEN {from:UInt64} AND {through:UInt64}';

// `applied_end` is one more than `applied`, so that the 0 of a session without a snapshot is below any offset.
const STALE_SQL = `
WITH touched AS (
  SELECT tenant_id, session_id, max(source_offset) AS newest
  FROM (
    SELECT tenant_id, session_id, source_offset FROM requests WHERE ${IN_RANGE}
    UNION ALL SELECT tenant_id, session_id, source_offset FROM annotations WHERE ${IN_RANGE}
  )
  WHERE session_id != ''
  GROUP BY tenant_id, session_id
)
SELECT tenant_id, session_id
FROM touched
LEFT JOIN (
  SELECT tenant_id, session_id, max(applied) + 1 AS applied_end, argMax(created_at, version) AS created
  FROM sessions
  WHERE source_partition = {partition:UInt16} AND is_deleted = 0 AND applied >= {from:Int64}
  GROUP BY tenant_id, session_id
) AS snapshots USING (tenant_id, session_id)
LEFT JOIN (
  SELECT tenant_id, session_id, groupUniqArray(created_at) AS keys
  FROM session_keys
  WHERE (tenant_id, session_id) IN (SELECT tenant_id, session_id FROM touched)
  GROUP BY tenant_id, session_id
) AS published USING (tenant_id, session_id)
WHERE applied_end <= newest OR NOT has(keys, created) OR length(keys) > 1`;
