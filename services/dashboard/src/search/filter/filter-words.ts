import { visibleText } from '../../format/visible-text.ts';
import { columnNamed, OPERATOR_NAMES } from './filter-columns.ts';
import { type Condition, type FilterNode, type Group, readFilter } from './filter-node.ts';

/** What a part of a filter asks, for people, without signs that act: `Errors ≥ 1`, `Model is gpt-4.1 or o3`. */
export function filterWords(node: FilterNode): string {
  if (node.kind === 'opaque') return visibleText(JSON.stringify(node.leaf));
  if (node.kind === 'condition') return `${subject(node)} ${valued(node)}`;
  if (node.children.length === 0) return 'anything';
  const [first] = node.children;
  if (first && node.children.length === 1) return filterWords(first);
  const isOneQuestion =
    first?.kind === 'condition' && node.operator === 'or' && node.children.every((child) => isLike(child, first));
  if (isOneQuestion) {
    const values = (node as Group).children.map((child) => shown(child as Condition));
    return `${subject(first)} ${operatorOf(first)} ${values.join(' or ')}`;
  }
  return node.children
    .map((child) => (child.kind === 'group' ? `(${filterWords(child)})` : filterWords(child)))
    .join(` ${node.operator} `);
}

/** The same of a filter tree of the API. What cannot be read stands there as it is. */
export function treeWords(tree: unknown): string {
  const read = readFilter(tree);
  return read.ok ? filterWords(read.filter) : visibleText(JSON.stringify(tree));
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
  if (typeof condition.value === 'boolean') return condition.value ? 'yes' : 'no';
  return `${operatorOf(condition)} ${shown(condition)}`;
}

function operatorOf({ operator }: Condition): string {
  return OPERATOR_NAMES.get(operator) ?? operator;
}

function shown({ table, column, value }: Condition): string {
  if (typeof value === 'number' && columnNamed(table, column)?.kind === 'usd') return `$${AMOUNT.format(value)}`;
  return value === '' ? 'empty' : visibleText(String(value));
}

/** To the last digit: it is what is asked. */
const AMOUNT = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 20 });
