import { COLUMNS } from './columns.ts';
import { conditionSql } from './condition-sql.ts';
import type { Filter, Leaf } from './filter.ts';
import { necessarySql } from './necessary-sql.ts';
import { asciiLower, isSystemKey, SESSION_ID_KEY, SESSION_NAME_KEY, SESSION_PATH_KEY } from './property-keys.ts';
import type { FilterSqlOptions, SqlFragment, SqlWriter } from './sql-fragment.ts';

/**
 * A condition on the row of a session in `sessions` that every session satisfies of which some request makes the filter
 * true. Others may satisfy it as well: two conditions may be true of two requests, sets hold values that were changed
 * since, and a set that overflowed may hold anything.
 *
 * @returns undefined where nothing can be said of snapshots.
 */
export function snapshotSql(filter: Filter, options: FilterSqlOptions): SqlFragment | undefined {
  return necessarySql(filter, options, (leaf, writer) =>
    COLUMNS[leaf.column].level === 'request' ? ofRequest(leaf, writer) : conditionSql(leaf, writer),
  );
}

/** What is missing in a request is in no set, so only conditions that it does not satisfy can be asked of sets. */
function ofRequest({ column, operator, value, key = '' }: Leaf, w: SqlWriter): string | undefined {
  const set = SETS.get(column);
  if (set !== undefined) {
    if (operator !== 'equals' || value === '') return undefined;
    return `(has(${w.s}.${set}, ${w.param('String', value as string)}) OR has(${w.s}.truncated_fields, '${set}'))`;
  }
  if (column === 'status') {
    const sign = SIGNS.get(operator);
    if (sign === undefined || !Number.isSafeInteger(value)) return undefined;
    const bound = w.param('Int64', value as number);
    return `(arrayExists(x -> x ${sign} ${bound}, ${w.s}.statuses) OR has(${w.s}.truncated_fields, 'statuses'))`;
  }
  if (column === 'properties') {
    const isOwn = key === SESSION_ID_KEY || key === SESSION_NAME_KEY || key === SESSION_PATH_KEY;
    return operator === 'equals' && value !== '' && !isOwn ? ofProperty(key, value as string, w) : undefined;
  }
  return undefined;
}

const SETS: ReadonlyMap<string, string> = new Map([
  ['model', 'models'],
  ['provider', 'providers'],
  ['user_id', 'user_ids'],
]);

const SIGNS: ReadonlyMap<string, string> = new Map([
  ['equals', '='],
  ['gt', '>'],
  ['gte', '>='],
  ['lt', '<'],
  ['lte', '<='],
]);

/** A key also means those that differ from it in case only, unless it is one of the system's. */
function ofProperty(key: string, value: string, w: SqlWriter): string {
  const map = `${w.s}.properties`;
  const text = w.param('String', value);
  const exact = `has(${map}[${w.param('String', key)}], ${text})`;
  const overflowed = `arrayExists(field -> startsWith(field, 'properties'), ${w.s}.truncated_fields)`;
  if (isSystemKey(key)) return `(${exact} OR ${overflowed})`;
  const anyCase = w.param('String', asciiLower(key));
  return `(${exact} OR arrayExists((name, values) -> lower(name) = ${anyCase} AND has(values, ${text}), mapKeys(${map}), mapValues(${map})) OR ${overflowed})`;
}
