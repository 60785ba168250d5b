import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { PAGE } from '@throughline/analytics/read-settings';
import { levelsOf } from '@throughline/filter-tree/filter-sql';
import { snapshotSql } from '@throughline/filter-tree/snapshot-sql';
import { overlapsWindow, type SessionSelection, selectSessions, wholeFilter } from './select-sessions.ts';
import type { SqlPart } from './sql-part.ts';
import { edgesInside } from './window-edges.ts';

/** What is read of a session to look its requests up. */
export interface LikelySession {
  readonly session_id: string;
  readonly created_at_ms: string;
  readonly latest_request_at_ms: string;
}

/** Sessions looked at in all for a short page; where that is not enough, the requests of the whole window are asked at once. */
const LOOKED_AT_MAX = 2_000;
/** For a long one, by its sessions. */
const LOOKED_AT_PER_WANTED = 4;

/**
 * The first of the selected sessions in the list's own order, found from the newest on: snapshots say which sessions can
 * be selected, requests of those few whether they are. What is read depends on how many are wanted and not on how many
 * there are, as long as a fair share of those that can be selected is.
 *
 * @param read a query of rows, newest first, of sessions that satisfy a condition, behind a row where one is given.
 * @returns `wanted` sessions; undefined where there are fewer that began inside the window, or too few among many.
 */
export async function findLikelySessions<Row extends LikelySession>(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection,
  wanted: number,
  read: (source: SqlPart, behind: Row | undefined, limit: number) => Promise<Row[]>,
): Promise<Row[] | undefined> {
  const filter = wholeFilter(selection);
  if (!levelsOf(filter).request) return undefined;
  const options = { requestAlias: 'r', sessionAlias: 's', paramPrefix: 'likely', nowMs: selection.nowMs };
  const likely = snapshotSql(filter, options);
  if (likely === undefined) return undefined;
  const inside = { ...selection, edges: edgesInside(selection) };
  const overlaps = overlapsWindow(inside);
  const source = {
    sql: `sessions AS s FINAL\nWHERE (${overlaps.sql}) AND ${likely.sql}`,
    params: { ...overlaps.params, ...likely.params },
  };
  const most = Math.max(LOOKED_AT_MAX, LOOKED_AT_PER_WANTED * wanted);
  const found: Row[] = [];
  let behind: Row | undefined;
  let lookedAt = 0;
  let size = 2 * wanted;
  while (lookedAt + size <= most) {
    const rows = await read(source, behind, size);
    if (rows.length > 0) {
      const selected = await selectedOf(analytics, inside, rows);
      found.push(...rows.filter(({ session_id }) => selected.has(session_id)));
    }
    if (found.length >= wanted) return found.slice(0, wanted);
    if (rows.length < size) return undefined;
    lookedAt += size;
    behind = rows.at(-1)!;
    // As many more as it takes at this rate, and half of that: Infinity where none was selected.
    size = Math.ceil((1.5 * (wanted - found.length) * lookedAt) / found.length);
  }
  return undefined;
}

/** Which of these sessions are selected: only their requests are looked at, a range of the sort key. */
async function selectedOf(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection,
  sessions: readonly LikelySession[],
): Promise<ReadonlySet<string>> {
  const first = Math.min(...sessions.map(({ created_at_ms }) => Number(created_at_ms)));
  const last = Math.max(...sessions.map(({ created_at_ms }) => Number(created_at_ms)));
  const latest = Math.max(...sessions.map(({ latest_request_at_ms }) => Number(latest_request_at_ms)));
  const { sql, params } = selectSessions({
    ...selection,
    edges: { fromMs: first, areSpanning: false },
    requests: { fromMs: first, throughMs: latest },
  });
  const rows = await analytics.query<{ id: string }>({
    sql: `
SELECT s.session_id AS id FROM sessions AS s FINAL
WHERE ${sql} AND s.created_at <= fromUnixTimestamp64Milli({lastCreated:Int64}, 'UTC') AND s.session_id IN {sessions:Array(String)}`,
    params: { ...params, lastCreated: last, sessions: sessions.map(({ session_id }) => session_id) },
    settings: PAGE,
  });
  return new Set(rows.map(({ id }) => id));
}
