/**
 * For fault tests: `THROUGHLINE_CRASH_AT=<point>[#<n>]` ends this process, as `kill -9` would, when it reaches the named
 * step for the n-th time (1 by default). Undefined when unset: production calls nothing.
 *
 * @see crash-points.ts for the names
 */
export function crashPointHook(
  env: Readonly<Record<string, string | undefined>>,
): ((name: string) => void) | undefined {
  const wanted = env.THROUGHLINE_CRASH_AT;
  if (!wanted) return undefined;
  const match = /^(.*?)(?:#(\d+))?$/.exec(wanted)!;
  const [, point, times] = match;
  let left = Number(times ?? 1);
  return (name) => {
    if (name === point && --left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
