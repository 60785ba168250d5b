import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openLmdbSessionTotals } from '../../src/lmdb/lmdb-session-totals.ts';
import type { SessionState } from '../../src/session-state.ts';
import { sampleFence, samplePartition, sampleState } from '../../src/session-state-samples.ts';

const here = import.meta.dirname;
const SESSIONS = 200;
const keys = Array.from({ length: SESSIONS }, (_, i) => ({ tenantId: 'tenant', sessionId: `session ${i}` }));

let dir: string;
let children: ChildProcess[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'totals-'));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(dir, { recursive: true });
});

/** A process that commits until it is killed: its output, its end. */
function startProcess(command: string, args: readonly string[]) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return { child, exited: once(child, 'exit'), output: linesOf(child) };
}

/** What is stored, checked to be of one commit. */
async function storedOffset(): Promise<number> {
  const totals = openLmdbSessionTotals({ dir });
  try {
    const offset = (await totals.loadPartition(0))?.fence.offset ?? 0;
    const states = (await totals.loadMany(0, keys)) as (SessionState | undefined)[];
    expect(new Set(states.map((state) => state?.requests ?? 0))).toEqual(new Set([offset]));
    expect((await totals.size()).sessions).toBe(offset === 0 ? 0 : SESSIONS);
    return offset;
  } finally {
    await totals.close();
  }
}

/** Lines that a process says, as they come. */
function linesOf(child: ChildProcess): { lines: string[]; until(pattern: RegExp): Promise<string> } {
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout! });
  reader.on('line', (line) => lines.push(line));
  return {
    lines,
    async until(pattern) {
      for (;;) {
        const line = lines.find((each) => pattern.test(each));
        if (line !== undefined) return line;
        await once(reader, 'line');
      }
    },
  };
}

describe('session totals in LMDB, when things go wrong', () => {
  test('hold the commit before or the one under way after kill -9, never half of one', async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
    process.stdout.write(`kill -9 seed: SEED=${seed}\n`);
    let random = seed;
    for (let round = 0; round < 8; round++) {
      const args = [join(here, 'commit-forever.ts'), dir, String(SESSIONS)];
      const { child, exited, output } = startProcess(process.execPath, args);
      await output.until(/^committed/);
      random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
      await sleep((random / 2 ** 32) * 60);
      child.kill('SIGKILL');
      await exited;
      const acknowledged = Number(output.lines.findLast((line) => line.startsWith('committed'))!.split(' ')[1]);
      const stored = await storedOffset();
      expect([acknowledged, acknowledged + 1]).toContain(stored);
    }
  }, 60_000);

  test('say `full` or `unavailable`, to be tried again, when a write is cut short, and go on once there is room', async () => {
    // A limit on the size of files plays the full disk: a write that crosses it is cut short.
    const script = `trap '' XFSZ; ulimit -S -f 2000; exec "$0" "$@"`;
    const args = ['-c', script, process.execPath, join(here, 'commit-forever.ts'), dir, '2000'];
    const { child, exited, output } = startProcess('/bin/sh', args);
    const failed = await output.until(/^failed/);
    expect(failed).toMatch(/^failed (full|unavailable) true \d+$/);
    child.kill('SIGKILL');
    await exited;

    const totals = openLmdbSessionTotals({ dir });
    const offset = Number(failed.split(' ')[3]);
    expect((await totals.loadPartition(0))?.fence.offset ?? 0).toBe(offset);
    const expected = offset === 0 ? undefined : sampleFence(offset);
    expect(await totals.commit(0, expected, samplePartition(offset + 1), [sampleState('s', 1)])).toBe('committed');
    await totals.close();
  }, 30_000);

  test('show a reader in another thread each commit at once and whole', async () => {
    const totals = openLmdbSessionTotals({ dir });
    const commit = (offset: number) =>
      totals.commit(
        0,
        offset === 1 ? undefined : sampleFence(offset - 1),
        samplePartition(offset),
        keys.map(({ sessionId }) => sampleState(sessionId, offset)),
      );
    await commit(1);
    const worker = new Worker(join(here, 'read-forever.ts'), { workerData: { dir, sessions: SESSIONS } });
    try {
      const answer = async () => (await once(worker, 'message'))[0] as Record<string, number>;
      await answer();
      for (let offset = 2; offset <= 60; offset++) {
        await commit(offset);
        worker.postMessage('read');
        expect((await answer()).offset).toBe(offset);
      }
      const exited = once(worker, 'exit');
      worker.postMessage('stop');
      const { reads, torn, backwards } = await answer();
      await exited;
      expect({ torn, backwards }).toEqual({ torn: 0, backwards: 0 });
      expect(reads).toBeGreaterThan(60);
      // The writer goes on after a thread with a handle to the same folder has ended.
      expect(await commit(61)).toBe('committed');
    } finally {
      await worker.terminate();
      await totals.close();
    }
  }, 30_000);
});

describe('a damaged folder of session totals', () => {
  const corrupt = expect.objectContaining({ name: 'SessionTotalsError', code: 'corrupt', retryable: false });
  let file: string;

  beforeEach(async () => {
    file = join(dir, 'data.mdb');
    const totals = openLmdbSessionTotals({ dir });
    for (let offset = 1; offset <= 3; offset++) {
      const states = keys.map(({ sessionId }) => sampleState(sessionId, offset));
      await totals.commit(0, offset === 1 ? undefined : sampleFence(offset - 1), samplePartition(offset), states);
    }
    // Large enough for a cut beyond what a sound file may lack.
    const large = Array.from({ length: 1_500 }, (_, i) => sampleState(`large ${i}`, 1, { tag: 'x'.repeat(6_000) }));
    await totals.commit(0, sampleFence(3), samplePartition(4), large);
    await totals.close();
  });

  test.each([
    ['garbage', (bytes: Buffer) => Buffer.alloc(bytes.length, 0xab)],
    ['a text file', () => Buffer.from('these are no totals\n')],
    ['a third of it', (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 3))],
    ['zeros', (bytes: Buffer) => Buffer.alloc(bytes.length)],
  ])('that holds %s is refused as corrupt when it is opened', (_, damage) => {
    writeFileSync(file, damage(readFileSync(file)));
    expect(() => openLmdbSessionTotals({ dir })).toThrow(corrupt);
  });

  test('whose last pages are missing is an error when they are read, not the end of the process', async () => {
    truncateSync(file, readFileSync(file).length - 40 * 4_096);
    const totals = openLmdbSessionTotals({ dir });
    const large = Array.from({ length: 1_500 }, (_, i) => ({ tenantId: 'tenant', sessionId: `large ${i}` }));
    await expect(totals.loadMany(0, large)).rejects.toEqual(corrupt);
    await totals.close();
  });

  test('with a changed byte in a session is refused as corrupt when that session is read', async () => {
    const bytes = readFileSync(file);
    // Each stored copy of this one session: committed three times, so older pages hold it too.
    for (let at = bytes.indexOf('session 77'); at >= 0; at = bytes.indexOf('session 77', at + 1)) {
      const name = bytes.indexOf('sample', at);
      if (name >= 0 && name - at < 100) bytes[name] = 'S'.charCodeAt(0);
    }
    writeFileSync(file, bytes);
    const totals = openLmdbSessionTotals({ dir });
    await expect(totals.loadMany(0, [keys[77]!])).rejects.toEqual(corrupt);
    expect(await totals.loadMany(0, [keys[78]!])).toEqual([sampleState('session 78', 3)]);
    await totals.close();
  });

  test('of another format is refused as corrupt', async () => {
    const bytes = readFileSync(file);
    for (let at = bytes.indexOf('format'); at >= 0; at = bytes.indexOf('format', at + 1)) bytes[at + 6] = 9;
    writeFileSync(file, bytes);
    expect(() => openLmdbSessionTotals({ dir })).toThrow(corrupt);
  });

  test('that does not exist is unavailable to a reader', () => {
    const open = () => openLmdbSessionTotals({ dir: join(dir, 'nothing'), readOnly: true });
    expect(open).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });
});
