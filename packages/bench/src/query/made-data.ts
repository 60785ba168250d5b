import { BODY_COLUMN_NAMES, bodyRowsSql } from './body-rows-sql.ts';
import type { EngineSession } from './engine-session.ts';
import { OFFSETS_PER_SESSION, REQUEST_COLUMN_NAMES, requestRowsSql } from './request-rows-sql.ts';
import {
  SESSION_COLUMN_NAMES,
  SESSION_KEY_COLUMN_NAMES,
  STALE_SNAPSHOTS_SQL,
  sessionKeyRowsSql,
  sessionRowsSql,
} from './session-rows-sql.ts';
import { DAY_MS, ENDS_AT, type Size } from './size.ts';

/** Sessions of one round of inserts: half a million requests. */
const SESSIONS_PER_ROUND = 50_000;

/** Requests that have bodies: the newest. */
const BODIES_MAX = 1_000_000;

/** Longer than any session is. */
const SESSION_MS_MAX = 3 * DAY_MS;

/**
 * Fills the tables as the gateway and the aggregator would have: rows by the engine itself, round by round in the order of
 * time, snapshots folded from them.
 */
export async function makeData(
  engine: EngineSession,
  size: Size,
  options: { readonly bodies: boolean; readonly progress: (text: string) => void },
): Promise<void> {
  const startedAt = ENDS_AT - size.days * DAY_MS;
  const firstWithBodies = Math.max(0, size.sessions - (BODIES_MAX * size.sessions) / size.requests);
  for (let from = 0; from < size.sessions; from += SESSIONS_PER_ROUND) {
    const count = Math.min(SESSIONS_PER_ROUND, size.sessions - from);
    options.progress(`${size.requests} requests: sessions from ${from} of ${size.sessions}`);
    const insert = (table: string, columns: string, select: string) =>
      engine.run(`INSERT INTO ${table} (${columns}) ${select} ${INSERTING}`);
    await insert('requests', REQUEST_COLUMN_NAMES, requestRowsSql(size, from, count));
    const time = (session: number) => startedAt + Math.floor((session / size.sessions) * size.days * DAY_MS);
    const round = `source_offset >= ${from * OFFSETS_PER_SESSION} AND source_offset < ${(from + count) * OFFSETS_PER_SESSION}
    AND ordered_at >= fromUnixTimestamp64Milli(${time(from)}, 'UTC')
    AND ordered_at < fromUnixTimestamp64Milli(${time(from + count) + SESSION_MS_MAX}, 'UTC')`;
    await insert('sessions', SESSION_COLUMN_NAMES, sessionRowsSql(round));
    await insert('session_keys', SESSION_KEY_COLUMN_NAMES, sessionKeyRowsSql(round));
    if (options.bodies && from + count > firstWithBodies) {
      const withBodies = `source_offset >= ${Math.ceil(firstWithBodies) * OFFSETS_PER_SESSION}`;
      await insert('request_bodies', BODY_COLUMN_NAMES, bodyRowsSql(`${withBodies} AND ${round}`));
    }
  }
  // The same state of merges at every size: one part, and a small one with rows of all times.
  await engine.run('OPTIMIZE TABLE sessions FINAL');
  await engine.run(`INSERT INTO sessions (${SESSION_COLUMN_NAMES}) ${STALE_SNAPSHOTS_SQL} ${INSERTING}`);
}

const INSERTING = 'SETTINGS async_insert = 0, max_memory_usage = 6000000000, max_execution_time = 0';
