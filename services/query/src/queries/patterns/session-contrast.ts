import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL, MATERIALIZED } from '@throughline/analytics/read-settings';
import {
  FEATURE_KINDS,
  type FeatureKind,
  type sessionContrastAnswer,
} from '@throughline/contracts/api/contrast-answer';
import type { SessionContrastBody } from '@throughline/contracts/api/patterns-query';
import type { z } from 'zod';
import type { AskedSessions } from '../../read-selection.ts';
import type { SessionSelection } from '../select-sessions.ts';
import {
  canFold,
  type FeatureRow,
  FOLDED_PATH_COLUMNS,
  featureColumns,
  featureRowsSql,
  type GroupSizes,
  OWN_KEYS,
  PATHS,
  toFeatures,
} from './contrast-features.ts';
import { type ContrastGroups, contrastGroups } from './contrast-groups.ts';
import { METRIC_COLUMNS, type MetricRow, metricRowsSql, toMetrics } from './contrast-metrics.ts';

export type Contrast = z.output<typeof sessionContrastAnswer>['data'];

/** In what two groups of sessions differ. @param select reads what a body asks for. */
export async function readContrast(
  analytics: Pick<AnalyticsStore, 'query'>,
  select: (asked: AskedSessions) => SessionSelection,
  asked: SessionContrastBody,
): Promise<Contrast> {
  const groups = await contrastGroups(analytics, select, asked);
  const kinds = new Set(asked.kinds ?? FEATURE_KINDS);
  const { foldPaths = true } = asked;
  const { sizes, metrics, features: found } = await readTogether(analytics, groups, kinds);
  const isFolded = foldPaths && canFold(found);
  const features = isFolded ? found.filter(({ part }) => part !== 'path') : found;
  if (isFolded) features.push(...(await readApart(analytics, groups, sizes, 'path', FOLDED_PATH_COLUMNS)));
  // Properties are most of what is stored of a session beside its state.
  if (kinds.has('property')) features.push(...(await readApart(analytics, groups, sizes, 'property')));
  return {
    a: { sessions: sizes.a, sessions_without_paths: sizes.a - sizes.aWithPaths, filter: groups.filters.a },
    b: { sessions: sizes.b, sessions_without_paths: sizes.b - sizes.bWithPaths, filter: groups.filters.b },
    metrics: toMetrics(metrics),
    features: toFeatures(features, sizes, foldPaths),
  };
}

interface SizeRow {
  readonly part: 'sessions' | 'with-paths';
  readonly in_a: string;
  readonly in_b: string;
}

type Row = SizeRow | FeatureRow | ({ readonly part: 'metric' } & MetricRow);

/** Everything that is small enough to be kept in memory for all sessions: they are read once. */
async function readTogether(
  analytics: Pick<AnalyticsStore, 'query'>,
  groups: ContrastGroups,
  kinds: ReadonlySet<FeatureKind>,
): Promise<{ sizes: GroupSizes; metrics: MetricRow[]; features: FeatureRow[] }> {
  const read = FEATURE_KINDS.filter((kind) => kind === 'path' || (kind !== 'property' && kinds.has(kind)));
  const { sql, params } = groups.rows([METRIC_COLUMNS, ...read.map(featureColumns)].join(', '));
  const known = ` AND notEmpty(${PATHS})`;
  const sizesOf = (kind?: FeatureKind) => {
    const condition = kind === 'path' ? known : '';
    return `SELECT countIf(is_a = 1${condition}) AS all_a, countIf(is_a = 0${condition}) AS all_b FROM chosen`;
  };
  const parts = [
    `SELECT 'sessions' AS part, '' AS name, '' AS text, all_a AS in_a, all_b AS in_b, ${NO_TOTALS} FROM (${sizesOf()})`,
    `SELECT 'with-paths' AS part, '' AS name, '' AS text, all_a AS in_a, all_b AS in_b, ${NO_TOTALS} FROM (${sizesOf('path')})`,
    `SELECT 'metric' AS part, * FROM (${metricRowsSql('chosen')})`,
    ...read
      .filter((kind) => kinds.has(kind))
      .map((kind) => `SELECT *, ${NO_TOTALS} FROM (${featureRowsSql(kind, 'chosen', sizesOf(kind))})`),
  ];
  const rows = await analytics.query<Row>({
    sql: `WITH chosen AS MATERIALIZED (${sql})\nSELECT * FROM (\n${parts.join('\nUNION ALL\n')}\n)`,
    params,
    settings: { ...FINAL, ...MATERIALIZED },
  });
  const sizeOf = (part: SizeRow['part'], group: 'in_a' | 'in_b') =>
    Number(rows.find((row) => row.part === part)?.[group] ?? 0);
  return {
    sizes: {
      a: sizeOf('sessions', 'in_a'),
      b: sizeOf('sessions', 'in_b'),
      aWithPaths: sizeOf('with-paths', 'in_a'),
      bWithPaths: sizeOf('with-paths', 'in_b'),
    },
    metrics: rows.filter((row) => row.part === 'metric'),
    features: rows.filter((row): row is FeatureRow => kinds.has(row.part as FeatureKind)),
  };
}

const NO_TOTALS = "'0' AS total_a, '0' AS total_b, toFloat64(0) AS squares_a, toFloat64(0) AS squares_b";

/** What would be too much to keep in memory for all sessions. */
async function readApart(
  analytics: Pick<AnalyticsStore, 'query'>,
  groups: ContrastGroups,
  sizes: GroupSizes,
  kind: FeatureKind,
  columns = featureColumns(kind),
): Promise<FeatureRow[]> {
  const { sql, params } = groups.rows(columns);
  const [a, b] = kind === 'path' ? [sizes.aWithPaths, sizes.bWithPaths] : [sizes.a, sizes.b];
  return analytics.query<FeatureRow>({
    sql: featureRowsSql(kind, `(${sql})`, 'SELECT {inA:UInt64} AS all_a, {inB:UInt64} AS all_b'),
    params: { ...params, inA: a, inB: b, ownKeys: OWN_KEYS },
    settings: FINAL,
  });
}
