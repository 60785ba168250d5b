import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import type { sessionFunnelAnswer } from '@throughline/contracts/api/funnel-answer';
import type { PatternStep } from '@throughline/contracts/api/session-pattern';
import type { z } from 'zod';
import type { SessionSelection } from '../select-sessions.ts';
import { reachedSql } from './funnel-sql.ts';
import { selectedSessions } from './selected-sessions.ts';
import { shownPath } from './shown-path.ts';
import { isCut } from './step-arrays.ts';

export type Funnel = z.output<typeof sessionFunnelAnswer>['data'];

export interface FunnelAsked {
  readonly steps: readonly PatternStep[];
  readonly foldPaths?: boolean | undefined;
}

/** How many of the selected sessions took some steps in order, up to each of them. */
export async function readFunnel(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection,
  { steps, foldPaths = true }: FunnelAsked,
): Promise<Funnel> {
  const source = await selectedSessions(analytics, selection);
  const reached = reachedSql(steps, 's', 'step', foldPaths);
  const rows = await analytics.query<{ reached: number; sessions: string; cut: string }>({
    sql: `
SELECT if(empty(s.steps.path), ${NOT_KNOWN}, ${reached.sql}) AS reached, count() AS sessions,
  countIf(notEmpty(s.steps.path) AND ${isCut('s')}) AS cut
FROM ${source.sql}
GROUP BY reached`,
    params: { ...source.params, ...reached.params },
    settings: FINAL,
  });
  const sum = (of: typeof rows, field: 'sessions' | 'cut' = 'sessions') =>
    of.reduce((all, row) => all + Number(row[field]), 0);
  const known = rows.filter(({ reached: place }) => place !== NOT_KNOWN);
  const through = Array.from({ length: steps.length + 1 }, (_, least) =>
    sum(known.filter(({ reached: place }) => place >= least)),
  );
  const pattern = { steps: [...steps], ...(!foldPaths && { foldPaths }) };
  return {
    sessions: sum(rows),
    sessions_without_steps: sum(rows) - sum(known),
    truncated_sessions: sum(known, 'cut'),
    steps: steps.map(({ path, match = 'equals' }, index) => ({
      path: shownPath(path, foldPaths),
      match,
      sessions: through[index + 1]!,
      share_of_first: share(through[index + 1]!, through[1]!),
      share_of_previous: share(through[index + 1]!, through[index]!),
      dropped: through[index]! - through[index + 1]!,
      reached_pattern: { ...pattern, reached: index + 1 },
      dropped_pattern: { ...pattern, droppedAfter: index },
    })),
  };
}

/** More steps than a funnel has. */
const NOT_KNOWN = 255;

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
