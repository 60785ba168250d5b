import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import type { ContrastGroup, SessionContrastBody } from '@throughline/contracts/api/patterns-query';
import { and } from '@throughline/filter-tree/filter';
import type { AskedSessions } from '../../read-selection.ts';
import type { SessionSelection } from '../select-sessions.ts';
import type { SqlPart } from '../sql-part.ts';
import { selectedSessions } from './selected-sessions.ts';

/** Two groups of sessions. */
export interface ContrastGroups {
  /** Rows of the given columns of `s`, with `is_a`: 1 in group a, 0 in group b. A session may be in both. */
  rows(columns: string): SqlPart;
  /** What selects each among the selected sessions; null where the body says which they are. */
  readonly filters: { readonly a: LinkFilter | null; readonly b: LinkFilter | null };
}

/** A filter tree as callers send it. */
export type LinkFilter = Readonly<Record<string, unknown>>;

/** @param select reads what a body asks for. */
export async function contrastGroups(
  analytics: Pick<AnalyticsStore, 'query'>,
  select: (asked: AskedSessions) => SessionSelection,
  { groups, ...asked }: Omit<SessionContrastBody, 'kinds' | 'foldPaths'>,
): Promise<ContrastGroups> {
  if ('a' in groups) {
    const a = await selectedSessions(analytics, groupSelection(select, asked, groups.a));
    const b = renamed(await selectedSessions(analytics, groupSelection(select, asked, groups.b)), 'b_');
    return {
      rows: (columns) => ({
        sql: `SELECT 1 AS is_a, ${columns} FROM ${a.sql}\nUNION ALL\nSELECT 0 AS is_a, ${columns} FROM ${b.sql}`,
        params: { ...a.params, ...b.params },
      }),
      filters: { a: null, b: null },
    };
  }
  const source = await selectedSessions(analytics, select(asked));
  const { sql, params, filters } = await split(analytics, source, groups);
  return {
    rows: (columns) => ({
      sql: `SELECT ${sql} AS is_a, ${columns} FROM ${source.sql}`,
      params: { ...source.params, ...params },
    }),
    filters,
  };
}

type SplitAsked = Exclude<SessionContrastBody['groups'], { readonly a: unknown }>;

/** The sessions with the most of something: the least of it that the first so many have, and all who have as much. */
async function split(
  analytics: Pick<AnalyticsStore, 'query'>,
  source: SqlPart,
  groups: SplitAsked,
): Promise<SqlPart & Pick<ContrastGroups, 'filters'>> {
  const of = (column: string, a: object, b: object) => ({
    a: { sessions_request_response_rmt: { [column]: a } },
    b: { sessions_request_response_rmt: { [column]: b } },
  });
  if ('failing' in groups) {
    return {
      sql: 's.error_count > 0',
      params: {},
      filters: of('session_error_count', { gte: 1 }, { lt: 1 }),
    };
  }
  const isByCost = 'dearest' in groups;
  const share = isByCost ? groups.dearest : groups.slowest;
  const value = isByCost ? 's.total_cost' : DURATION_SQL;
  const [row] = await analytics.query<{ least: string }>({
    sql: `SELECT toString(quantileExact(${1 - share})(${value})) AS least FROM ${source.sql}`,
    params: source.params,
    settings: FINAL,
  });
  const least = row?.least ?? '0';
  return isByCost
    ? {
        sql: 's.total_cost >= {contrastLeast:Decimal(38, 12)}',
        params: { contrastLeast: least },
        filters: of('session_total_cost', { gte: Number(least) }, { lt: Number(least) }),
      }
    : {
        sql: `${DURATION_SQL} >= {contrastLeast:Int64}`,
        params: { contrastLeast: least },
        filters: of('session_duration_ms', { gte: Number(least) }, { lt: Number(least) }),
      };
}

/** Of `s`, as `sessionFigures` has it. */
export const DURATION_SQL =
  'greatest(toUnixTimestamp64Milli(s.latest_response_at) - toUnixTimestamp64Milli(s.created_at), 0)';

function groupSelection(
  select: (asked: AskedSessions) => SessionSelection,
  asked: AskedSessions,
  { search, timeFilter, nameEquals, filter, pattern }: ContrastGroup,
): SessionSelection {
  const whole = select(asked);
  const own = select({
    search: search ?? asked.search,
    timeFilter: timeFilter ?? asked.timeFilter,
    nameEquals: nameEquals ?? asked.nameEquals,
    ...(filter !== undefined && { filter }),
    pattern,
  });
  return {
    ...own,
    filter: and(whole.filter, own.filter),
    patterns: [...(whole.patterns ?? []), ...(own.patterns ?? [])],
  };
}

/** With other names of placeholders, but for the tenant, which is the same. */
function renamed({ sql, params }: SqlPart, prefix: string): SqlPart {
  const rename = (name: string) => (name === 'tenant' ? name : `${prefix}${name}`);
  return {
    sql: sql.replaceAll(/\{(\w+):/g, (_, name: string) => `{${rename(name)}:`),
    params: Object.fromEntries(Object.entries(params).map(([name, value]) => [rename(name), value])),
  };
}
