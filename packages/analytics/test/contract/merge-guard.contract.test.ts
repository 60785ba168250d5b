import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '@throughline/testkit/wait-for';
import { type Engine, type EngineConnection, openEngine } from '../../src/embedded/engine.ts';
import { guardMerges, type MergeGuard } from '../../src/embedded/merge-guard.ts';

let dir: string;
let engine: Engine;
let writer: EngineConnection;
let guard: MergeGuard;
const reports: string[] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'throughline-analytics-'));
  engine = await openEngine(dir, 2);
  const [first, connection] = engine.connections;
  writer = first!;
  guard = guardMerges({
    dir,
    connection: connection!,
    exclusive: (task) => task(),
    report: (text) => reports.push(text),
  });
});

afterAll(async () => {
  await guard.close();
  await engine.close();
  rmSync(dir, { recursive: true });
});

const read = async (sql: string) => JSON.parse(Buffer.from(await writer.read(`${sql} FORMAT JSONEachRow`)).toString());
const sums = async () => await read('SELECT count() AS n, sum(length(v)) AS bytes, sum(k) AS keys FROM t');

test('a merged part that a full disk left without its last files gives way to the parts it was made of', async () => {
  await writer.command('CREATE TABLE t (k UInt32, v String) ENGINE = MergeTree ORDER BY k');
  for (let n = 0; n < 5; n++)
    await writer.command(`INSERT INTO t SELECT number + ${n * 100}, 'some text' FROM numbers(100)`);
  const before = await sums();
  await writer.command('OPTIMIZE TABLE t FINAL');
  const { path } = await read(`SELECT path FROM system.parts WHERE table = 't' AND active`);
  const marks = readdirSync(path).find((file) => file.includes('mrk'))!;
  for (const file of [marks, 'columns.txt']) truncateSync(join(path, file));
  await writer.command('SYSTEM DROP MARK CACHE');
  await expect(sums()).rejects.toThrow('Empty marks file');

  guard.suspect();
  await waitFor(() => reports.some((text) => text.startsWith(`Loaded 't' anew`)), { what: 'a table loaded anew' });
  expect(reports[0]).toContain('unreadable');
  expect(await sums()).toEqual(before);

  // Merges were stopped for the while of it.
  await waitFor(
    async () => {
      await writer.command('OPTIMIZE TABLE t FINAL');
      const { n } = await read(`SELECT count() AS n FROM system.parts WHERE table = 't' AND active`);
      return Number(n) === 1;
    },
    { what: 'merges that go on' },
  );
  expect(await sums()).toEqual(before);
});
