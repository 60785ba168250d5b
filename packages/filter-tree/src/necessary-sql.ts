import type { Filter, Leaf } from './filter.ts';
import { type FilterSqlOptions, type SqlFragment, SqlWriter } from './sql-fragment.ts';

/**
 * A condition that holds wherever the filter does, made of those leaves of which something can be said; it may hold
 * elsewhere as well.
 *
 * @param ofLeaf what holds wherever a leaf does, undefined where nothing is known.
 * @returns undefined where nothing can be said of the filter.
 */
export function necessarySql(
  filter: Filter,
  options: FilterSqlOptions,
  ofLeaf: (leaf: Leaf, writer: SqlWriter) => string | undefined,
): SqlFragment | undefined {
  const writer = new SqlWriter(options);
  const walk = (node: Filter): string | undefined => {
    switch (node.kind) {
      case 'all':
        return undefined;
      case 'leaf':
        return ofLeaf(node, writer);
      case 'and': {
        const known = node.children.map(walk).filter((sql) => sql !== undefined);
        return known.length === 0 ? undefined : `(${known.join(' AND ')})`;
      }
      case 'or': {
        const known = node.children.map(walk);
        return known.length === 0 || known.includes(undefined) ? undefined : `(${known.join(' OR ')})`;
      }
    }
  };
  const sql = walk(filter);
  return sql === undefined ? undefined : { sql, params: writer.params };
}
