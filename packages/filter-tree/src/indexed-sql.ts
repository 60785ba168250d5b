import type { Filter, Leaf } from './filter.ts';
import { asciiLower, SESSION_ID_KEY, SESSION_NAME_KEY, SESSION_PATH_KEY } from './property-keys.ts';
import { type FilterSqlOptions, type SqlFragment, SqlWriter } from './sql-fragment.ts';

/**
 * A condition on a row of `requests` that every request satisfies which makes the filter true, made only of what a skip
 * index answers: rare values are found without reading the rest. Others may satisfy it as well.
 *
 * @returns undefined where no index helps.
 */
export function indexedSql(filter: Filter, options: FilterSqlOptions): SqlFragment | undefined {
  const writer = new SqlWriter(options);
  const sql = indexed(filter, writer);
  return sql === undefined ? undefined : { sql, params: writer.params };
}

function indexed(filter: Filter, w: SqlWriter): string | undefined {
  switch (filter.kind) {
    case 'all':
      return undefined;
    case 'leaf':
      return ofLeaf(filter, w);
    case 'and': {
      const known = filter.children.map((child) => indexed(child, w)).filter((sql) => sql !== undefined);
      return known.length === 0 ? undefined : `(${known.join(' AND ')})`;
    }
    case 'or': {
      const known = filter.children.map((child) => indexed(child, w));
      return known.length === 0 || known.includes(undefined) ? undefined : `(${known.join(' OR ')})`;
    }
  }
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
