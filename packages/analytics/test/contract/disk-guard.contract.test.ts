import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '@throughline/testkit/wait-for';
import { type DiskGuard, guardDisk } from '../../src/embedded/disk-guard.ts';
import { type Engine, type EngineConnection, openEngine } from '../../src/embedded/engine.ts';

let dir: string;
let engine: Engine;
let writer: EngineConnection;
let guard: DiskGuard;
const reports: string[] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'throughline-analytics-'));
  engine = await openEngine(dir, 2);
  const [first, connection] = engine.connections;
  writer = first!;
  guard = guardDisk({
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
const readAll = async (sql: string): Promise<{ path: string }[]> =>
  Buffer.from(await writer.read(`${sql} FORMAT JSONEachRow`))
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
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

test('an insert during which its table was loaded anew is not confirmed', async () => {
  const begun = await guard.begin('t');
  const before = reports.length;
  await writer.command(`INSERT INTO t SELECT number, 'never confirmed' FROM numbers(10)`);
  const [path] = (await readAll(`SELECT path FROM system.parts WHERE table = 't' AND active AND level = 0`)).map(
    (part) => part.path,
  );
  truncateSync(join(path!, 'columns.txt'));
  guard.suspect();
  await waitFor(() => reports.slice(before).some((text) => text.startsWith('Loaded')), { what: 'a table loaded anew' });
  await expect(guard.confirm('t', begun)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  await guard.confirm('t', await guard.begin('t'));
});
