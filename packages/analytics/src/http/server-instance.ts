import { randomUUID } from 'node:crypto';

/** What a server says of itself at one moment. */
export interface ServerSighting {
  readonly host: string;
  /** Its clock, epoch milliseconds. */
  readonly nowMs: number;
  /** Whole seconds since it started, rounded down. */
  readonly uptimeSeconds: number;
}

/** `ServerSighting` as a query. */
export const SIGHTING_SQL =
  'SELECT hostName() AS host, toString(toUnixTimestamp64Milli(now64(3))) AS now_ms, toString(uptime()) AS uptime';

/** Tells from what servers say whether one of them has restarted. */
export interface ServerInstances {
  /** @returns the name of everything seen so far; another one once a server was seen to have restarted. */
  see(sighting: ServerSighting): string;
}

/**
 * How far the time of a start may seem to move without a restart: a clock that is being set right. A restart takes
 * longer. A clock that jumps is taken for a restart, which costs one look for lost rows.
 */
const SLACK_MS = 250;

/**
 * A server has no name for its run, only the seconds since it began. Its clock minus those gives the second in which it
 * started; several sightings narrow that down, and one that does not fit is of another run. Behind one address there may
 * be several hosts: each is followed by itself, and one that was not seen before has not restarted.
 */
export function watchInstances(): ServerInstances {
  const run = randomUUID();
  const starts = new Map<string, { from: number; to: number; uptimeSeconds: number }>();
  let restarts = 0;
  return {
    see({ host, nowMs, uptimeSeconds }) {
      const to = nowMs - uptimeSeconds * 1000;
      const seen = { from: to - 1000, to, uptimeSeconds };
      const known = starts.get(host);
      if (known) {
        const hasRestarted =
          uptimeSeconds < known.uptimeSeconds || seen.to < known.from - SLACK_MS || seen.from > known.to + SLACK_MS;
        if (hasRestarted) restarts++;
        else {
          seen.from = Math.max(seen.from, known.from);
          seen.to = Math.max(seen.from, Math.min(seen.to, known.to));
        }
      }
      starts.set(host, seen);
      return `${run}-${restarts}`;
    },
  };
}
