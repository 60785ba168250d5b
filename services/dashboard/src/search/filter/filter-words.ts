import { visibleText } from '../../format/visible-text.ts';
import { columnNamed, OPERATOR_NAMES } from './filter-columns.ts';
import type { Condition, FilterNode, Group } from './filter-node.ts';

/** What a part of a filter asks, for people: `Errors ≥ 1`, `Model is gpt-4.1 or o3`. */
export function filterWords(node: FilterNode): string {
  if (node.kind === 'opaque') return JSON.stringify(node.leaf);
  if (node.kind === 'condition') return `${subject(node)} ${valued(node)}`;
  if (node.children.length === 0) return 'anything';
  const [first] = node.children;
  const isOneQuestion =
    first?.kind === 'condition' && node.operator === 'or' && node.children.every((child) => isLike(child, first));
  if (isOneQuestion) {
    const values = (node as Group).children.map((child) => shown((child as Condition).value));
    return `${subject(first)} ${operatorOf(first)} ${values.join(' or ')}`;
  }
  return node.children
    .map((child) => (child.kind === 'group' ? `(${filterWords(child)})` : filterWords(child)))
    .join(` ${node.operator} `);
}

function isLike(child: FilterNode, { table, column, key, operator }: Condition): boolean {
  if (child.kind !== 'condition') return false;
  return child.table === table && child.column === column && child.key === key && child.operator === operator;
}

function subject({ table, column, key }: Condition): string {
  if (key !== null) return visibleText(key);
  return (columnNamed(table, column)?.label ?? column).replace(/, (of|USD|ms|0).*$/, '');
}

function valued(condition: Condition): string {
  const { value } = condition;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return `${operatorOf(condition)} ${shown(value)}`;
}

function operatorOf({ operator }: Condition): string {
  return OPERATOR_NAMES.get(operator) ?? operator;
}

function shown(value: Condition['value']): string {
  return value === '' ? 'empty' : visibleText(String(value));
}
