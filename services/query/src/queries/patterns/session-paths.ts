import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { sessionPathsAnswer } from '@throughline/contracts/api/flow-answer';
import type { PathSort } from '@throughline/contracts/api/patterns-query';
import type { z } from 'zod';
import { countSessions } from '../count-sessions.ts';
import type { SessionSelection } from '../select-sessions.ts';

export type Paths = z.output<typeof sessionPathsAnswer>['data'];

export async function readPaths(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection,
  _asked: {
    readonly pathLevels?: number | undefined;
    readonly sort?: PathSort | undefined;
    readonly limit?: number | undefined;
  },
): Promise<Paths> {
  const { count } = await countSessions(analytics, selection, 'session');
  return { sessions: count, sessions_without_paths: count, total_cost: 0, paths: [] };
}
