import type { Turns } from './turns.ts';

/** Of names that are counted; beyond it the one asked for longest ago is forgotten. */
const NAMES_MAX = 100_000;

interface Turn {
  next: number;
  /** `performance.now`. */
  until: number;
}

/** Turns of one process: who counts on them ends with it. */
export function memoryTurns(namesMax = NAMES_MAX): Turns {
  const turns = new Map<string, Turn>();
  return {
    async next(name, keepMs) {
      const now = performance.now();
      const known = turns.get(name);
      const turn = known && known.until > now ? known : { next: 0, until: 0 };
      turn.until = now + keepMs;
      turns.delete(name);
      turns.set(name, turn);
      if (turns.size > namesMax) turns.delete(turns.keys().next().value!);
      return turn.next++;
    },
  };
}
