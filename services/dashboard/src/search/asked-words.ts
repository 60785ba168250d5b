import { money } from '../format/money.ts';
import type { Pattern } from './asked-sessions.ts';
import type { Filter } from './filter-param.ts';

/** What a condition on steps asks for, in words that go on from "Sessions that". */
export function patternWords(pattern: Pattern): string {
  if ('steps' in pattern) {
    const { steps, reached, droppedAfter } = pattern;
    const names = steps.map(({ path, match }) => (match === 'prefix' ? `${path} or below` : path));
    if (droppedAfter === undefined) return `took ${inOrder(names.slice(0, reached ?? names.length))}`;
    if (droppedAfter === 0) return `never took ${names[0] ?? ''}`;
    const missed = names[droppedAfter];
    return `took ${inOrder(names.slice(0, droppedAfter))}${missed === undefined ? '' : `, and not ${missed} after that`}`;
  }
  const { position, at, next, isLoop } = pattern;
  const here = at === undefined ? `have a step ${position}` : `have ${placeWords(at)} as step ${position}`;
  if (next === undefined) return here;
  if (typeof next === 'string') return `${here}, ${ENDS[next]}`;
  return `${here}, then ${isLoop ? 'go back to ' : ''}${placeWords(next)}`;
}

/** What a filter asks for. */
export function filterWords(filter: Filter): string {
  if (filter === 'all') return 'all';
  if ('operator' in filter) {
    const { left, operator, right } = filter;
    return [left, right]
      .map((side) => {
        const words = filterWords(side);
        return side !== 'all' && 'operator' in side && side.operator !== operator ? `(${words})` : words;
      })
      .join(` ${operator} `);
  }
  const conditions: string[] = [];
  for (const [table, columns] of Object.entries(filter)) {
    for (const [column, condition] of Object.entries(columns ?? {})) {
      const keyed = column === 'properties' || column === 'scores';
      if (keyed) for (const [key, one] of Object.entries(condition ?? {})) conditions.push(conditionWords(key, one));
      else conditions.push(conditionWords(table === 'properties' ? column : columnWords(column), condition, column));
    }
  }
  return conditions.join(' and ');
}

function inOrder(names: readonly string[]): string {
  return names.join(', then ');
}

function placeWords(place: { readonly path: string } | { readonly noneOf: readonly string[] }): string {
  if ('path' in place) return place.path;
  return place.noneOf.length === 0 ? 'any path' : 'a path that is not shown by itself';
}

const ENDS = {
  end: 'and it is their last',
  more: 'and go on after it',
  unknown: 'and go on to a step that is not kept',
} as const;

function columnWords(column: string): string {
  return column.replace(/^session_/, '').replaceAll('_', ' ');
}

function conditionWords(name: string, condition: unknown, column = ''): string {
  const said = Object.entries((condition ?? {}) as Readonly<Record<string, unknown>>);
  return said
    .map(([operator, value]) => {
      const shown = column.endsWith('cost') && typeof value === 'number' ? money(value) : String(value);
      return `${name} ${OPERATORS.get(operator) ?? operator} ${shown === '' ? 'empty' : shown}`;
    })
    .join(' and ');
}

const OPERATORS: ReadonlyMap<string, string> = new Map([
  ['equals', 'is'],
  ['not-equals', 'is not'],
  ['contains', 'contains'],
  ['not-contains', 'does not contain'],
  ['like', 'is like'],
  ['ilike', 'is like'],
  ['gt', '>'],
  ['gte', '≥'],
  ['lt', '<'],
  ['lte', '≤'],
]);
