import { columnNamed, isKeyed, OPERATORS } from './filter-columns.ts';

export type FilterValue = string | number | boolean;

/** One question about one column. */
export interface Condition {
  readonly kind: 'condition';
  readonly table: string;
  readonly column: string;
  /** The name of a property or score; null where the column has no names. */
  readonly key: string | null;
  readonly operator: string;
  readonly value: FilterValue;
}

export interface Group {
  readonly kind: 'group';
  readonly operator: 'and' | 'or';
  readonly children: readonly FilterNode[];
}

/** What the API may know and the editor does not: kept as it is. */
export interface Opaque {
  readonly kind: 'opaque';
  readonly leaf: Readonly<Record<string, unknown>>;
}

export type FilterNode = Condition | Group | Opaque;

/** A whole filter: everything in it must hold. */
export interface Filter extends Group {
  readonly operator: 'and';
}

export const NO_FILTER: Filter = { kind: 'group', operator: 'and', children: [] };

export type ReadFilter =
  | { readonly ok: true; readonly filter: Filter }
  /** What is wrong, for whoever typed it. */
  | { readonly ok: false; readonly problem: string };

/** More levels than this are refused before they are followed: the API takes 100. */
const LEVELS_MAX = 200;

/**
 * Reads a filter tree of the API. Branches of the same operator become one group, and leaves that ask for several things
 * one condition each; what is true for everything is left out.
 */
export function readFilter(tree: unknown): ReadFilter {
  try {
    const node = readNode(tree, 0);
    if (node === null) return { ok: true, filter: NO_FILTER };
    return { ok: true, filter: asFilter(node) };
  } catch (error) {
    if (error instanceof Misread) return { ok: false, problem: error.message };
    throw error;
  }
}

/** Reads the JSON of a filter tree; the empty text is no filter. */
export function readFilterText(text: string): ReadFilter {
  if (text.trim() === '') return { ok: true, filter: NO_FILTER };
  try {
    return readFilter(JSON.parse(text));
  } catch (error) {
    return { ok: false, problem: `This is no JSON: ${(error as Error).message}` };
  }
}

/** The tree that the API takes: `"all"`, a leaf, or branches of two. */
export function filterTree(node: FilterNode): unknown {
  return treeOf(node) ?? 'all';
}

/** As URLs have it; undefined: no filter. */
export function filterText(filter: Filter): string | undefined {
  const tree = treeOf(filter);
  return tree === undefined ? undefined : JSON.stringify(tree);
}

/** A filter of one node, which may be a group itself. */
export function asFilter(node: FilterNode): Filter {
  if (node.kind === 'group' && node.operator === 'and') return { ...node, operator: 'and' };
  return { kind: 'group', operator: 'and', children: [node] };
}

/** How many conditions a filter has. */
export function conditionCount(node: FilterNode): number {
  if (node.kind !== 'group') return 1;
  return node.children.reduce((sum, child) => sum + conditionCount(child), 0);
}

class Misread extends Error {}

/** @returns null: true for everything. */
function readNode(tree: unknown, level: number): FilterNode | null {
  if (level > LEVELS_MAX) throw new Misread('The filter is nested too deeply.');
  if (tree === 'all') return null;
  if (!isRecord(tree)) {
    throw new Misread(`A part of a filter is "all", a condition, or two parts joined; this is ${shown(tree)}.`);
  }
  if ('left' in tree || 'right' in tree) return readBranch(tree, level);
  return readLeaf(tree);
}

function readBranch(tree: Readonly<Record<string, unknown>>, level: number): FilterNode | null {
  const { operator } = tree;
  if (operator !== 'and' && operator !== 'or') {
    throw new Misread(`Two parts are joined by "and" or "or", not by ${shown(operator)}.`);
  }
  // Chains lean to one side and may be long: their other side is what is nested.
  const sides: (FilterNode | null)[] = [];
  let rest: unknown = tree;
  while (isRecord(rest) && 'left' in rest && rest.operator === operator) {
    sides.push(readNode(rest.right, level + 1));
    rest = rest.left;
  }
  sides.push(readNode(rest, level + 1));
  sides.reverse();
  if (operator === 'or' && sides.includes(null)) return null;
  const children = sides
    .filter((side) => side !== null)
    .flatMap((side) => (side.kind === 'group' && side.operator === operator ? side.children : [side]));
  return children.length < 2 ? (children[0] ?? null) : { kind: 'group', operator, children };
}

function readLeaf(leaf: Readonly<Record<string, unknown>>): FilterNode | null {
  const conditions: Condition[] = [];
  for (const [table, columns] of Object.entries(leaf)) {
    if (!isRecord(columns)) throw new Misread(`${table} names columns; this is ${shown(columns)}.`);
    for (const [column, asked] of Object.entries(columns)) {
      const spec = columnNamed(table, column);
      if (!spec) return { kind: 'opaque', leaf };
      if (!isRecord(asked)) throw new Misread(`${column} takes operators; this is ${shown(asked)}.`);
      const keyed = isKeyed(spec.kind) ? Object.entries(asked) : ([[null, asked]] as const);
      for (const [key, operators] of keyed) {
        if (!isRecord(operators)) throw new Misread(`${key ?? column} takes operators; this is ${shown(operators)}.`);
        for (const [operator, value] of Object.entries(operators)) {
          if (!OPERATORS[spec.kind].includes(operator)) {
            throw new Misread(`${column} takes ${OPERATORS[spec.kind].join(', ')}, not ${shown(operator)}.`);
          }
          if (!isValue(value)) throw new Misread(`${column} is compared with one value; this is ${shown(value)}.`);
          conditions.push({ kind: 'condition', table, column, key, operator, value });
        }
      }
    }
  }
  if (conditions.length < 2) return conditions[0] ?? null;
  return { kind: 'group', operator: 'and', children: conditions };
}

function treeOf(node: FilterNode): unknown {
  if (node.kind === 'opaque') return node.leaf;
  if (node.kind === 'condition') {
    // Entries, not properties by name: a property may be called anything.
    const asked = { [node.operator]: node.value };
    const named = node.key === null ? asked : Object.fromEntries([[node.key, asked]]);
    return { [node.table]: { [node.column]: named } };
  }
  const trees = node.children.map(treeOf).filter((tree) => tree !== undefined);
  if (trees.length === 0) return undefined;
  return trees.reduce((left, right) => ({ left, operator: node.operator, right }));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isValue(value: unknown): value is FilterValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
