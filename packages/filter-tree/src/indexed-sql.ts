import type { Filter, Leaf } from './filter.ts';
import { necessarySql } from './necessary-sql.ts';
import { asciiLower, SESSION_ID_KEY, SESSION_NAME_KEY, SESSION_PATH_KEY } from './property-keys.ts';
import type { FilterSqlOptions, SqlFragment, SqlWriter } from './sql-fragment.ts';

/**
 * A condition on a row of `requests` that every request satisfies which makes the filter true, made only of what a skip
 * index answers: rare values are found without reading the rest. Others may satisfy it as well.
 *
 * @returns undefined where no index helps.
 */
export function indexedSql(filter: Filter, options: FilterSqlOptions): SqlFragment | undefined {
  return necessarySql(filter, options, ofLeaf);
}

function ofLeaf({ column, operator, value, key = '' }: Leaf, w: SqlWriter): string | undefined {
  // The empty text is also what is missing, which no index knows.
  if (operator !== 'equals' || typeof value !== 'string' || value === '') return undefined;
  if (column === 'request_id' || column === 'user_id') return `(${w.r}.${column} = ${w.param('String', value)})`;
  if (column !== 'properties' || OWN_KEYS.has(key)) return undefined;
  // A key means those that differ from it in case, too.
  return `has(${LOWER_PAIRS(w.r)}, ${w.param('String', asciiLower(`${key}=${value}`))})`;
}

/** As in the index `by_property_lower`, letter for letter. */
const LOWER_PAIRS = (requests: string) => `arrayMap(pair -> lower(pair), ${requests}.property_pairs)`;

const OWN_KEYS: ReadonlySet<string> = new Set([SESSION_ID_KEY, SESSION_NAME_KEY, SESSION_PATH_KEY]);
