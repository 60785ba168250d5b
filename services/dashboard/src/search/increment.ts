const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How time is cut for a chart: as the API names it, and about how long each piece is. */
export interface Increment {
  readonly name: 'min' | 'hour' | 'day' | 'week';
  /** For people: "per hour". */
  readonly word: string;
  readonly ms: number;
}

/** The shortest pieces of which a chart still shows each: some hundreds at most. */
export function incrementFor(fromMs: number, toMs: number): Increment {
  const span = toMs - fromMs;
  if (span <= 4 * HOUR_MS) return { name: 'min', word: 'minute', ms: 60_000 };
  if (span <= 9 * DAY_MS) return { name: 'hour', word: 'hour', ms: HOUR_MS };
  if (span <= 400 * DAY_MS) return { name: 'day', word: 'day', ms: DAY_MS };
  return { name: 'week', word: 'week', ms: 7 * DAY_MS };
}
