import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { sessionContrastAnswer } from '@throughline/contracts/api/contrast-answer';
import type { SessionContrastBody } from '@throughline/contracts/api/patterns-query';
import type { z } from 'zod';
import type { AskedSessions } from '../../read-selection.ts';
import { countSessions } from '../count-sessions.ts';
import type { SessionSelection } from '../select-sessions.ts';

export type Contrast = z.output<typeof sessionContrastAnswer>['data'];

export async function readContrast(
  analytics: Pick<AnalyticsStore, 'query'>,
  select: (asked: AskedSessions) => SessionSelection,
  asked: SessionContrastBody,
): Promise<Contrast> {
  const { count } = await countSessions(analytics, select(asked), 'session');
  const group = { sessions: count, sessions_without_paths: count, filter: null };
  return { a: group, b: group, metrics: [], features: [] };
}
