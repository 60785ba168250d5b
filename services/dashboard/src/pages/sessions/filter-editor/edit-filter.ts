import { columnNamed, type FilterColumn, isKeyed, OPERATORS } from '../../../search/filter/filter-columns.ts';
import type { Condition, FilterNode, FilterValue, Group } from '../../../search/filter/filter-node.ts';

/** Where a node is: the place in each group on the way to it. */
export type Path = readonly number[];

/** The group with the node at that place replaced; null takes it away. */
export function replacedAt(group: Group, [at, ...rest]: Path, node: FilterNode | null): Group {
  const child = group.children[at!];
  const next = rest.length === 0 || child?.kind !== 'group' ? node : replacedAt(child, rest, node);
  return { ...group, children: next === null ? group.children.toSpliced(at!, 1) : group.children.with(at!, next) };
}

/** A question about another column keeps what still makes sense of it. */
export function withColumn(condition: Condition, { table, column, kind }: FilterColumn): Condition {
  const before = columnNamed(condition.table, condition.column)?.kind;
  const isAskedAlike = before !== undefined && OPERATORS[before].join() === OPERATORS[kind].join();
  const operator = isAskedAlike ? condition.operator : OPERATORS[kind][0]!;
  const key = isKeyed(kind) ? (condition.key ?? '') : null;
  return { ...condition, table, column, key, operator, value: typedValue(kind, String(condition.value)) };
}

/** What was typed as the column has it; `''` where a number is not one yet. */
export function typedValue(kind: FilterColumn['kind'], typed: string): FilterValue {
  if (kind === 'boolean') return typed !== 'false';
  if (kind === 'number' || kind === 'usd' || kind === 'score') {
    const number = Number(typed);
    return typed.trim() === '' || !Number.isFinite(number) ? '' : number;
  }
  return typed;
}

/** What is still missing, for whoever is at it; undefined: nothing. */
export function missingIn(node: FilterNode): string | undefined {
  if (node.kind === 'opaque') return undefined;
  if (node.kind === 'group') {
    for (const child of node.children) {
      const missing = missingIn(child);
      if (missing !== undefined) return missing;
    }
    return undefined;
  }
  const spec = columnNamed(node.table, node.column);
  if (spec === undefined) return undefined;
  if (node.key === '') return `${spec.label}: which one?`;
  if (node.value === '' && (spec.kind === 'number' || spec.kind === 'usd' || spec.kind === 'score')) {
    return `${spec.label}: a number is missing`;
  }
  if (spec.kind === 'time' && Number.isNaN(Date.parse(String(node.value)))) return `${spec.label}: a time is missing`;
  return undefined;
}
