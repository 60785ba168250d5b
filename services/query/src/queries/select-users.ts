import { and, type Filter, leavingOut } from '@throughline/filter-tree/filter';
import { filterSql, levelsOf } from '@throughline/filter-tree/filter-sql';
import { inRange, type TimeRange } from '../time-range.ts';
import { joinSessions } from './matching-requests.ts';
import { COST_SQL } from './request-sums.ts';
import { allOf, type SqlPart } from './sql-part.ts';

/** Which users a query is about. */
export interface UserSelection {
  readonly tenantId: string;
  /** Over requests, their sessions and their users. */
  readonly filter: Filter;
  /** Left out: whenever they were active. */
  readonly range?: TimeRange;
  /** By whose days activity counts: local time is UTC minus these minutes. */
  readonly zoneMinutes: number;
  /** Epoch ms by which a session is live. */
  readonly nowMs: number;
}

/**
 * `FROM … WHERE …` of the selected users, as `u` with a row each: `user_id`, `active_days`, `first_active`,
 * `last_active`, `requests`, `prompt_tokens`, `completion_tokens`, `cost`, `rate_limited`, `errors`, `sessions`.
 *
 * A request counts when it has a user, lies in the range and makes the filter true with its conditions about users taken
 * as true (but for those that no value ever makes true); a user's figures are those of the requests that count. A user
 * is selected when some request that counts makes the whole filter true, conditions about users being asked of those
 * figures. So `model = x and user_cost > 1` is about
 * users who spent more than that on the model, and `model = x or user_cost > 1` about whoever did either.
 */
export function selectUsers(selection: UserSelection): SqlPart {
  const { filter } = selection;
  const counted = countedRequests(selection);
  const parts = filter.kind === 'and' ? filter.children : [filter];
  // What is asked of requests alone, every request that counts satisfies already.
  const asking = parts.filter((part) => levelsOf(part).user);
  const isMixed = (part: Filter) => levelsOf(part).request || levelsOf(part).session;
  const ofUser = filterSql(and(...asking.filter((part) => !isMixed(part))), { ...ALIASES, paramPrefix: 'u' });
  const mixed = and(...asking.filter(isMixed));
  const conditions: SqlPart[] = [ofUser];
  if (mixed.kind !== 'all') {
    const condition = filterSql(mixed, { ...ALIASES, paramPrefix: 'm', nowMs: selection.nowMs });
    conditions.push({
      sql: `u.user_id IN (
  SELECT r.user_id FROM requests AS r FINAL ${joinSessions(filter)}
  INNER JOIN (${figuresOf(counted)}) AS u ON u.user_id = r.user_id
  WHERE ${counted.where} AND ${condition.sql}
)`,
      params: condition.params,
    });
  }
  const selected = allOf(conditions);
  return {
    sql: `(${figuresOf(counted)}) AS u
WHERE ${selected.sql}`,
    params: { ...counted.params, ...selected.params },
  };
}

const ALIASES = { requestAlias: 'r', sessionAlias: 'own', userAlias: 'u', sessionMayBeMissing: true } as const;

interface CountedRequests {
  readonly join: string;
  readonly where: string;
  readonly params: SqlPart['params'];
}

function countedRequests({ tenantId, filter, range, zoneMinutes, nowMs }: UserSelection): CountedRequests {
  const rows = leavingOut('user', filter);
  const condition = filterSql(rows, { ...ALIASES, paramPrefix: 'f', nowMs });
  const within = range === undefined ? { sql: '1', params: {} } : inRange(range);
  return {
    join: joinSessions(rows),
    where: `r.tenant_id = {tenant:String} AND r.user_id != '' AND ${within.sql} AND (${condition.sql})`,
    params: { ...condition.params, ...within.params, tenant: tenantId, shift: -zoneMinutes },
  };
}

function figuresOf({ join, where }: CountedRequests): string {
  return `
  SELECT r.user_id AS user_id, uniqExact(toDate(addMinutes(r.ordered_at, {shift:Int32}))) AS active_days,
    min(r.ordered_at) AS first_active, max(r.ordered_at) AS last_active, count() AS requests,
    sum(ifNull(r.prompt_tokens, 0)) AS prompt_tokens, sum(ifNull(r.completion_tokens, 0)) AS completion_tokens,
    ${COST_SQL} AS cost, countIf(r.status = 429) AS rate_limited,
    countIf(r.is_error) AS errors, uniqExactIf(r.session_id, r.session_id != '') AS sessions
  FROM requests AS r FINAL ${join}
  WHERE ${where}
  GROUP BY r.user_id`;
}
