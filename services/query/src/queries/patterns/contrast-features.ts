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
import type { LinkFilter } from './contrast-groups.ts';
import { cohensH, shareInterval, shareOf } from './effect-size.ts';
import { foldPathsSql, isFoldableSql } from './fold-path.ts';

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

/** The features of a session. */
interface Kind {
  /** What is read of `s`. */
  readonly columns: string;
  /** Behind the sessions, to have a row per feature. */
  readonly unfold?: string;
  /** Of a row. A text that is the same for all is no part of a group: those of one column of a dictionary are fastest. */
  readonly key?: string;
  readonly value: string;
  /** Of the values found, for all of them the same: goes with them as `name`. */
  readonly remark?: string;
}

/** What `featureColumns('path')` calls the paths of a session. */
export const PATHS = 'own_paths';

const membersOf = (column: string, name = column) => ({
  columns: `s.${column} AS ${name}`,
  unfold: `ARRAY JOIN ${name} AS member`,
  value: 'member',
});
const KINDS: Readonly<Record<FeatureKind, Kind>> = {
  path: { ...membersOf('paths.path', PATHS), remark: `toString(max(${isFoldableSql('toString(value)')}) OVER ())` },
  model: membersOf('models'),
  provider: membersOf('providers'),
  status: membersOf('statuses'),
  property: {
    columns: 'mapFilter((name, members) -> name NOT IN {ownKeys:Array(String)}, s.properties) AS own_properties',
    unfold: 'ARRAY JOIN mapKeys(own_properties) AS own_name, mapValues(own_properties) AS members',
    key: 'own_name',
    value: 'arrayJoin(members)',
  },
  requests: {
    columns: 's.total_requests AS requests_of_range',
    value: `multiIf(${REQUEST_RANGES.slice(0, -1)
      .map(([from, through]) => `requests_of_range <= ${through}, ${from}`)
      .join(', ')}, ${REQUEST_RANGES.at(-1)![0]})`,
  },
};

/** A feature, and how many sessions of each group have it. */
export interface FeatureRow {
  readonly part: FeatureKind;
  readonly name: string;
  readonly text: string;
  readonly in_a: string;
  readonly in_b: string;
}

/** Of `s`: what the features of a kind are made of. */
export function featureColumns(kind: FeatureKind): string {
  return KINDS[kind].columns;
}

/** As `featureColumns('path')`, the paths folded. */
export const FOLDED_PATH_COLUMNS = `arrayDistinct(${foldPathsSql('s.paths.path')}) AS ${PATHS}`;

/** Whether some path is another one when it is folded. */
export function canFold(rows: readonly FeatureRow[]): boolean {
  return rows.some(({ part, name }) => part === 'path' && name === '1');
}

/**
 * The features of a kind with the largest effect: rows of `FeatureRow`.
 *
 * @param chosen what has the kind's columns of the sessions of both groups, and `is_a`.
 * @param sizes a query of one row: how many there are of each, `all_a` and `all_b`.
 */
export function featureRowsSql(kind: FeatureKind, chosen: string, sizes: string): string {
  const { unfold = '', key, value, remark = "''" } = KINDS[kind];
  const angle = (part: string, whole: string) => `asin(sqrt(least(${part} / greatest(${whole}, 1), 1)))`;
  return `
SELECT '${kind}' AS part, ${key === undefined ? remark : 'key'} AS name, toString(value) AS text, in_a, in_b
FROM (
  SELECT ${key === undefined ? '' : `${key} AS key, `}${value} AS value, countIf(is_a = 1) AS in_a, count() - in_a AS in_b
  FROM ${chosen} ${unfold}
  GROUP BY ${key === undefined ? '' : 'key, '}value
) AS found CROSS JOIN (${sizes}) AS whole
ORDER BY abs(${angle('in_a', 'all_a')} - ${angle('in_b', 'all_b')}) DESC, name, text
LIMIT ${FEATURES_MAX}`;
}

/** What sessions of one group have and those of the other have not, largest effect first. */
export function toFeatures(rows: readonly FeatureRow[], sizes: GroupSizes, foldPaths: boolean): Feature[] {
  return rows.map((row) => toFeature(row, sizes, foldPaths)).sort(byEffect);
}

/** What is a feature of its own, or different in each session. */
export const OWN_KEYS = [SESSION_ID_PROPERTY, SESSION_NAME_PROPERTY, SESSION_PATH_PROPERTY];

function toFeature(
  { part: kind, name, text, in_a: inA, in_b: inB }: FeatureRow,
  sizes: GroupSizes,
  foldPaths: boolean,
): Feature {
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
    pattern:
      kind === 'path' && text !== ELLIPSIS ? { steps: [{ path: text }], ...(!foldPaths && { foldPaths }) } : null,
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
