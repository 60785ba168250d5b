export interface GroupBounds {
  /** Of the weights of a group together, unless one alone has more. */
  readonly weightMax: number;
  /** Of the items of a group. Left out: any. */
  readonly countMax?: number;
}

/**
 * Neighbours together, each group as large as it may be before the next one begins. Nothing is left out or moved, and no group is
 * empty.
 *
 * @param weightOf from 0.
 */
export function groupNeighbours<T>(
  items: readonly T[],
  weightOf: (item: T) => number,
  { weightMax, countMax = Number.POSITIVE_INFINITY }: GroupBounds,
): T[][] {
  const groups: T[][] = [];
  let weight = 0;
  for (const item of items) {
    const own = weightOf(item);
    const last = groups.at(-1);
    if (last && last.length < countMax && weight + own <= weightMax) {
      last.push(item);
      weight += own;
    } else {
      groups.push([item]);
      weight = own;
    }
  }
  return groups;
}
