/** When the fence of one partition was seen at another offset than before, ms, ascending. */
export interface FenceMoves {
  readonly movedAt: readonly number[];
}

/**
 * The longest that any partition stood still from an instant on, ms: until its first move after that, and between two
 * moves. A partition that did not move at all stood still until the end.
 *
 * @param from when something was done to them, `until` when they were last looked at, both on the clock of the moves.
 */
export function longestStall(partitions: readonly FenceMoves[], from: number, until: number): number {
  return Math.max(
    0,
    ...partitions.map(({ movedAt }) => longestGap([from, ...movedAt.filter((at) => at > from), until])),
  );
}

function longestGap(instants: readonly number[]): number {
  return Math.max(...instants.slice(1).map((at, i) => at - instants[i]!));
}
