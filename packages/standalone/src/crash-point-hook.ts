import { ALL_CRASH_POINTS, type CrashPoint } from './crash-points.ts';
import { StartError } from './start-error.ts';

/**
 * For fault tests: `THROUGHLINE_CRASH_AT=<point>[#<n>]` ends this process, as `kill -9` would, when it reaches the named
 * step for the n-th time (1 by default). Undefined when unset: production calls nothing.
 *
 * @throws StartError for a step that does not exist: a test of it would pass without having tested anything.
 * @see crash-points.ts for the names
 */
export function crashPointHook(
  env: Readonly<Record<string, string | undefined>>,
): ((name: CrashPoint) => void) | undefined {
  const wanted = env.THROUGHLINE_CRASH_AT;
  if (!wanted) return undefined;
  const [, point, times = '1'] = /^([^#]*)(?:#([1-9]\d*))?$/.exec(wanted) ?? [];
  if (!ALL_CRASH_POINTS.some((known) => known === point)) {
    throw new StartError(`THROUGHLINE_CRASH_AT=${JSON.stringify(wanted)} names no step, or no number of times.`);
  }
  let left = Number(times);
  return (name) => {
    if (name === point && --left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
