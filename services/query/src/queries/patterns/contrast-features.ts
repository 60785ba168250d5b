import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import {
  FEATURE_KINDS,
  type FeatureKind,
  type sessionContrastAnswer,
} from '@throughline/contracts/api/contrast-answer';
import {
  SESSION_ID_PROPERTY,
  SESSION_NAME_PROPERTY,
  SESSION_PATH_PROPERTY,
} from '@throughline/session-totals/describe-session';
import { ELLIPSIS } from '@throughline/session-totals/path-tree';
import type { z } from 'zod';
import type { ContrastGroups, LinkFilter } from './contrast-groups.ts';
import { cohensH, shareInterval, shareOf } from './effect-size.ts';

type Feature = z.output<typeof sessionContrastAnswer>['data']['features'][number];

/** Sessions of both groups. */
export interface GroupSizes {
  readonly a: number;
  readonly b: number;
  /** Those whose paths are known. */
  readonly aWithPaths: number;
  readonly bWithPaths: number;
}

/** Of each kind. */
const FEATURES_MAX = 50;

/** Numbers of requests that belong together, from – through. */
const REQUEST_RANGES = [
  [1, 1],
  [2, 4],
  [5, 9],
  [10, 19],
  [20, 49],
  [50, Number.POSITIVE_INFINITY],
] as const;

/** What is read of a session, and the features in it. */
interface Kind {
  readonly columns: string;
  /** Behind the sessions, to have a row per feature. */
  readonly unfold?: string;
  /** Of a row. A text that is the same for all is no part of a group: those of one column of a dictionary are fastest. */
  readonly key?: string;
  readonly value: string;
}

const MEMBERS = { unfold: 'ARRAY JOIN members AS member', value: 'member' };
const KINDS: Readonly<Record<FeatureKind, Kind>> = {
  path: { columns: 's.paths.path AS members', ...MEMBERS },
  model: { columns: 's.models AS members', ...MEMBERS },
  provider: { columns: 's.providers AS members', ...MEMBERS },
  status: { columns: 's.statuses AS members', ...MEMBERS },
  property: {
    columns: 'mapKeys(s.properties) AS names, mapValues(s.properties) AS sets',
    unfold:
      'ARRAY JOIN arrayFilter((members, name) -> name NOT IN {ownKeys:Array(String)}, sets, names) AS members, arrayFilter(name -> name NOT IN {ownKeys:Array(String)}, names) AS own_name',
    key: 'own_name',
    value: 'arrayJoin(members)',
  },
  requests: {
    columns: 's.total_requests AS members',
    value: `multiIf(${REQUEST_RANGES.slice(0, -1)
      .map(([from, through]) => `members <= ${through}, ${from}`)
      .join(', ')}, ${REQUEST_RANGES.at(-1)![0]})`,
  },
};

interface Row {
  readonly feature: FeatureKind;
  readonly name: string;
  readonly text: string;
  readonly in_a: string;
  readonly in_b: string;
}

/** What sessions of one group have and those of the other have not, largest effect first. */
export async function readContrastFeatures(
  analytics: Pick<AnalyticsStore, 'query'>,
  groups: ContrastGroups,
  sizes: GroupSizes,
  kinds: readonly FeatureKind[] = FEATURE_KINDS,
): Promise<Feature[]> {
  if (kinds.length === 0) return [];
  const parts = [...new Set(kinds)].map((kind) => {
    const { columns, unfold = '', key, value } = KINDS[kind];
    const { sql, params } = groups.rows(columns);
    const [a, b] = kind === 'path' ? (['aKnown', 'bKnown'] as const) : (['aAll', 'bAll'] as const);
    return {
      params,
      sql: `
SELECT '${kind}' AS feature, ${key === undefined ? "''" : 'key'} AS name, toString(value) AS text, in_a, in_b
FROM (
  SELECT ${key === undefined ? '' : `${key} AS key, `}${value} AS value, countIf(is_a = 1) AS in_a, count() - in_a AS in_b
  FROM (${sql}) ${unfold}
  GROUP BY ${key === undefined ? '' : 'key, '}value
)
ORDER BY abs(asin(sqrt(least(in_a / greatest({${a}:UInt64}, 1), 1))) - asin(sqrt(least(in_b / greatest({${b}:UInt64}, 1), 1)))) DESC, name, text
LIMIT ${FEATURES_MAX}`,
    };
  });
  const rows = await analytics.query<Row>({
    sql: parts.map(({ sql }) => `SELECT * FROM (${sql})`).join('\nUNION ALL\n'),
    params: Object.assign(
      { aAll: sizes.a, bAll: sizes.b, aKnown: sizes.aWithPaths, bKnown: sizes.bWithPaths, ownKeys: OWN_KEYS },
      ...parts.map(({ params }) => params),
    ),
    settings: FINAL,
  });
  return rows.map((row) => toFeature(row, sizes)).sort(byEffect);
}

/** What is a feature of its own, or different in each session. */
const OWN_KEYS = [SESSION_ID_PROPERTY, SESSION_NAME_PROPERTY, SESSION_PATH_PROPERTY];

function toFeature({ feature: kind, name, text, in_a: inA, in_b: inB }: Row, sizes: GroupSizes): Feature {
  const a = { part: Number(inA), whole: kind === 'path' ? sizes.aWithPaths : sizes.a };
  const b = { part: Number(inB), whole: kind === 'path' ? sizes.bWithPaths : sizes.b };
  const [p, q] = [shareOf(a), shareOf(b)];
  return {
    kind,
    key: kind === 'property' ? name : null,
    value: kind === 'requests' ? rangeText(Number(text)) : text,
    a: { sessions: a.part, share: p },
    b: { sessions: b.part, share: q },
    difference: p - q,
    interval: shareInterval(a, b),
    lift: q === 0 ? null : p / q,
    effect: cohensH(a, b),
    filter: filterOf(kind, name, text),
    pattern: kind === 'path' && text !== ELLIPSIS ? { steps: [{ path: text }] } : null,
  };
}

function filterOf(kind: FeatureKind, key: string, value: string): LinkFilter | null {
  const ofSession = (column: string, condition: object) => ({
    sessions_request_response_rmt: { [column]: condition },
  });
  switch (kind) {
    case 'path':
      return null;
    case 'model':
      return ofSession('session_model', { equals: value });
    case 'provider':
      return ofSession('session_provider', { equals: value });
    case 'status':
      return { request_response_rmt: { status: { equals: Number(value) } } };
    case 'property':
      // As an own field, whatever it is called.
      return { request_response_rmt: { properties: Object.fromEntries([[key, { equals: value }]]) } };
    case 'requests': {
      const [from, through] = REQUEST_RANGES.find(([first]) => first === Number(value))!;
      const atLeast = ofSession('session_total_requests', { gte: from });
      if (through === Number.POSITIVE_INFINITY) return atLeast;
      return { left: atLeast, operator: 'and', right: ofSession('session_total_requests', { lte: through }) };
    }
  }
}

/** `2–4`, `50+`. */
function rangeText(first: number): string {
  const [from, through] = REQUEST_RANGES.find(([start]) => start === first)!;
  if (from === through) return `${from}`;
  return through === Number.POSITIVE_INFINITY ? `${from}+` : `${from}–${through}`;
}

function byEffect(a: Feature, b: Feature): number {
  return (
    Math.abs(b.effect) - Math.abs(a.effect) ||
    FEATURE_KINDS.indexOf(a.kind) - FEATURE_KINDS.indexOf(b.kind) ||
    compareText(a.key ?? '', b.key ?? '') ||
    compareText(a.value, b.value)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
