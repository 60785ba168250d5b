/**
 * The reference: ready `JSONEachRow` lines into tables of the same schema and durability, with nothing before or after
 * it. One connection, batches of the aggregator's size; no decoding, no totals, no snapshots.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { createChdbConnection } from 'chdb/connection';
import { cpuBetween, readCpu } from '../measure/process-cpu.ts';
import { readMemory } from '../measure/process-memory.ts';
import { argument, onParentGone, tellParent } from '../processes/parent.ts';
import type { RawInsertRun } from './aggregator-run.ts';

const dir = argument('dir');
const folder = argument('rows');
const batches = readdirSync(folder)
  .sort((a, b) => a.split('.')[1]!.localeCompare(b.split('.')[1]!) || b.localeCompare(a))
  .map((name) => ({ table: `throughline.${name.split('.')[0]}`, values: readFileSync(join(folder, name)) }));
// Makes the tables, and decides how the engine of this process runs.
const analytics = await openEmbeddedAnalytics({ dir });
const connection = createChdbConnection({ path: join(dir, 'engine') });

const before = readCpu(process.pid);
const start = performance.now();
for (const { table, values } of batches) {
  await connection.chdb.rawInsert({ table, values, format: 'JSONEachRow', settings: { async_insert: 0 } });
}
const seconds = (performance.now() - start) / 1_000;
const cpuUs = cpuBetween(before, readCpu(process.pid)).processUs;
const [stored] = await analytics.query<{ rows: string }>({ sql: 'SELECT count() AS rows FROM requests FINAL' });

tellParent({
  seconds,
  cpuUs,
  peakRssMib: readMemory(process.pid).peak,
  rows: Number(stored!.rows),
} satisfies RawInsertRun);
onParentGone(async () => {
  await connection.close();
  await analytics.close();
});
