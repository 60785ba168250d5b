import { ALL, and, type Filter, or } from './filter.ts';
import { FILTER_BOUNDS } from './filter-bounds.ts';
import { below, type FilterIssue, invalid, overLimit, type Place } from './filter-issue.ts';
import { filterSize } from './filter-size.ts';
import { isObject, parseConditions } from './parse-conditions.ts';
import type { FilterScope } from './wire-tables.ts';

export type { Filter } from './filter.ts';
export type { FilterIssue } from './filter-issue.ts';
export type { FilterScope } from './wire-tables.ts';

export type ParsedFilter =
  | { readonly ok: true; readonly filter: Filter }
  | { readonly ok: false; readonly issues: readonly FilterIssue[] };

/** What one answer names at most: enough to mend a filter, and no answer grows with the mistakes in a request. */
const ISSUES_MAX = 20;

/**
 * Read a filter tree as it stands in a request body:
 *
 * - node: `"all"`, `{}`, a leaf or a branch
 * - branch: `{left: node, operator: "and" | "or", right: node}`
 * - leaf: `{table: {column: {operator: value}}}`, for maps `{table: {properties: {key: {operator: value}}}}`; everything
 *   in it must hold, and an empty object is true
 *
 * Never throws and needs no stack, whatever the value: deep, wide, or a name like `__proto__`, which is data.
 *
 * @param at how the paths of issues begin. @param scope tables that not every endpoint takes.
 */
export function parseFilter(value: unknown, at = 'filter', scope: FilterScope = {}): ParsedFilter {
  const root: Place = { parent: undefined, segment: at };
  const tasks: Task[] = [{ node: value, place: root, level: 0, within: undefined }];
  const results: Filter[] = [];
  const issues: FilterIssue[] = [];
  let nodes = 0;
  let conditions = 0;

  while (tasks.length > 0 && issues.length < ISSUES_MAX) {
    const task = tasks.pop()!;
    if ('join' in task) {
      const right = results.pop()!;
      const left = results.pop()!;
      results.push(task.join === 'and' ? and(left, right) : or(left, right));
      continue;
    }
    const { node, place } = task;
    if (++nodes > FILTER_BOUNDS.nodesMax) return refused(place, `more than ${FILTER_BOUNDS.nodesMax} nodes`);
    if (node === 'all') {
      results.push(ALL);
      continue;
    }
    if (!isObject(node)) {
      issues.push(invalid(place, 'a node is "all" or an object', node));
      results.push(ALL);
      continue;
    }
    if (!isBranch(node)) {
      const parsed = parseConditions(node, place, FILTER_BOUNDS.conditionsMax - conditions, scope);
      if (parsed.conditions > FILTER_BOUNDS.conditionsMax - conditions) {
        return refused(place, `more than ${FILTER_BOUNDS.conditionsMax} conditions`);
      }
      conditions += parsed.conditions;
      issues.push(...parsed.issues);
      results.push(parsed.filter);
      continue;
    }
    const wrong = branchIssues(node, place);
    issues.push(...wrong);
    const operator = node.operator === 'or' ? 'or' : 'and';
    const level = operator === task.within ? task.level : task.level + 1;
    if (level > FILTER_BOUNDS.levelsMax) {
      return refused(place, `"and" and "or" alternate more than ${FILTER_BOUNDS.levelsMax} times`);
    }
    // Last in, first out: left, right, then both joined. A missing side is named above, and stands for nothing.
    tasks.push({ join: operator });
    for (const side of ['right', 'left'] as const) {
      const child = Object.hasOwn(node, side) ? node[side] : 'all';
      tasks.push({ node: child, place: below(place, side), level, within: operator });
    }
  }

  if (issues.length > 0) return { ok: false, issues: issues.slice(0, ISSUES_MAX) };
  const filter = results.pop()!;
  const { sqlBytes, lookups } = filterSize(filter);
  if (sqlBytes > FILTER_BOUNDS.sqlBytesMax) {
    return refused(root, `it comes to ${sqlBytes} bytes of query, and ${FILTER_BOUNDS.sqlBytesMax} are the most`);
  }
  if (lookups > FILTER_BOUNDS.lookupsMax) {
    return refused(
      root,
      `${lookups} of its conditions are about bodies or about names, models, providers or users of sessions, and ${FILTER_BOUNDS.lookupsMax} are the most`,
    );
  }
  return { ok: true, filter };
}

type Task =
  | { readonly node: unknown; readonly place: Place; readonly level: number; readonly within: 'and' | 'or' | undefined }
  | { readonly join: 'and' | 'or' };

function refused(place: Place, reason: string): ParsedFilter {
  return { ok: false, issues: [overLimit(place, `The filter is too large: ${reason}`)] };
}

const BRANCH_KEYS = ['left', 'operator', 'right'];

function isBranch(node: Readonly<Record<string, unknown>>): boolean {
  return BRANCH_KEYS.some((key) => Object.hasOwn(node, key));
}

function branchIssues(node: Readonly<Record<string, unknown>>, place: Place): FilterIssue[] {
  const issues: FilterIssue[] = [];
  for (const key of BRANCH_KEYS) {
    if (!Object.hasOwn(node, key)) issues.push(invalid(below(place, key), `'${key}' is required`, undefined));
  }
  for (const key of Object.keys(node)) {
    if (BRANCH_KEYS.includes(key)) continue;
    issues.push(invalid(below(place, key), 'a branch has left, operator and right, and nothing else', node[key]));
    if (issues.length >= ISSUES_MAX) break;
  }
  const { operator } = node;
  if (Object.hasOwn(node, 'operator') && operator !== 'and' && operator !== 'or') {
    issues.push(invalid(below(place, 'operator'), 'the operator is "and" or "or"', operator));
  }
  return issues;
}
