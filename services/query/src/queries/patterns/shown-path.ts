import { ELLIPSIS, normalisePath } from '@throughline/session-totals/path-tree';

/** A path that a caller names, as snapshots have it. */
export function shownPath(path: string): string {
  return path === ELLIPSIS ? path : normalisePath(path);
}
