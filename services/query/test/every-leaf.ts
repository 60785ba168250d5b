import { COLUMNS, type ColumnKind, type ColumnName, type Level } from '@throughline/filter-tree/columns';
import { COMPARISONS, TEXT_OPERATORS } from '@throughline/filter-tree/filter';
import { parseFilter } from '@throughline/filter-tree/parse-filter';

/** A filter of one condition. */
export interface EveryLeaf {
  readonly column: ColumnName;
  readonly level: Level;
  readonly operator: string;
  readonly filter: unknown;
}

/**
 * A condition for every column with every operator that the parser takes there.
 *
 * @param givenFor what is compared; of a map, also with which key.
 */
export function everyLeaf(
  givenFor: (kind: ColumnKind, column: ColumnName) => { readonly value: unknown; readonly key?: string },
): EveryLeaf[] {
  return (Object.keys(COLUMNS) as ColumnName[]).flatMap((column) => {
    const { kind, level } = COLUMNS[column];
    const { value, key } = givenFor(kind, column);
    const leaves = OPERATORS.map((operator) => ({
      column,
      level,
      operator,
      filter: leafOn(column, operator, value, key),
    })).filter(({ filter }) => parseFilter(filter, 'filter', { users: true }).ok);
    if (leaves.length === 0) {
      throw new Error(`no operator of ${column} takes ${JSON.stringify(value)}: give a value of its kind, ${kind}`);
    }
    return leaves;
  });
}

const OPERATORS = [...new Set<string>([...TEXT_OPERATORS, ...COMPARISONS])];

const TABLES: Readonly<Record<Level, string>> = {
  request: 'request_response_rmt',
  session: 'sessions_request_response_rmt',
  user: 'users_view',
};

/** As callers write it. A key `__proto__` is a key like any other. */
export function leafOn(column: ColumnName, operator: string, value: unknown, key = 'env'): unknown {
  const { kind, level } = COLUMNS[column];
  const asked = { [operator]: value };
  const condition = kind === 'property' || kind === 'score' ? Object.fromEntries([[key, asked]]) : asked;
  if (column === 'path') return { request: { path: condition } };
  return { [TABLES[level]]: { [column === 'session_scores' ? 'scores' : column]: condition } };
}
