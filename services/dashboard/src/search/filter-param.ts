import type { Schemas } from '@throughline/client/throughline-client';

/** A filter tree, as the API takes it. */
export type Filter = Schemas['Filter'];
export type FilterLeaf = Schemas['FilterLeaf'];

/** The filter of a URL (`filter=`, the tree as JSON); `all` where it says nothing that can be read. The API judges what is in it. */
export function readFilter(text: string | undefined): Filter {
  if (text === undefined) return 'all';
  try {
    const tree: unknown = JSON.parse(text);
    return typeof tree === 'object' && tree !== null && !Array.isArray(tree) ? (tree as Filter) : 'all';
  } catch {
    return 'all';
  }
}

/** For the URL; undefined: there is nothing to say. */
export function writeFilter(filter: Filter): string | undefined {
  return filter === 'all' ? undefined : JSON.stringify(filter);
}

/** All of them must hold. Those that say nothing are left out. */
export function allOf(...filters: readonly (Filter | null | undefined)[]): Filter {
  const saying = filters.filter((filter) => filter !== null && filter !== undefined && filter !== 'all');
  return saying.length === 0 ? 'all' : saying.reduce((left, right) => ({ left, operator: 'and', right }));
}

/** Sessions that have this among their names. */
export function nameIs(name: string): FilterLeaf {
  return { sessions_request_response_rmt: { session_session_name: { equals: name } } };
}
