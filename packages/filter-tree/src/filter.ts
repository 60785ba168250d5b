import { COLUMNS, type ColumnName, type Level } from './columns.ts';

/**
 * A filter, normalised: no magic values, no empty branches, `and` inside `and` made one. An `or` without children is
 * false, and occurs only as the whole filter.
 */
export type Filter = { readonly kind: 'all' } | Branch | Leaf;

export interface Branch {
  readonly kind: 'and' | 'or';
  readonly children: readonly Filter[];
}

/**
 * One condition. What `value` is follows from the column: text as it is, a number, a boolean, epoch ms for a time, and
 * for money USD as decimal text of twelve places.
 */
export interface Leaf {
  readonly kind: 'leaf';
  readonly level: Level;
  readonly column: ColumnName;
  /** Of `properties` and the two kinds of scores. */
  readonly key?: string;
  readonly operator: Operator;
  readonly value: FilterValue;
}

export type FilterValue = string | number | boolean;

export const COMPARISONS = ['equals', 'not-equals', 'gte', 'lte', 'lt', 'gt'] as const;
export type Comparison = (typeof COMPARISONS)[number];

export const TEXT_OPERATORS = ['equals', 'not-equals', 'like', 'ilike', 'contains', 'not-contains'] as const;
export type TextOperator = (typeof TEXT_OPERATORS)[number];

export type Operator = Comparison | TextOperator;

/** True for every request. */
export const ALL: Filter = { kind: 'all' };
/** True for none. */
export const NONE: Filter = { kind: 'or', children: [] };

/**
 * One condition, taken literally: `"null"` and `"__empty__"` are texts here, only `parseFilter` reads more into them.
 * Callers with conditions of their own (a search for names, say) add them so.
 */
export function leaf(column: ColumnName, operator: Operator, value: FilterValue, key?: string): Leaf {
  const { level } = COLUMNS[column];
  return { kind: 'leaf', level, column, ...(key !== undefined && { key }), operator, value };
}

/** True where all are. */
export function and(...filters: readonly Filter[]): Filter {
  const children: Filter[] = [];
  for (const filter of filters) {
    if (isNone(filter)) return NONE;
    if (filter.kind === 'and') children.push(...filter.children);
    else if (filter.kind !== 'all') children.push(filter);
  }
  if (children.length === 0) return ALL;
  return children.length === 1 ? children[0]! : { kind: 'and', children };
}

/** True where some are. */
export function or(...filters: readonly Filter[]): Filter {
  const children: Filter[] = [];
  for (const filter of filters) {
    if (filter.kind === 'all') return ALL;
    if (filter.kind === 'or') children.push(...filter.children);
    else children.push(filter);
  }
  return children.length === 1 ? children[0]! : { kind: 'or', children };
}

/** What a filter asks of everything but one level: conditions about that are taken as true. */
export function leavingOut(level: Level, filter: Filter): Filter {
  if (filter.kind === 'all') return filter;
  if (filter.kind === 'leaf') return filter.level === level ? ALL : filter;
  const children = filter.children.map((child) => leavingOut(level, child));
  return filter.kind === 'and' ? and(...children) : or(...children);
}

function isNone(filter: Filter): boolean {
  return filter.kind === 'or' && filter.children.length === 0;
}
