import type { Condition, Filter, FilterNode, FilterValue } from './filter-node.ts';

/** A column of a filter: of properties and scores, with its key. */
export interface Asked {
  readonly table: string;
  readonly column: string;
  readonly key: string | null;
}

/** Both bounds included; undefined: none. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** The values that a column may have, as far as the filter says it in so many words: `a`, or `a or b or c`. */
export function choicesOf(filter: Filter, asked: Asked): readonly FilterValue[] {
  return filter.children.flatMap((child) => valuesOf(child, asked) ?? []);
}

/** The same filter with these values for that column, and any where there are none. */
export function withChoices(filter: Filter, asked: Asked, values: readonly FilterValue[]): Filter {
  const others = filter.children.filter((child) => valuesOf(child, asked) === undefined);
  const conditions = values.map((value): Condition => ({ kind: 'condition', ...asked, operator: 'equals', value }));
  const chosen: FilterNode[] =
    conditions.length > 1 ? [{ kind: 'group', operator: 'or', children: conditions }] : conditions;
  return { ...filter, children: [...others, ...chosen] };
}

/** The bounds that the filter sets to a column. */
export function boundsOf(filter: Filter, asked: Asked): Bounds {
  const bounds: { min?: number; max?: number } = {};
  for (const child of filter.children) {
    const bound = boundIn(child, asked);
    if (bound) bounds[bound[0]] = bound[1];
  }
  return bounds;
}

/** The same filter with these bounds for that column, and none where there are none. */
export function withBounds(filter: Filter, asked: Asked, { min, max }: Bounds): Filter {
  const others = filter.children.filter((child) => boundIn(child, asked) === undefined);
  const set: FilterNode[] = [];
  if (min !== undefined) set.push({ kind: 'condition', ...asked, operator: 'gte', value: min });
  if (max !== undefined) set.push({ kind: 'condition', ...asked, operator: 'lte', value: max });
  return { ...filter, children: [...others, ...set] };
}

function valuesOf(node: FilterNode, asked: Asked): readonly FilterValue[] | undefined {
  if (node.kind === 'condition') {
    return isAbout(node, asked) && node.operator === 'equals' ? [node.value] : undefined;
  }
  if (node.kind !== 'group' || node.operator !== 'or') return undefined;
  const values: FilterValue[] = [];
  for (const child of node.children) {
    if (child.kind !== 'condition' || !isAbout(child, asked) || child.operator !== 'equals') return undefined;
    values.push(child.value);
  }
  return values.length === 0 ? undefined : values;
}

function boundIn(node: FilterNode, asked: Asked): readonly ['min' | 'max', number] | undefined {
  if (node.kind !== 'condition' || !isAbout(node, asked) || typeof node.value !== 'number') return undefined;
  if (node.operator === 'gte') return ['min', node.value];
  if (node.operator === 'lte') return ['max', node.value];
  return undefined;
}

function isAbout(condition: Condition, { table, column, key }: Asked): boolean {
  return condition.table === table && condition.column === column && condition.key === key;
}
