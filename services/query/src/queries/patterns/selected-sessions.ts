import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { SessionSelection } from '../select-sessions.ts';
import { sessionSource } from '../session-source.ts';
import type { SqlPart } from '../sql-part.ts';
import { readWindowEdges } from '../window-edges.ts';

/** `FROM … WHERE …` of the selected sessions, whole, as `s`. */
export async function selectedSessions(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection,
): Promise<SqlPart> {
  const edges = await readWindowEdges(analytics, selection);
  return sessionSource({ ...selection, edges }, 'session');
}
