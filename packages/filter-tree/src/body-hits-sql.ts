import { COLUMN_SQL } from './column-sql.ts';
import { matchText } from './compare.ts';
import { conditionSql } from './condition-sql.ts';
import type { Filter, Leaf, TextOperator } from './filter.ts';
import { storedTextSql } from './lookup-sql.ts';
import { type Necessary, necessarySql } from './necessary-sql.ts';
import type { FilterSqlOptions, SqlFragment, SqlWriter } from './sql-fragment.ts';

/**
 * A condition on rows of `request_bodies`, under the alias of requests, that some version of its bodies satisfies for every
 * request that makes the filter true. Others may satisfy it as well: it leaves out what only rows of `requests` tell.
 *
 * @returns undefined where a request may make the filter true whose bodies say nothing, or are not stored.
 */
export function bodyHitsSql(filter: Filter, options: FilterSqlOptions): SqlFragment | undefined {
  return necessarySql(filter, options, ofLeaf);
}

/** Bodies, which decide, and what their rows have in common with those of requests. */
function ofLeaf(leaf: Leaf, w: SqlWriter): Necessary | string | undefined {
  const { column, operator, value } = leaf;
  if (column === 'request_created_at' || column === 'request_id') {
    return { sql: conditionSql(leaf, w), decides: false };
  }
  const stored = COLUMN_SQL[column];
  if (stored.is !== 'body' || matchText(operator as TextOperator, '', value as string)) return undefined;
  return storedTextSql(stored.body, operator as TextOperator, value as string, w);
}
