import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { readDataBytes } from './data-bytes.ts';

const KIB = 1024;

test('tells the log, the parts of tables that are read from, those that were replaced, and the rest apart', async () => {
  await using dir = await createTempDir('data-bytes');
  const write = async (path: string, kib: number) => {
    await mkdir(join(dir.path, path, '..'), { recursive: true });
    await writeFile(join(dir.path, path), Buffer.alloc(kib * KIB, 1));
  };
  const engine = 'clickhouse/engine';
  await mkdir(join(dir.path, engine, 'data/throughline'), { recursive: true });
  const table = async (name: string) => {
    await mkdir(join(dir.path, engine, 'store', name), { recursive: true });
    await symlink(join(dir.path, engine, 'store', name), join(dir.path, engine, 'data/throughline', name));
  };
  for (const name of ['requests', 'request_bodies', 'sessions', 'session_keys', 'tenants']) await table(name);
  await write('log/0.log', 64);
  await write('totals/data.mdb', 32);
  await write('keys.json', 4);
  await write(`${engine}/store/requests/202611_1_2_1/data.bin`, 16);
  await write(`${engine}/store/requests/202611_1_1_0/data.bin`, 8);
  await write(`${engine}/store/request_bodies/202611_1_1_0/data.bin`, 128);
  await write(`${engine}/store/sessions/all_1_1_0/data.bin`, 4);
  await write(`${engine}/store/session_keys/all_1_1_0/data.bin`, 4);
  await write(`${engine}/store/tenants/all_1_1_0/data.bin`, 4);
  expect(readDataBytes(dir.path)).toEqual({
    'event log': 64 * KIB,
    totals: 32 * KIB,
    rows: 16 * KIB,
    bodies: 128 * KIB,
    snapshots: 8 * KIB,
    other: 8 * KIB,
    'replaced parts': 8 * KIB,
  });
});
