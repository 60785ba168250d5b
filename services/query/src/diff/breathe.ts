import { setImmediate } from 'node:timers/promises';

/** How long calls of others may have to wait for work on texts, ms. */
const WORK_MS_MAX = 8;

/** Await it between pieces of work that keep the thread busy: now and then it lets others have their turn. */
export function createBreath(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < WORK_MS_MAX) return;
    await setImmediate();
    since = performance.now();
  };
}
