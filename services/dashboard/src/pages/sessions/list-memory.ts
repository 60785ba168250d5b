import type { Whereabouts } from './session-grid.tsx';

/** Lists whose scroll position is remembered. */
const LISTS_MAX = 50;

const kept = new Map<string, Whereabouts>();

/** Where a reader was in a list. @param key of its picture. */
export function whereaboutsIn(key: string): Whereabouts | undefined {
  return kept.get(key);
}

export function keepWhereabouts(key: string, whereabouts: Whereabouts): void {
  kept.delete(key);
  kept.set(key, whereabouts);
  const [oldest] = kept.keys();
  if (kept.size > LISTS_MAX && oldest !== undefined) kept.delete(oldest);
}
