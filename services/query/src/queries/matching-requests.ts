import { type Filter, filterSql, levelsOf } from '@throughline/filter-tree/filter-sql';
import { inRange, type TimeRange } from '../time-range.ts';
import type { NewestBodies } from './newest-bodies.ts';
import type { SqlPart } from './sql-part.ts';

/** Which requests a figure is about. */
export interface RequestSelection {
  readonly tenantId: string;
  readonly filter: Filter;
  /** Left out: whenever they were. */
  readonly range?: TimeRange;
  /** Epoch ms by which a session is live. */
  readonly nowMs: number;
  /** Only requests among these, where bodies were looked for before. */
  readonly bodies?: NewestBodies;
}

/** `FROM requests AS r FINAL … WHERE …` of the tenant's requests in the range that make the filter true. */
export function matchingRequests({ tenantId, filter, range, nowMs, bodies }: RequestSelection): SqlPart {
  const condition = filterSql(filter, {
    requestAlias: 'r',
    sessionAlias: 'own',
    paramPrefix: 'f',
    nowMs,
    sessionMayBeMissing: true,
    ...(bodies && { bodiesAmong: BODIES_AMONG }),
  });
  const within = range === undefined ? { sql: '1', params: {} } : inRange(range);
  const among = bodies === undefined ? '1' : `r.ordered_at IN ${BODY_TIMES}`;
  return {
    sql: `requests AS r FINAL ${joinSessions(filter)}
WHERE r.tenant_id = {tenant:String} AND ${within.sql} AND ${among} AND (${condition.sql})`,
    params: {
      ...condition.params,
      ...within.params,
      ...(bodies && { bodySessions: bodies.sessions, bodyTimes: bodies.times }),
      tenant: tenantId,
    },
  };
}

const BODY_TIMES = "{bodyTimes:Array(DateTime64(3, 'UTC'))}";
const BODIES_AMONG = `session_id IN {bodySessions:Array(String)} AND ordered_at IN ${BODY_TIMES}`;

/** Joins to `requests AS r` the tenant's sessions as `own`, where a filter asks of them. */
export function joinSessions(filter: Filter): string {
  return levelsOf(filter).session ? `LEFT JOIN ${SESSIONS} AS own ON own.session_id = r.session_id` : '';
}

const SESSIONS = '(SELECT * EXCEPT state FROM sessions FINAL WHERE tenant_id = {tenant:String})';
