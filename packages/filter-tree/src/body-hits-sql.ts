import { COLUMN_SQL } from './column-sql.ts';
import { matchText } from './compare.ts';
import { conditionSql } from './condition-sql.ts';
import type { Filter, Leaf, TextOperator } from './filter.ts';
import { storedTextSql } from './lookup-sql.ts';
import { type FilterSqlOptions, type SqlFragment, SqlWriter } from './sql-fragment.ts';

/**
 * A condition on rows of `request_bodies`, under the alias of requests, that some version of its bodies satisfies for every
 * request that makes the filter true. Others may satisfy it as well: it leaves out what only rows of `requests` tell.
 *
 * @returns undefined where a request may make the filter true whose bodies say nothing, or are not stored.
 */
export function bodyHitsSql(filter: Filter, options: FilterSqlOptions): SqlFragment | undefined {
  const writer = new SqlWriter(options);
  const found = necessary(filter, writer);
  return found?.needsBodies ? { sql: found.sql, params: writer.params } : undefined;
}

interface Necessary {
  readonly sql: string;
  /** Whether only requests whose bodies are stored satisfy it. */
  readonly needsBodies: boolean;
}

function necessary(filter: Filter, w: SqlWriter): Necessary | undefined {
  switch (filter.kind) {
    case 'all':
      return undefined;
    case 'leaf':
      return ofLeaf(filter, w);
    case 'and': {
      const known = filter.children.map((child) => necessary(child, w)).filter((child) => child !== undefined);
      return known.length === 0 ? undefined : joined(known, ' AND ', known.some(needsBodies));
    }
    case 'or': {
      const known = filter.children.map((child) => necessary(child, w)).filter((child) => child !== undefined);
      const isKnown = known.length > 0 && known.length === filter.children.length;
      return isKnown ? joined(known, ' OR ', known.every(needsBodies)) : undefined;
    }
  }
}

function needsBodies(one: Necessary): boolean {
  return one.needsBodies;
}

function joined(parts: readonly Necessary[], operator: string, areNeeded: boolean): Necessary {
  return { sql: `(${parts.map(({ sql }) => sql).join(operator)})`, needsBodies: areNeeded };
}

/** Bodies, and what their rows have in common with those of requests. */
function ofLeaf(leaf: Leaf, w: SqlWriter): Necessary | undefined {
  const { column, operator, value } = leaf;
  if (column === 'request_created_at' || column === 'request_id') {
    return { sql: conditionSql(leaf, w), needsBodies: false };
  }
  const stored = COLUMN_SQL[column];
  if (stored.is !== 'body' || matchText(operator as TextOperator, '', value as string)) return undefined;
  return { sql: storedTextSql(stored.body, operator as TextOperator, value as string, w), needsBodies: true };
}
