import { setImmediate } from 'node:timers/promises';

/** How long calls of others may have to wait for work on texts, ms. */
const WORK_MS_MAX = 8;

/**
 * Await it between pieces of work that keep the thread busy: now and then it lets others have their turn. However many work
 * like this at once, one of them does between two looks at what has come for everybody else.
 */
export function createBreath(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < WORK_MS_MAX) return;
    turn = turn.then(() => setImmediate());
    await turn;
    since = performance.now();
  };
}

/** Of whoever waits last. */
let turn: Promise<void> = Promise.resolve();
