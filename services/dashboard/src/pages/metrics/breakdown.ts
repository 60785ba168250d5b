import { allOf, type Filter, nameIs } from '../../search/filter-param.ts';
import type { Series } from '../../ui/chart/time-chart.tsx';

/** What cost and latency can be told apart by. */
export const DIMENSIONS = ['all', 'name', 'model', 'provider', 'user'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Values that have a line of their own; the others are one line. */
export const VALUES_MAX = 4;

/** One line: a value, all others together, or everything. */
export interface Slice {
  readonly label: string;
  /** A role of the theme. */
  readonly role: string;
  /** Its requests. */
  readonly filter: Filter;
}

export function readDimension(text: string | undefined): Dimension {
  return DIMENSIONS.find((one) => one === text) ?? 'all';
}

/** @param values the most frequent ones first, which may be more than are shown. */
export function slicesOf(dimension: Dimension, values: readonly string[]): Slice[] {
  if (dimension === 'all') return [{ label: 'All', role: '--accent', filter: 'all' }];
  const shown = values.slice(0, VALUES_MAX);
  const slices = shown.map((value, at): Slice => {
    return {
      label: value === '' ? `No ${dimension}` : value,
      role: `--series-${at + 1}`,
      filter: condition(dimension, value, 'equals'),
    };
  });
  if (values.length <= VALUES_MAX) return slices;
  const others = allOf(...shown.map((value) => condition(dimension, value, 'not-equals')));
  return [...slices, { label: 'Other', role: '--faint', filter: others }];
}

/** A point of a metric over time: when it begins, and its figure. */
export interface Point {
  readonly time: string;
  readonly value: number;
}

/** Lines over the same times. @param isAmount nothing is zero, else it is not known: a mean of nothing is none. */
export function seriesOf(
  slices: readonly Slice[],
  points: readonly (readonly Point[])[],
  isAmount: boolean,
): { readonly times: number[]; readonly series: Series[] } {
  const times = (points[0] ?? []).map(({ time }) => Date.parse(time));
  const series = slices.map(({ label, role }, at) => {
    const byTime = new Map((points[at] ?? []).map(({ time, value }) => [Date.parse(time), value]));
    return {
      name: label,
      role,
      values: times.map((time) => {
        const value = byTime.get(time) ?? 0;
        return value === 0 && !isAmount ? null : value;
      }),
    };
  });
  return { times, series };
}

function condition(dimension: Exclude<Dimension, 'all'>, value: string, operator: 'equals' | 'not-equals'): Filter {
  const asked = { [operator]: value };
  switch (dimension) {
    case 'name':
      return operator === 'equals' ? nameIs(value) : { sessions_request_response_rmt: { session_session_name: asked } };
    case 'model':
      return { request_response_rmt: { model: asked } };
    case 'provider':
      return { request_response_rmt: { provider: asked } };
    case 'user':
      return { request_response_rmt: { user_id: asked } };
  }
}
