import type { Schemas } from '../../api/client.ts';
import { type Pattern, readPattern } from '../../search/asked-sessions.ts';
import {
  type Filter,
  filterText,
  filterTree,
  type ReadFilter,
  readFilterText,
} from '../../search/filter/filter-node.ts';
import { parseRange, rangeBounds } from '../../search/range.ts';

/** What the API sorts sessions by. */
export const SORT_FIELDS = [
  'created_at',
  'latest_request_created_at',
  'total_cost',
  'total_requests',
  'total_tokens',
  'duration_ms',
  'avg_latency',
  'error_count',
] as const;

export type SortField = (typeof SORT_FIELDS)[number];

export interface Sort {
  readonly field: SortField;
  readonly direction: 'asc' | 'desc';
}

export const DEFAULT_SORT: Sort = { field: 'created_at', direction: 'desc' };

/** Everything of the list that a person can choose and that changes which sessions it shows, and in which order. */
export interface Picture {
  /** As the URL has it; undefined: the default. */
  readonly range: string | undefined;
  readonly search: string;
  /** Whether `search` is looked for in bodies, not in ids and names. */
  readonly isInBodies: boolean;
  readonly filter: Filter;
  /** A condition on steps, as the URL has it (JSON); undefined: none. */
  readonly pattern?: string | undefined;
  readonly sort: Sort;
}

export type ReadPicture = { readonly ok: true; readonly picture: Picture } | Extract<ReadFilter, { ok: false }>;

/** Reads the parameters of a URL; what cannot be read of a sort is the default, of a filter it is said. */
export function readPicture(search: Readonly<Record<string, string | undefined>>): ReadPicture {
  const read = readFilterText(search.filter ?? '');
  if (!read.ok) return read;
  return {
    ok: true,
    picture: {
      range: search.range,
      search: search.search ?? '',
      isInBodies: search.in === 'bodies',
      filter: read.filter,
      ...(readPattern(search.pattern) && { pattern: search.pattern }),
      sort: readSort(search.sort),
    },
  };
}

/** The parameters that say what has changed in a picture; undefined where the default needs none. */
export function pictureParameters(change: Partial<Picture>): Record<string, string | undefined> {
  return {
    ...('range' in change && { range: change.range }),
    ...('search' in change && { search: change.search || undefined }),
    ...('isInBodies' in change && { in: change.isInBodies ? 'bodies' : undefined }),
    ...('filter' in change && { filter: filterText(change.filter!) }),
    ...('pattern' in change && { pattern: change.pattern }),
    ...('sort' in change && { sort: sortText(change.sort!) }),
  };
}

/** One text per picture: what is kept of a list (rows, scroll position) is kept under it. */
export function pictureKey({ range, search, isInBodies, filter, pattern, sort }: Picture): string {
  const { field, direction } = sort;
  return JSON.stringify([range ?? '', search, isInBodies, filterText(filter) ?? '', pattern ?? '', field, direction]);
}

export interface Window {
  readonly startTimeUnixMs: number;
  readonly endTimeUnixMs: number;
}

/** What all calls beside and of a list have in common: which sessions. */
export interface Selection {
  readonly search: string;
  readonly timeFilter: Window;
  readonly timezoneDifference: number;
  readonly filter: Schemas['Filter'];
  readonly pattern?: Pattern;
}

export function windowOf({ range }: Picture, nowMs: number): Window {
  const { fromMs, toMs } = rangeBounds(parseRange(range), nowMs);
  return { startTimeUnixMs: fromMs, endTimeUnixMs: toMs };
}

export function selectionOf(picture: Picture, timeFilter: Window): Selection {
  const pattern = readPattern(picture.pattern);
  return {
    search: picture.isInBodies ? '' : picture.search,
    timeFilter,
    timezoneDifference: 0,
    filter: filterTree(wholeFilter(picture)) as Schemas['Filter'],
    ...(pattern && { pattern }),
  };
}

function wholeFilter({ filter, search, isInBodies }: Picture): Filter {
  if (!isInBodies || search === '') return filter;
  const inBody = (column: string) =>
    ({
      kind: 'condition',
      table: 'request_response_rmt',
      column,
      key: null,
      operator: 'contains',
      value: search,
    }) as const;
  const bodies = ['request_body', 'response_body'].map(inBody);
  return { ...filter, children: [...filter.children, { kind: 'group', operator: 'or', children: bodies }] };
}

function readSort(text: string | undefined): Sort {
  const [name, direction] = (text ?? '').split('.');
  const field = SORT_FIELDS.find((known) => known === name);
  if (field === undefined) return DEFAULT_SORT;
  return { field, direction: direction === 'asc' ? 'asc' : 'desc' };
}

function sortText({ field, direction }: Sort): string | undefined {
  const isDefault = field === DEFAULT_SORT.field && direction === DEFAULT_SORT.direction;
  return isDefault ? undefined : `${field}.${direction}`;
}
