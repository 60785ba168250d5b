import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryDeps } from '../query-deps.ts';

/** A call that has just ended shows within this many milliseconds as a rule; it is looked for as often. */
const LOOK_EVERY_MS = 100;

/**
 * What is being annotated may have been called a moment ago: it is looked for until the stores reflect everything that was
 * logged before, or time is up.
 *
 * @param look reads it. @param asOf up to which instant what `look` reads reflects the log, epoch ms.
 * @param untilMs by `performance.now()`.
 * @returns undefined: there is none.
 */
export async function findTarget<T>(
  look: () => Promise<T | undefined>,
  asOf: () => number,
  { clock, untilMs }: { readonly clock: QueryDeps['clock']; readonly untilMs: number },
): Promise<T | undefined> {
  const calledAt = clock.now();
  for (;;) {
    const reflected = asOf();
    const found = await look();
    if (found !== undefined || reflected >= calledAt || performance.now() + LOOK_EVERY_MS > untilMs) return found;
    await sleep(LOOK_EVERY_MS);
  }
}
