import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { sessionFlowAnswer } from '@throughline/contracts/api/flow-answer';
import type { SessionFlowBody } from '@throughline/contracts/api/patterns-query';
import type { z } from 'zod';
import { countSessions } from '../count-sessions.ts';
import type { SessionSelection } from '../select-sessions.ts';

export type Flow = z.output<typeof sessionFlowAnswer>['data'];

export async function readFlow(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection,
  _asked: Omit<SessionFlowBody, 'filter'>,
): Promise<Flow> {
  const { count } = await countSessions(analytics, selection, 'session');
  return { sessions: count, sessions_without_steps: count, truncated_sessions: 0, nodes: [], links: [], loops: [] };
}
