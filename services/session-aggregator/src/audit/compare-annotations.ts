import { EPOCH_MAX } from '@throughline/contracts/version';
import type { PartitionState } from '@throughline/session-totals/session-totals';
import type { Ask } from './compare-producers.ts';

/** Differences named per check. */
const NAMED_MAX = 20;

/**
 * What was said after the fact, as stored, beside what became of it: the tenants' counters, the rows of the requests and
 * the snapshots of the sessions.
 *
 * @returns also how many offsets are annotations.
 */
export async function compareAnnotations(
  ask: Ask,
  state: PartitionState,
): Promise<{ offsets: number; differences: string[] }> {
  const differences: string[] = [];
  const stored = await ask<{ tenant_id: string; annotations: string }>(COUNT_SQL);
  const byTenant = new Map(stored.map(({ tenant_id, annotations }) => [tenant_id, Number(annotations)]));
  for (const tenant of new Set([...byTenant.keys(), ...state.tenants.keys()])) {
    const [found, counted] = [byTenant.get(tenant) ?? 0, state.tenants.get(tenant)?.annotations ?? 0];
    if (found === counted || differences.length >= NAMED_MAX) continue;
    differences.push(`tenant ${JSON.stringify(tenant)}: annotations ${found} stored, ${counted} counted`);
  }
  const offsets = [...byTenant.values()].reduce((sum, count) => sum + count, 0);
  if (offsets === 0) return { offsets, differences };
  for (const { tenant_id, request_id, newest } of await ask<Row>(UNCHANGED_ROWS_SQL)) {
    const request = `request ${JSON.stringify(request_id)} of ${JSON.stringify(tenant_id)}`;
    differences.push(`${request}: its row is from before the annotation at offset ${newest}`);
  }
  for (const { tenant_id, session_id, said, shown } of await ask<Said>(SESSIONS_SQL)) {
    const session = `session ${JSON.stringify(session_id)} of ${JSON.stringify(tenant_id)}`;
    differences.push(
      `${session}: annotations say [${said.join(', ')}], its snapshot [${shown.join(', ')}] (tag, feedback)`,
    );
  }
  return { offsets, differences };
}

interface Row {
  readonly tenant_id: string;
  readonly request_id: string;
  readonly newest: string;
}

interface Said {
  readonly tenant_id: string;
  readonly session_id: string;
  readonly said: readonly string[];
  readonly shown: readonly string[];
}

const OWN = 'source_partition = {partition:UInt16} AND source_offset <= {fence:Int64}';

const COUNT_SQL = `
SELECT tenant_id, groupBitmap(source_offset) AS annotations FROM annotations FINAL WHERE ${OWN} GROUP BY tenant_id`;

const UNCHANGED_ROWS_SQL = `
SELECT tenant_id, request_id, newest
FROM (
  SELECT tenant_id, request_event_id AS event_id, any(request_id) AS request_id, max(source_offset) AS newest
  FROM annotations FINAL WHERE ${OWN} AND target = 'request' GROUP BY tenant_id, event_id
) AS said
INNER JOIN (
  SELECT tenant_id, event_id, max(intDiv(version, ${EPOCH_MAX + 1})) AS reflected
  FROM requests
  WHERE ${OWN} AND (tenant_id, event_id) IN (
    SELECT tenant_id, request_event_id FROM annotations WHERE ${OWN} AND target = 'request'
  )
  GROUP BY tenant_id, event_id
) AS rows USING (tenant_id, event_id)
WHERE reflected < newest
ORDER BY tenant_id, request_id LIMIT ${NAMED_MAX}`;

// Snapshots newer than the fence moved on after it was read.
const SESSIONS_SQL = `
SELECT tenant_id, session_id, said.facts AS said, snapshots.facts AS shown
FROM (
  SELECT tenant_id, session_id,
    [argMaxIf(value, source_offset, kind = 'tag'), argMaxIf(value, source_offset, kind = 'feedback')] AS facts
  FROM annotations FINAL WHERE ${OWN} AND target = 'session' GROUP BY tenant_id, session_id
) AS said
LEFT JOIN (
  SELECT tenant_id, session_id, applied,
    [ifNull(tag, ''), multiIf(feedback IS NULL, '', ifNull(feedback, false), 'true', 'false')] AS facts
  FROM sessions FINAL WHERE source_partition = {partition:UInt16}
) AS snapshots USING (tenant_id, session_id)
WHERE said.facts != snapshots.facts AND snapshots.applied <= {fence:Int64}
ORDER BY tenant_id, session_id LIMIT ${NAMED_MAX}`;
