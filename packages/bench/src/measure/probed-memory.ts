import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@throughline/testkit/wait-for';
import { type AllocatorBytes, parseAllocator } from './allocator-stats.ts';
import { type MappedMib, residentByMapping } from './resident-mappings.ts';

/** Where the memory of a product is that was started with `contestants/memory-probe.ts`. */
export interface ProbedMemory {
  /** Of V8, by number of the thread, bytes; the main one is 0. `external`: held by JavaScript, outside of its heap. */
  readonly heaps: ReadonlyMap<number, Heap>;
  /** Of the engine. */
  readonly allocator: AllocatorBytes;
  readonly mappings: readonly MappedMib[];
}

export interface Heap {
  readonly heapTotal: number;
  readonly heapUsed: number;
  readonly external: number;
}

/** Settings that a product is started with to be looked at. */
export function memoryProbe(dir: string): Record<string, string> {
  const probe = new URL('../contestants/memory-probe.ts', import.meta.url);
  return { NODE_OPTIONS: `--import=${probe}`, MEMORY_PROBE_DIR: dir };
}

/** Costs the product two queries and a walk over its mappings. @throws when it does not answer. */
export async function readProbedMemory(pid: number, dir: string): Promise<ProbedMemory> {
  process.kill(pid, 'SIGUSR2');
  const allocator = await waitFor(() => parseAllocator(readFileSync(join(dir, 'allocator.txt'), 'utf8')), {
    timeoutMs: 60_000,
    what: 'the answer of the engine’s allocator',
  });
  const heaps = readdirSync(dir).flatMap((name) => {
    const thread = /^heap-(\d+)\.json$/.exec(name)?.[1];
    return thread ? [[Number(thread), JSON.parse(readFileSync(join(dir, name), 'utf8')) as Heap] as const] : [];
  });
  return {
    heaps: new Map(heaps),
    allocator,
    mappings: residentByMapping(readFileSync(`/proc/${pid}/smaps`, 'utf8')),
  };
}
