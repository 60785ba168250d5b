import type { PageSearch } from '../router.tsx';

let last: PageSearch = {};

/** The list as it is shown now. */
export function rememberList(search: PageSearch): void {
  last = search;
}

/** The search parameters of the list that one came from: what leads up to it, leads back to it. Empty: there was none. */
export function lastList(): PageSearch {
  return last;
}
