import { allOf, type Filter, nameIs } from '../../search/filter-param.ts';
import { exactRange, parseRange, rangeBounds } from '../../search/range.ts';

/** What the page of metrics is about. */
export interface Selection {
  /** As the URL has it; undefined: the default. */
  readonly range: string | undefined;
  /** One of the names of its sessions; undefined: all. */
  readonly name: string | undefined;
}

/** Of its requests and sessions. */
export function selectionFilter({ name }: Selection): Filter {
  return allOf(name === undefined ? 'all' : nameIs(name));
}

/** The parameters by which the session list shows the same time. */
export function rangeSearch({ range }: Selection): Readonly<Record<string, string>> {
  return range === undefined ? {} : { range };
}

/** The same for one interval of a chart. @param toMs where it ends. */
export function intervalSearch(fromMs: number, toMs: number): Readonly<Record<string, string>> {
  // Lists leave out what lies on the bounds.
  return { range: exactRange(fromMs - 1, toMs) };
}

/** As metrics of requests take it. */
export function timeFilter({ range }: Selection) {
  const { fromMs, toMs } = rangeBounds(parseRange(range), Date.now());
  return { start: new Date(fromMs).toISOString(), end: new Date(toMs).toISOString() };
}
