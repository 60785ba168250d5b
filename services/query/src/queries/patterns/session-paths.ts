import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import type { sessionPathsAnswer } from '@throughline/contracts/api/flow-answer';
import type { PathSort } from '@throughline/contracts/api/patterns-query';
import { decimalToPico, picoToUsd } from '@throughline/contracts/money';
import { ELLIPSIS } from '@throughline/session-totals/path-tree';
import type { z } from 'zod';
import type { SessionSelection } from '../select-sessions.ts';
import { isFoldableSql } from './fold-path.ts';
import { selectedSessions } from './selected-sessions.ts';
import { type StepView, viewedPaths } from './step-arrays.ts';

export type Paths = z.output<typeof sessionPathsAnswer>['data'];

export interface PathsAsked {
  readonly foldPaths?: boolean | undefined;
  readonly pathLevels?: number | undefined;
  readonly sort?: PathSort | undefined;
  readonly limit?: number | undefined;
}

const ORDER: Readonly<Record<PathSort, string>> = {
  cost: 'cost',
  avg_cost: 'toFloat64(cost) / requests',
  avg_latency: 'latency / requests',
  requests: 'requests',
  errors: 'errors',
  sessions: 'sessions',
};
const PATHS_DEFAULT = 50;

interface Row {
  readonly path: string;
  readonly sessions: string;
  readonly requests: string;
  readonly errors: string;
  readonly cost: string;
  readonly latency: string;
  readonly all_cost: string;
  /** 1: some path is another one when it is folded. */
  readonly folds: number;
}

/** What each path comes to in the selected sessions. */
export async function readPaths(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection,
  { foldPaths = true, pathLevels, sort = 'cost', limit = PATHS_DEFAULT }: PathsAsked,
): Promise<Paths> {
  const source = await selectedSessions(analytics, selection);
  const { params } = source;
  const rowsOf = (isFolding: boolean) =>
    analytics.query<Row>({
      sql: pathsSql(source.sql, { foldPaths: isFolding, pathLevels }, sort),
      params: { ...params, limit },
      settings: FINAL,
    });
  const [[counts], asTheyAre] = await Promise.all([
    analytics.query<{ sessions: string; without: string }>({
      sql: `SELECT count() AS sessions, countIf(empty(s.paths.path)) AS without FROM ${source.sql}`,
      params,
      settings: FINAL,
    }),
    rowsOf(false),
  ]);
  const rows = foldPaths && asTheyAre[0]?.folds === 1 ? await rowsOf(true) : asTheyAre;
  const allPico = decimalToPico(rows[0]?.all_cost ?? '0');
  return {
    sessions: Number(counts!.sessions),
    sessions_without_paths: Number(counts!.without),
    total_cost: picoToUsd(allPico),
    paths: rows.map((row) => {
      const requests = Number(row.requests);
      const pico = decimalToPico(row.cost);
      const cost = picoToUsd(pico);
      return {
        path: row.path,
        sessions: Number(row.sessions),
        requests,
        errors: Number(row.errors),
        cost,
        avg_cost: cost / requests,
        avg_latency: Number(row.latency) / requests,
        share_of_cost: allPico <= 0n ? 0 : Math.min(Math.max(Number(pico) / Number(allPico), 0), 1),
        pattern:
          row.path === ELLIPSIS
            ? null
            : { steps: [{ path: row.path, match: matchOf(row.path, pathLevels) }], ...(!foldPaths && { foldPaths }) },
      };
    }),
  };
}

/** Paths that nothing can be folded in are grouped as they are stored, by a dictionary: three times as fast. */
function pathsSql(source: string, view: StepView, sort: PathSort): string {
  return `
SELECT path, sessions, requests, errors, toString(cost) AS cost, latency, toString(sum(by_path.cost) OVER ()) AS all_cost,
  max(${isFoldableSql('path')}) OVER () AS folds
FROM (
  SELECT path, countIf(nth = 1) AS sessions, sum(calls) AS requests, sum(failed) AS errors, sum(spent) AS cost,
    sum(took) AS latency
  FROM (
    SELECT ${viewedPaths('s.paths.path', view)} AS all_paths, arrayEnumerateUniq(all_paths) AS places,
      s.paths.requests AS all_calls, s.paths.errors AS all_failed, s.paths.cost AS all_spent, s.paths.latency_ms AS all_took
    FROM ${source}
  )
  ARRAY JOIN all_paths AS path, places AS nth, all_calls AS calls, all_failed AS failed, all_spent AS spent, all_took AS took
  GROUP BY path
) AS by_path
ORDER BY ${ORDER[sort].replaceAll(/\b(cost|latency|requests|errors|sessions)\b/g, 'by_path.$1')} DESC, path ASC
LIMIT {limit:UInt32}`;
}

/** A path that was cut stands for all below it. */
function matchOf(path: string, pathLevels: number | undefined): 'equals' | 'prefix' {
  return pathLevels !== undefined && path.split('/').length - 1 >= pathLevels && path !== '/' ? 'prefix' : 'equals';
}
