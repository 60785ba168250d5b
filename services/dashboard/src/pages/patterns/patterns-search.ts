import type { AskedSessions } from '../../search/asked-sessions.ts';
import { readFilter } from '../../search/filter-param.ts';

/** Texts of a URL by name. */
export type Search = Readonly<Record<string, string | undefined>>;

export const VIEWS = [
  ['flow', 'Flow'],
  ['funnel', 'Funnel'],
  ['paths', 'Paths'],
  ['contrast', 'What differs'],
] as const;
export type View = (typeof VIEWS)[number][0];

export const DEPTHS = ['4', '6', '8', '12', '16', '24'] as const;
export const LEVELS = ['all', '1', '2', '3'] as const;
export const MERGES = ['0.001', '0.01', '0.02', '0.05', '0.1'] as const;
export const PATH_SORTS = ['cost', 'avg_cost', 'avg_latency', 'requests', 'errors', 'sessions'] as const;
export type PathSort = (typeof PATH_SORTS)[number];
export const AGAINST = ['dearest', 'slowest', 'failing'] as const;
export type Against = (typeof AGAINST)[number];
export const SHARES = ['0.01', '0.05', '0.1', '0.25'] as const;

/** Everything of the page that its URL says; the default where it says nothing that can be read. */
export interface PatternsSearch {
  /** Undefined: the page chooses the name that was used last. `any`: `anyName`. */
  readonly name: string | undefined;
  readonly isAnyName: boolean;
  readonly view: View;
  readonly depth: (typeof DEPTHS)[number];
  readonly levels: (typeof LEVELS)[number];
  readonly merge: (typeof MERGES)[number];
  /** Whether numbers and ids in paths are one. */
  readonly foldPaths: boolean;
  /** Whether calls of one path in a row are each a step. */
  readonly repeats: boolean;
  readonly sort: PathSort;
  readonly against: Against;
  readonly share: (typeof SHARES)[number];
}

export function readPatternsSearch(search: Search): PatternsSearch {
  return {
    name: search.name,
    isAnyName: search.name === undefined && search.names === 'any',
    view: oneOf(
      VIEWS.map(([view]) => view),
      search.view,
      'flow',
    ),
    depth: oneOf(DEPTHS, search.depth, '8'),
    levels: oneOf(LEVELS, search.levels, 'all'),
    merge: oneOf(MERGES, search.merge, '0.01'),
    foldPaths: search.fold !== 'off',
    repeats: search.repeats === 'each',
    sort: oneOf(PATH_SORTS, search.sort, 'cost'),
    against: oneOf(AGAINST, search.against, 'dearest'),
    share: oneOf(SHARES, search.share, '0.05'),
  };
}

/** The sessions that the page is about. */
export function askedOf(search: Search): AskedSessions {
  const filter = readFilter(search.filter);
  return {
    ...(search.name !== undefined && { name: search.name }),
    ...(search.range !== undefined && { period: search.range }),
    ...(filter !== 'all' && { filter }),
  };
}

function oneOf<Value extends string>(values: readonly Value[], text: string | undefined, otherwise: Value): Value {
  return values.find((value) => value === text) ?? otherwise;
}
