import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { listSessions } from '../queries/list-sessions.ts';
import type { SessionSelection } from '../queries/select-sessions.ts';
import type { AnsweredFacts } from '../queries/session-columns.ts';

/**
 * The selected sessions, newest first, page by page as they are taken: each once, neither skipped nor repeated while others
 * come in.
 *
 * @param limit sessions of a page, 1000 at most.
 */
export async function* sessionPages(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection,
  limit: number,
): AsyncGenerator<readonly AnsweredFacts[], void, undefined> {
  let cursor: string | undefined;
  do {
    const page = { field: 'created_at', direction: 'desc', limit, offset: 0, cursor } as const;
    const { sessions, nextCursor } = await listSessions(analytics, selection, page, 'session');
    yield sessions;
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
}
