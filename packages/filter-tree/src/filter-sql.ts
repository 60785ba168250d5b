import { COLUMNS, type Level } from './columns.ts';
import { conditionSql } from './condition-sql.ts';
import { type EqualitySet, equalitySets } from './equality-sets.ts';
import type { Filter, Leaf } from './filter.ts';
import { type FilterSqlOptions, type SqlFragment, SqlWriter } from './sql-fragment.ts';

export type { Filter } from './filter.ts';
export type { FilterSqlOptions, SqlFragment } from './sql-fragment.ts';

/** Which of them a filter asks about; none for `all`. */
export function levelsOf(filter: Filter): Record<Level, boolean> {
  const levels = { request: false, session: false, user: false };
  for (const { level } of leavesOf(filter)) levels[level] = true;
  return levels;
}

/** Whether a filter looks into bodies. Who may not read them may not ask this either: the answer would tell their text. */
export function asksBodies(filter: Filter): boolean {
  for (const { column } of leavesOf(filter)) {
    if (column === 'request_body' || column === 'response_body') return true;
  }
  return false;
}

/**
 * A filter as one expression over a row of `requests`, the row of its session in `sessions`, and one of its user where
 * the filter may ask about users. It is 1 or 0, never NULL; `evaluate.ts` says what it means. Where it looks into other tables it reads them with FINAL, so that the query
 * needs the settings `FINAL` of `@throughline/analytics/read-settings`.
 */
export function filterSql(filter: Filter, options: FilterSqlOptions): SqlFragment {
  const { sql, params } = writeFilterSql(filter, options);
  return { sql, params };
}

/** `filterSql`, and how many of its conditions look into another table. */
export function writeFilterSql(filter: Filter, options: FilterSqlOptions): SqlFragment & { lookups: number } {
  const writer = new SqlWriter(options);
  const sql = render(filter, writer, options.sessionMayBeMissing ?? false);
  return { sql, params: writer.params, lookups: writer.lookups };
}

function render(filter: Filter, writer: SqlWriter, sessionMayBeMissing: boolean): string {
  switch (filter.kind) {
    case 'all':
      return '1';
    case 'leaf':
      return guarded(filter, writer, sessionMayBeMissing);
    case 'and':
    case 'or': {
      if (filter.children.length === 0) return filter.kind === 'and' ? '1' : '0';
      const parts: string[] = [];
      const { sets, others } = equalitySets(filter);
      for (const set of sets) parts.push(guarded(set, writer, sessionMayBeMissing));
      for (const child of others) parts.push(render(child, writer, sessionMayBeMissing));
      return `(${parts.join(filter.kind === 'and' ? ' AND ' : ' OR ')})`;
    }
  }
}

function guarded(condition: Leaf | EqualitySet, writer: SqlWriter, sessionMayBeMissing: boolean): string {
  const sql = conditionSql(condition, writer);
  const isGuarded = sessionMayBeMissing && COLUMNS[condition.column].level === 'session';
  return isGuarded ? `(${writer.s}.session_id != '' AND ${sql})` : sql;
}

function* leavesOf(filter: Filter): Generator<Leaf> {
  if (filter.kind === 'leaf') yield filter;
  else if (filter.kind !== 'all') for (const child of filter.children) yield* leavesOf(child);
}
