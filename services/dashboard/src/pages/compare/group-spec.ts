import type { AskedSessions } from '../../search/asked-sessions.ts';
import { treeWords } from '../../search/filter/filter-words.ts';
import { allOf, type Filter, type FilterLeaf, readFilter } from '../../search/filter-param.ts';
import { type Period, periodBefore, periodLabel } from '../../search/period.ts';

export const OUTCOMES = [
  ['any', 'All sessions'],
  ['failing', 'With errors'],
  ['succeeding', 'Without errors'],
] as const;
export type Outcome = (typeof OUTCOMES)[number][0];

/** One of two groups of sessions, as a person chooses it. */
export interface GroupSpec {
  /** Undefined: any. */
  readonly name?: string | undefined;
  readonly period?: Period;
  /** Values of properties, all of them on one request. */
  readonly properties: readonly (readonly [key: string, value: string])[];
  readonly outcome: Outcome;
  readonly filter: Filter;
}

/** Every session of a week. */
export const DEFAULT_PERIOD = '7d';

/** A group as the URL has it (JSON); undefined where that says nothing that can be read. */
export function readGroup(text: string | undefined): GroupSpec | undefined {
  if (text === undefined) return undefined;
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return undefined;
  const { name, period, properties, outcome, filter } = said as Readonly<Record<string, unknown>>;
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof period === 'string' && { period }),
    properties: Array.isArray(properties) ? properties.filter(isPair).map(([key, value]) => [key, value]) : [],
    outcome: OUTCOMES.find(([known]) => known === outcome)?.[0] ?? 'any',
    filter: filter === undefined ? 'all' : readFilter(JSON.stringify(filter)),
  };
}

/** For the URL: what is not the default. */
export function writeGroup({ name, period, properties, outcome, filter }: GroupSpec): string {
  return JSON.stringify({
    ...(name !== undefined && { name }),
    ...(period !== undefined && { period }),
    ...(properties.length > 0 && { properties }),
    ...(outcome !== 'any' && { outcome }),
    ...(filter !== 'all' && { filter }),
  });
}

/** The groups of a URL. Without any: the range that it names, or the last week, against the same span before. */
export function readGroups(search: Readonly<Record<string, string | undefined>>): { a: GroupSpec; b: GroupSpec } {
  const period = search.range ?? DEFAULT_PERIOD;
  const plain: GroupSpec = { properties: [], outcome: 'any', filter: 'all' };
  const a = readGroup(search.a) ?? { ...plain, period };
  const b = readGroup(search.b) ?? { ...a, period: periodBefore(a.period ?? period) };
  return { a: { ...a, period: a.period ?? period }, b: { ...b, period: b.period ?? period } };
}

/** The sessions of a group. A property without a value yet is no condition. */
export function askedOfGroup({ name, period, properties, outcome, filter }: GroupSpec): AskedSessions {
  const whole = allOf(
    ...properties.filter(([key, value]) => key !== '' && value !== '').map(([key, value]) => propertyIs(key, value)),
    outcome === 'any' ? undefined : OUTCOME_FILTERS[outcome],
    filter,
  );
  return {
    ...(name !== undefined && { name }),
    ...(period !== undefined && { period }),
    ...(whole !== 'all' && { filter: whole }),
  };
}

/** For people: `support agent, version v2, with errors, last 7 days`. */
export function groupWords({ name, period, properties, outcome, filter }: GroupSpec): string {
  const said = [
    name ?? 'any name',
    ...properties.filter(([key, value]) => key !== '' && value !== '').map(([key, value]) => `${key} ${value}`),
    ...(outcome === 'any' ? [] : [OUTCOMES.find(([known]) => known === outcome)![1].toLowerCase()]),
    ...(filter === 'all' ? [] : [treeWords(filter)]),
    lowerFirst(periodLabel(period)),
  ];
  return said.join(', ');
}

function propertyIs(key: string, value: string): FilterLeaf {
  // Whatever a property is called, `__proto__` too.
  return { request_response_rmt: { properties: Object.fromEntries([[key, { equals: value }]]) } };
}

const OUTCOME_FILTERS: Readonly<Record<Exclude<Outcome, 'any'>, FilterLeaf>> = {
  failing: { sessions_request_response_rmt: { session_error_count: { gt: 0 } } },
  succeeding: { sessions_request_response_rmt: { session_error_count: { equals: 0 } } },
};

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
