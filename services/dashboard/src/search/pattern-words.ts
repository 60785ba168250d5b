import type { Pattern } from './asked-sessions.ts';

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
  if ('loop' in pattern) {
    const { from, to } = pattern.loop;
    return from === to ? `took ${to} again right after it` : `went from ${from} straight back to ${to}`;
  }
  const { position, at, next, isLoop } = pattern;
  const here = at === undefined ? `have a step ${position}` : `have ${placeWords(at)} as step ${position}`;
  if (next === undefined) return here;
  if (typeof next === 'string') return `${here}, ${ENDS[next]}`;
  return `${here}, then ${isLoop ? 'go back to ' : ''}${placeWords(next)}`;
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
