/** How calls are spread over sessions: so many of them take turns, until each has all of its calls; then come new ones. */
export interface CallSpread {
  /** Sessions that take turns. */
  readonly sessionsAtOnce: number;
  readonly callsPerSession: number;
}

/** Which session a call belongs to, and which call of it it is. All from 0. */
export function placeOf(
  number: number,
  { sessionsAtOnce, callsPerSession }: CallSpread,
): { readonly session: number; readonly call: number } {
  const perGeneration = sessionsAtOnce * callsPerSession;
  const within = number % perGeneration;
  return {
    session: Math.floor(number / perGeneration) * sessionsAtOnce + (within % sessionsAtOnce),
    call: Math.floor(within / sessionsAtOnce),
  };
}

/** How many sessions the first so many calls belong to. */
export function sessionsOf(calls: number, { sessionsAtOnce, callsPerSession }: CallSpread): number {
  const perGeneration = sessionsAtOnce * callsPerSession;
  const whole = Math.floor(calls / perGeneration);
  return whole * sessionsAtOnce + Math.min(sessionsAtOnce, calls % perGeneration);
}
