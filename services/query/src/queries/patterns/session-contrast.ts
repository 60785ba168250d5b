import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import type { sessionContrastAnswer } from '@throughline/contracts/api/contrast-answer';
import type { SessionContrastBody } from '@throughline/contracts/api/patterns-query';
import type { z } from 'zod';
import type { AskedSessions } from '../../read-selection.ts';
import type { SessionSelection } from '../select-sessions.ts';
import { readContrastFeatures } from './contrast-features.ts';
import { contrastGroups } from './contrast-groups.ts';
import { readContrastMetrics } from './contrast-metrics.ts';

export type Contrast = z.output<typeof sessionContrastAnswer>['data'];

/** In what two groups of sessions differ. @param select reads what a body asks for. */
export async function readContrast(
  analytics: Pick<AnalyticsStore, 'query'>,
  select: (asked: AskedSessions) => SessionSelection,
  asked: SessionContrastBody,
): Promise<Contrast> {
  const groups = await contrastGroups(analytics, select, asked);
  const { sql, params } = groups.rows('empty(s.paths) AS without');
  const rows = await analytics.query<{ is_a: number; sessions: string; without_paths: string }>({
    sql: `SELECT is_a, count() AS sessions, sum(without) AS without_paths FROM (${sql}) GROUP BY is_a`,
    params,
    settings: FINAL,
  });
  const of = (isA: number) => {
    const row = rows.find(({ is_a: found }) => found === isA);
    return { sessions: Number(row?.sessions ?? 0), sessions_without_paths: Number(row?.without_paths ?? 0) };
  };
  const [a, b] = [of(1), of(0)];
  const [metrics, features] = await Promise.all([
    readContrastMetrics(analytics, groups),
    readContrastFeatures(
      analytics,
      groups,
      {
        a: a.sessions,
        b: b.sessions,
        aWithPaths: a.sessions - a.sessions_without_paths,
        bWithPaths: b.sessions - b.sessions_without_paths,
      },
      asked.kinds,
    ),
  ]);
  return {
    a: { ...a, filter: groups.filters.a },
    b: { ...b, filter: groups.filters.b },
    metrics,
    features,
  };
}
