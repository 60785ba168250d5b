/**
 * Loaded with `--import` into a product whose memory is looked at: each of its threads writes the size of its heap into
 * `MEMORY_PROBE_DIR` every second; at SIGUSR2 the main thread writes what the engine's allocator says. Files as in
 * `measure/probed-memory.ts`.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, threadId } from 'node:worker_threads';

const { MEMORY_PROBE_DIR: dir, THROUGHLINE_DATA_DIR: dataDir } = process.env;
const EVERY_MS = 1_000;

if (dir) {
  setInterval(() => {
    const { heapTotal, heapUsed, external } = process.memoryUsage();
    write(`heap-${threadId}.json`, JSON.stringify({ heapTotal, heapUsed, external }));
  }, EVERY_MS).unref();
  if (isMainThread && dataDir) process.on('SIGUSR2', () => void askAllocator(join(dataDir, 'clickhouse', 'engine')));
}

/** On the engine that runs already: the product has opened it, and knows nothing of this. */
async function askAllocator(engine: string): Promise<void> {
  const { Session } = await import('chdb');
  const session = new Session(engine);
  try {
    const answer = await session.queryAsync('SELECT * FROM system.jemalloc_stats', { format: 'TSVRaw' });
    write('allocator.txt', answer.text());
  } finally {
    session.close();
  }
}

/** Whoever reads a file reads it whole. */
function write(name: string, text: string): void {
  const path = join(dir!, name);
  writeFileSync(`${path}.tmp`, text);
  renameSync(`${path}.tmp`, path);
}
