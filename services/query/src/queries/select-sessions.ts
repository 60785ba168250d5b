import { type Filter, filterSql, levelsOf } from '@throughline/filter-tree/filter-sql';
import { allOf, type SqlPart } from './sql-part.ts';

/** Which sessions a query of the list is about. */
export interface SessionSelection {
  readonly tenantId: string;
  readonly search: string;
  readonly nameEquals: string;
  /** Exclusive bounds, epoch ms. */
  readonly startMs: number;
  readonly endMs: number;
  readonly filter: Filter;
}

/**
 * The condition on `sessions AS s FINAL` that a session is selected: some request of it inside the window makes the
 * whole filter true, and its id or names satisfy `search` and `nameEquals`.
 *
 * Where the filter asks for nothing about requests, snapshots answer alone: a session whose first or last request lies
 * in the window surely has one there, and only those that span the whole window are looked up in `requests`.
 */
export function selectSessions(selection: SessionSelection): SqlPart {
  const { tenantId, startMs, endMs, filter } = selection;
  const levels = levelsOf(filter);
  const parts: SqlPart[] = [
    { sql: 's.tenant_id = {tenant:String}', params: { tenant: tenantId } },
    // Implied by the window, and what the sort key can use.
    {
      sql: `s.created_at < ${time('end')} AND s.latest_request_at > ${time('start')}`,
      params: { start: startMs, end: endMs },
    },
    ...nameConditions(selection),
  ];
  if (levels.request) parts.push(someRequestMatches(filter, levels.session));
  else {
    parts.push({ sql: IN_WINDOW, params: {} });
    const sessionFilter = filterSql(filter, { requestAlias: 'r', sessionAlias: 's', paramPrefix: 'f' });
    if (filter.kind !== 'all') parts.push(sessionFilter);
  }
  return allOf(parts);
}

/** The condition on `requests AS r` that it lies inside the window. */
export const REQUEST_IN_WINDOW = `r.tenant_id = {tenant:String} AND r.session_id != ''
  AND r.ordered_at > ${time('start')} AND r.ordered_at < ${time('end')}`;

/** Every session of the tenant as the filter sees it, to be joined to requests. */
export const SESSIONS_OF_TENANT = '(SELECT * EXCEPT state FROM sessions FINAL WHERE tenant_id = {tenant:String})';

function someRequestMatches(filter: Filter, asksSession: boolean): SqlPart {
  const { sql, params } = filterSql(filter, {
    requestAlias: 'r',
    sessionAlias: asksSession ? 'own' : 's',
    paramPrefix: 'f',
  });
  const join = asksSession ? `INNER JOIN ${SESSIONS_OF_TENANT} AS own ON own.session_id = r.session_id` : '';
  return {
    sql: `s.session_id IN (SELECT r.session_id FROM requests AS r FINAL ${join} WHERE ${REQUEST_IN_WINDOW} AND (${sql}))`,
    params,
  };
}

const IN_WINDOW = `s.created_at > ${time('start')} OR s.latest_request_at < ${time('end')}
  OR s.session_id IN (
    SELECT session_id FROM requests
    WHERE tenant_id = {tenant:String} AND ordered_at > ${time('start')} AND ordered_at < ${time('end')}
      AND session_id IN (
        SELECT session_id FROM sessions FINAL
        WHERE tenant_id = {tenant:String} AND created_at <= ${time('start')} AND latest_request_at >= ${time('end')}
      )
  )`;

/** A set of names that overflowed does not know all of them: those sessions are asked of their requests. */
function nameConditions({ search, nameEquals }: SessionSelection): SqlPart[] {
  const parts: SqlPart[] = [];
  if (nameEquals !== '') {
    parts.push({
      sql: `has(s.session_names, {nameEquals:String}) OR ${someNameOf('session_name = {nameEquals:String}')}`,
      params: { nameEquals },
    });
  }
  if (search !== '') {
    const contains = (text: string) => `positionCaseInsensitiveUTF8(${text}, {search:String}) > 0`;
    parts.push({
      sql: `${contains('s.session_id')} OR arrayExists(name -> ${contains('name')}, s.session_names)
    OR ${someNameOf(contains('session_name'))}`,
      params: { search },
    });
  }
  return parts;
}

function someNameOf(condition: string): string {
  return `s.session_id IN (
      SELECT session_id FROM requests
      WHERE tenant_id = {tenant:String} AND ${condition} AND session_id IN (
        SELECT session_id FROM sessions FINAL
        WHERE tenant_id = {tenant:String} AND has(truncated_fields, 'session_names')
      )
    )`;
}

function time(name: string): string {
  return `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`;
}
