import { readFileSync } from 'node:fs';

/** Resident memory of a process, MiB. */
export interface Memory {
  readonly rss: number;
  /** Heaps and stacks: what the process has made itself. */
  readonly anonymous: number;
  /** Pages of mapped files (libraries, LMDB): the kernel may drop them. */
  readonly file: number;
  readonly shared: number;
  /** Highest `rss` since the start. */
  readonly peak: number;
}

/** @throws when there is no such process, and where there is no `/proc`. */
export function readMemory(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024;
  return {
    rss: mib('VmRSS'),
    anonymous: mib('RssAnon'),
    file: mib('RssFile'),
    shared: mib('RssShmem'),
    peak: mib('VmHWM'),
  };
}
