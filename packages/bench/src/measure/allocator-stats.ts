/** What jemalloc says of itself, bytes. */
export interface AllocatorBytes {
  /** In use. */
  readonly allocated: number;
  /** Of it and of what was freed lately, in memory. */
  readonly resident: number;
}

/** From its text of statistics. @throws where that says neither. */
export function parseAllocator(stats: string): AllocatorBytes {
  const found = /Allocated: (\d+),.*?\bresident: (\d+)/.exec(stats);
  if (!found) throw new Error(`no statistics of jemalloc: ${stats.slice(0, 100)}`);
  return { allocated: Number(found[1]), resident: Number(found[2]) };
}
