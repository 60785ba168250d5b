import type { RequestRow } from '@throughline/contracts/request-row';
import type { SessionRow } from '@throughline/contracts/session-row';
import { evaluateFilter } from '@throughline/filter-tree/evaluate';
import { parseFilter } from '@throughline/filter-tree/parse-filter';
import type { Fixtures } from './fixtures.ts';
import { NOW } from './query-server.ts';

/** A session that a query selects, by the definition. */
export interface SelectedSession {
  readonly session: SessionRow;
  /** All names, ascending, however many. */
  readonly names: readonly string[];
  readonly requests: readonly RequestRow[];
  /** Those inside the window that make the filter true: at least one. */
  readonly matching: readonly RequestRow[];
}

/**
 * What "selected" means, computed from the requests themselves.
 *
 * @param timeFilter exclusive bounds, epoch ms; left out: any time.
 */
export function selectedSessions(
  fixtures: Fixtures,
  asked: { filter?: unknown; timeFilter?: { startTimeUnixMs: number; endTimeUnixMs: number } | undefined },
): SelectedSession[] {
  const parsed = parseFilter(asked.filter ?? 'all');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const { startTimeUnixMs: start, endTimeUnixMs: end } = asked.timeFilter ?? {
    startTimeUnixMs: Number.NEGATIVE_INFINITY,
    endTimeUnixMs: Number.POSITIVE_INFINITY,
  };
  return fixtures.sessions
    .map((session) => {
      const requests = fixtures.requests.filter((row) => row.session_id === session.session_id);
      const names = [...new Set(requests.map(({ session_name }) => session_name))].filter((name) => name !== '').sort();
      const facts = { ...session, session_names: names };
      const matching = requests.filter(
        (row) => row.ordered_at > start && row.ordered_at < end && evaluateFilter(parsed.filter, row, facts, NOW),
      );
      return { session, names, requests, matching };
    })
    .filter(({ matching }) => matching.length > 0);
}

/** By bytes, as the engine orders text. */
export function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
