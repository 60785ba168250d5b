import { visibleText } from '../../../format/visible-text.ts';
import type { Choice } from '../../../ui/combobox.tsx';
import type { ChosenPath } from './replay-form.ts';

/** A path that can be chosen, and how many steps that would be. */
export interface PathChoice extends ChosenPath {
  readonly steps: number;
}

/**
 * What a person may restrict a replay to: every path that was sent, and everything below each that has something below it.
 *
 * @param sent paths as they were sent, one per step.
 */
export function pathChoices(sent: readonly string[]): PathChoice[] {
  const own = new Map<string, number>();
  for (const path of sent) own.set(path, (own.get(path) ?? 0) + 1);
  const below = new Map<string, number>();
  for (const [path, steps] of own) {
    for (let at = path.indexOf('/', 1); at !== -1; at = path.indexOf('/', at + 1)) {
      const parent = path.slice(0, at);
      // A slash at its end has nothing below it.
      if (at < path.length - 1) below.set(parent, (below.get(parent) ?? 0) + steps);
    }
  }
  const choices: PathChoice[] = Array.from(own, ([path, steps]) => ({ path, match: 'equals', steps }));
  for (const [path, steps] of below) choices.push({ path, match: 'prefix', steps: steps + (own.get(path) ?? 0) });
  return choices.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.match === 'equals' ? -1 : 1));
}

/** As the list shows it, and as one text. */
export function asChoice({ path, match, steps }: PathChoice): Choice {
  return {
    value: JSON.stringify([match, path]),
    label: pathLabel(path),
    note: `${match === 'prefix' ? 'and below, ' : ''}${steps} ${steps === 1 ? 'step' : 'steps'}`,
  };
}

export function pathLabel(path: string): string {
  return path === '' ? 'without a path' : visibleText(path);
}
