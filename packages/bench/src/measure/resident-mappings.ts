/** Resident pages of a process by what is mapped there, MiB. */
export interface MappedMib {
  /** Name of the file; `[heap]`, `[stack]`; `''` of memory without one. */
  readonly name: string;
  /** Pages of the file, or of a file in memory. */
  readonly file: number;
  /** Pages of the process's own, those of a file that it has changed among them. */
  readonly anonymous: number;
}

/** @param smaps text of `/proc/<pid>/smaps`. Largest first. */
export function residentByMapping(smaps: string): MappedMib[] {
  const byName = new Map<string, { file: number; anonymous: number }>();
  let own = { file: 0, anonymous: 0 };
  for (const line of smaps.split('\n')) {
    const mapping = /^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \d+\s*(.*)$/.exec(line);
    if (mapping) {
      const name = mapping[1]!.replace(/ \(deleted\)$/, '').replace(/^.*\//, '');
      own = byName.get(name) ?? { file: 0, anonymous: 0 };
      byName.set(name, own);
      continue;
    }
    const [, field, kib] = /^(Rss|Anonymous):\s+(\d+) kB$/.exec(line) ?? [];
    if (field === 'Rss') own.file += Number(kib) / 1024;
    if (field === 'Anonymous') {
      own.file -= Number(kib) / 1024;
      own.anonymous += Number(kib) / 1024;
    }
  }
  return [...byName]
    .map(([name, mib]) => ({ name, ...mib }))
    .sort((a, b) => b.file + b.anonymous - a.file - a.anonymous);
}
