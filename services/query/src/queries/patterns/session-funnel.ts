import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { sessionFunnelAnswer } from '@throughline/contracts/api/funnel-answer';
import type { PatternStep } from '@throughline/contracts/api/session-pattern';
import type { z } from 'zod';
import { countSessions } from '../count-sessions.ts';
import type { SessionSelection } from '../select-sessions.ts';

export type Funnel = z.output<typeof sessionFunnelAnswer>['data'];

export async function readFunnel(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection,
  _steps: readonly PatternStep[],
): Promise<Funnel> {
  const { count } = await countSessions(analytics, selection, 'session');
  return { sessions: count, sessions_without_steps: count, truncated_sessions: 0, steps: [] };
}
