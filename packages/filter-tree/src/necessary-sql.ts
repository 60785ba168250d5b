import type { Filter, Leaf } from './filter.ts';
import { type FilterSqlOptions, type SqlFragment, SqlWriter } from './sql-fragment.ts';

/** What can be said of a leaf: SQL that holds wherever the leaf does. */
export interface Necessary {
  readonly sql: string;
  /** It says what is looked for. Others only narrow it down, and say nothing by themselves. */
  readonly decides: boolean;
}

/**
 * A condition that holds wherever the filter does, made of those leaves of which something can be said; it may hold
 * elsewhere as well.
 *
 * @param ofLeaf what holds wherever a leaf does, undefined where nothing is known. Text alone decides.
 * @returns undefined where nothing can be said of the filter, or only what does not decide.
 */
export function necessarySql(
  filter: Filter,
  options: FilterSqlOptions,
  ofLeaf: (leaf: Leaf, writer: SqlWriter) => Necessary | string | undefined,
): SqlFragment | undefined {
  const writer = new SqlWriter(options);
  const walk = (node: Filter): Necessary | undefined => {
    switch (node.kind) {
      case 'all':
        return undefined;
      case 'leaf': {
        const said = ofLeaf(node, writer);
        return typeof said === 'string' ? { sql: said, decides: true } : said;
      }
      case 'and': {
        const known = node.children.map(walk).filter((child) => child !== undefined);
        return known.length === 0 ? undefined : joined(known, ' AND ', known.some(decides));
      }
      case 'or': {
        const known = node.children.map(walk).filter((child) => child !== undefined);
        const isKnown = known.length > 0 && known.length === node.children.length;
        return isKnown ? joined(known, ' OR ', known.every(decides)) : undefined;
      }
    }
  };
  const found = walk(filter);
  return found?.decides ? { sql: found.sql, params: writer.params } : undefined;
}

function decides(one: Necessary): boolean {
  return one.decides;
}

function joined(parts: readonly Necessary[], operator: string, decides: boolean): Necessary {
  return { sql: `(${parts.map(({ sql }) => sql).join(operator)})`, decides };
}
