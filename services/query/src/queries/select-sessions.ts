import type { SessionPattern } from '@throughline/contracts/api/session-pattern';
import { and, type Filter, leaf, or } from '@throughline/filter-tree/filter';
import { filterSql, levelsOf } from '@throughline/filter-tree/filter-sql';
import { patternSql } from './patterns/pattern-sql.ts';
import { allOf, anyOf, type SqlPart } from './sql-part.ts';
import { UNKNOWN_EDGES, type WindowEdges } from './window-edges.ts';

/** Which sessions a query of the list is about. */
export interface SessionSelection {
  readonly tenantId: string;
  /** Case-insensitive substring of the id or of one of the names; `''` for no condition. */
  readonly search: string;
  /** One of the names; `''` for no condition. */
  readonly nameEquals: string;
  /** Exclusive bounds, epoch ms. */
  readonly startMs: number;
  readonly endMs: number;
  readonly filter: Filter;
  /** On the steps of the session: all hold. */
  readonly patterns?: readonly SessionPattern[];
  /** Epoch ms by which a session is live. */
  readonly nowMs: number;
  /** Where known, less is read. */
  readonly edges?: WindowEdges;
  /** Of requests that can make the filter true, where it is known when or which those are. */
  readonly requests?: RequestBounds;
}

/** Which requests they are: between two times, or at one of some times and of some sessions. Times are epoch ms. */
export type RequestBounds = { readonly fromMs: number; readonly throughMs: number } | RequestsFound;

export interface RequestsFound {
  readonly times: readonly number[];
  readonly sessions: readonly string[];
}

/** The whole condition on a session and its requests: the filter, and what `search` and `nameEquals` ask. */
export function wholeFilter({ filter, search, nameEquals }: SessionSelection): Filter {
  const asked = [filter];
  if (nameEquals !== '') asked.push(leaf('session_session_name', 'equals', nameEquals));
  if (search !== '') {
    asked.push(or(leaf('session_session_id', 'contains', search), leaf('session_session_name', 'contains', search)));
  }
  return and(...asked);
}

/**
 * The condition on `sessions AS s FINAL` that a session is selected: some request of it inside the window makes the
 * whole filter true.
 *
 * Conditions about sessions are asked of snapshots, conditions about requests become one semi-join on `requests`; only
 * where both stand in one `or` that cannot be taken apart are requests joined with their sessions. Where no request is
 * asked for, a session whose first or last request lies in the window surely has one there, and only those that span
 * the whole window are looked up.
 */
export function selectSessions(selection: SessionSelection): SqlPart {
  const { sql, impliesWindow } = new SessionPlan(selection).someRequest(wholeFilter(selection));
  const { areSpanning } = selection.edges ?? UNKNOWN_EDGES;
  const spanning = impliesWindow || !areSpanning ? [] : [HAS_REQUEST_IN_WINDOW];
  return allOf([
    overlapsWindow(selection),
    ...ofSessions(selection.requests),
    ...spanning,
    ...patternsOf(selection, 's'),
    sql,
  ]);
}

/** The conditions of a selection on the steps of its sessions, which stand under an alias. */
export function patternsOf({ patterns = [] }: SessionSelection, sessionAlias: string): SqlPart[] {
  return patterns.map((pattern, index) => patternSql(pattern, { sessionAlias, paramPrefix: `pattern${index}_` }));
}

/** The tenant's sessions that can have a request inside the window; the placeholders of all other conditions, too. */
export function overlapsWindow(selection: SessionSelection): SqlPart {
  const { fromMs } = selection.edges ?? UNKNOWN_EDGES;
  return { sql: OVERLAPS_WINDOW, params: { ...windowParams(selection), from: fromMs } };
}

/** The placeholders of `REQUEST_IN_WINDOW`. */
export function windowParams({ tenantId, startMs, endMs }: SessionSelection): SqlPart['params'] {
  return { tenant: tenantId, start: startMs, end: endMs };
}

const START = "fromUnixTimestamp64Milli({start:Int64}, 'UTC')";
const END = "fromUnixTimestamp64Milli({end:Int64}, 'UTC')";
// A session that was tagged before its first call has no request yet.
const OVERLAPS_WINDOW = `tenant_id = {tenant:String} AND created_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
    AND created_at < ${END} AND latest_request_at > ${START} AND total_requests > 0`;

/** The condition on `requests AS r` that it belongs to a session and lies inside the window. */
export const REQUEST_IN_WINDOW = `r.tenant_id = {tenant:String} AND r.session_id != ''
    AND r.ordered_at > ${START} AND r.ordered_at < ${END}`;

/** Sessions that can have a request inside the window, to be joined to requests. */
export const SESSIONS_IN_WINDOW = `(SELECT * EXCEPT state FROM sessions FINAL WHERE ${OVERLAPS_WINDOW})`;

// Sessions without FINAL, so that the index on latest_request_at is used: whoever spans the window in an earlier version is
// looked up too.
const HAS_REQUEST_IN_WINDOW: SqlPart = {
  params: {},
  sql: `s.created_at > ${START} OR s.latest_request_at < ${END} OR s.session_id IN (
    SELECT session_id FROM requests FINAL
    WHERE tenant_id = {tenant:String} AND ordered_at > ${START} AND ordered_at < ${END} AND session_id IN (
      SELECT session_id FROM sessions
      WHERE tenant_id = {tenant:String} AND created_at <= ${START} AND latest_request_at >= ${END}
    )
  )`,
};

function inBounds(bounds: RequestBounds): SqlPart {
  if ('times' in bounds) {
    return { sql: "r.ordered_at IN {rowTimes:Array(DateTime64(3, 'UTC'))}", params: { rowTimes: bounds.times } };
  }
  return {
    sql: `r.ordered_at BETWEEN fromUnixTimestamp64Milli({rowsFrom:Int64}, 'UTC') AND fromUnixTimestamp64Milli({rowsThrough:Int64}, 'UTC')`,
    params: { rowsFrom: bounds.fromMs, rowsThrough: bounds.throughMs },
  };
}

/** The sessions themselves, by the keys under which they were published. */
function ofSessions(bounds: RequestBounds | undefined): SqlPart[] {
  if (!bounds || !('sessions' in bounds)) return [];
  const sql = `s.created_at IN (
    SELECT created_at FROM session_keys WHERE tenant_id = {tenant:String} AND session_id IN {rowSessions:Array(String)}
  )`;
  return [{ sql, params: { rowSessions: bounds.sessions } }];
}

interface Planned {
  readonly sql: SqlPart;
  /** Whether only sessions with a request inside the window satisfy it. */
  readonly impliesWindow: boolean;
}

/**
 * "Some request makes it true" goes into an `or`, and past the conditions of an `and` that are the same for all requests
 * of the session.
 */
class SessionPlan {
  readonly #nowMs: number;
  readonly #bounds: SqlPart;
  #parts = 0;

  constructor({ nowMs, requests }: Pick<SessionSelection, 'nowMs' | 'requests'>) {
    this.#nowMs = nowMs;
    this.#bounds = requests ? inBounds(requests) : { sql: '1', params: {} };
  }

  someRequest(filter: Filter): Planned {
    const levels = levelsOf(filter);
    if (!levels.request) return { sql: this.#filter(filter, 's'), impliesWindow: false };
    if (!levels.session) return this.#amongRequests(filter, false);
    const { kind, children } = filter as Filter & { kind: 'and' | 'or' };
    const ofSession = children.filter((child) => !levelsOf(child).request);
    const others = children.filter((child) => levelsOf(child).request);
    if (kind === 'and') {
      const isMixed = others.some((child) => levelsOf(child).session);
      const asked = and(...others);
      // One condition left: it may come apart further.
      const rest = others.length === 1 ? this.someRequest(asked) : this.#amongRequests(asked, isMixed);
      return { sql: allOf([this.#filter(and(...ofSession), 's'), rest.sql]), impliesWindow: rest.impliesWindow };
    }
    const ofRequest = others.filter((child) => !levelsOf(child).session);
    const mixed = others.filter((child) => levelsOf(child).session);
    const planned = mixed.map((child) => this.someRequest(child));
    if (ofRequest.length > 0) planned.push(this.#amongRequests(or(...ofRequest), false));
    if (ofSession.length > 0) planned.push({ sql: this.#filter(or(...ofSession), 's'), impliesWindow: false });
    return {
      sql: anyOf(planned.map(({ sql }) => sql)),
      impliesWindow: planned.every(({ impliesWindow }) => impliesWindow),
    };
  }

  #amongRequests(filter: Filter, isMixed: boolean): Planned {
    const condition = this.#filter(filter, 'own');
    const join = isMixed ? `INNER JOIN ${SESSIONS_IN_WINDOW} AS own ON own.session_id = r.session_id` : '';
    const sql = `s.session_id IN (
    SELECT r.session_id FROM requests AS r FINAL ${join}
    WHERE ${REQUEST_IN_WINDOW} AND ${this.#bounds.sql} AND ${condition.sql}
  )`;
    return { sql: { sql, params: { ...condition.params, ...this.#bounds.params } }, impliesWindow: true };
  }

  #filter(filter: Filter, sessionAlias: string): SqlPart {
    return filterSql(filter, {
      requestAlias: 'r',
      sessionAlias,
      paramPrefix: `f${this.#parts++}_`,
      nowMs: this.#nowMs,
    });
  }
}
