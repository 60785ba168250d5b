/** The index by activity of one partition. */
export interface ActivityIndex {
  /** Entries before an instant, the earliest first; each lies at or before the last activity of its session. */
  list(before: number, max: number): Promise<IndexEntry[]>;
  /**
   * Moves the entries of these fields to the last activity of their sessions.
   *
   * @returns that activity per field, in order; undefined for one that is not live. Fewer than asked for, where they are
   *   large, but one at least.
   */
  refresh(fields: readonly Buffer[]): Promise<(number | undefined)[]>;
}

export interface IndexEntry {
  readonly field: Buffer;
  /** Epoch ms. */
  readonly at: number;
}

/**
 * Fields of the live sessions whose last activity lies before `idleSince`, oldest first.
 *
 * The index is a queue whose entries may come too early, never too late: what comes first is compared with the session
 * itself and, where that was active since, put back to where it belongs, until the first `max` entries are all right.
 * So a session is moved once in the time that it takes to become idle, and not with every commit.
 */
export async function findIdleSessions(index: ActivityIndex, idleSince: number, max: number): Promise<Buffer[]> {
  const isLive = new Map<string, boolean>();
  for (;;) {
    const first = await index.list(idleSince, max);
    const unknown = first.map(({ field }) => field).filter((field) => !isLive.has(textOf(field)));
    if (unknown.length === 0) return first.map(({ field }) => field).filter((field) => isLive.get(textOf(field)));
    const activity = await index.refresh(unknown);
    for (const [i, at] of activity.entries()) isLive.set(textOf(unknown[i]!), at !== undefined);
  }
}

function textOf(field: Buffer): string {
  return field.toString('latin1');
}
