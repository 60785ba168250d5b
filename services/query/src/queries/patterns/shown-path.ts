import { ELLIPSIS, normalisePath } from '@throughline/session-totals/path-tree';
import { foldPath } from './fold-path.ts';

/** A path that a caller names, as snapshots have it, or folded. */
export function shownPath(path: string, isFolding = false): string {
  if (path === ELLIPSIS) return path;
  return isFolding ? foldPath(normalisePath(path)) : normalisePath(path);
}
