import { median } from '../measure/statistics.ts';
import type { EngineSession } from './engine-session.ts';

/** What one index adds to an insert, per row: CPU of the whole process, and bytes on disk. */
export interface IndexCost {
  readonly table: string;
  readonly index: string;
  readonly cpuUs: number;
  readonly bytes: number;
}

/** Rows of one insert: as many as a busy aggregator sends in some seconds, so that what an insert costs by itself is small. */
const ROWS = 20_000;
const TABLES = ['requests', 'request_bodies', 'sessions'];

/**
 * Inserts the same rows into copies of a table, one without skip indexes and one with each of them alone, in turns. Both
 * without merges: a merge builds an index once more.
 */
export async function measureIndexCosts(engine: EngineSession, rounds: number): Promise<IndexCost[]> {
  const costs: IndexCost[] = [];
  for (const table of TABLES) {
    const indexes = await engine.rows<{ name: string }>(
      `SELECT name FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = '${table}' ORDER BY name`,
    );
    const names = indexes.map(({ name }) => name);
    const copies = [undefined, ...names].map((kept) => ({ kept, name: `copy_${table}_${kept ?? 'plain'}` }));
    for (const { kept, name } of copies) {
      await engine.run(`CREATE TABLE ${name} AS ${table}`);
      for (const index of names) if (index !== kept) await engine.run(`ALTER TABLE ${name} DROP INDEX ${index}`);
      await engine.run(`SYSTEM STOP MERGES ${name}`);
    }
    await engine.run(`CREATE TABLE copied ENGINE = Memory AS SELECT * FROM ${table} LIMIT ${ROWS}`);
    const cpu: number[][] = copies.map(() => []);
    for (let round = -1; round < rounds; round++) {
      for (const [at, { name }] of copies.entries()) {
        const before = process.cpuUsage();
        await engine.run(`INSERT INTO ${name} SELECT * FROM copied SETTINGS max_threads = 1`);
        const { user, system } = process.cpuUsage(before);
        if (round >= 0) cpu[at]!.push((user + system) / ROWS);
      }
    }
    for (const [at, { kept, name }] of copies.entries()) {
      if (kept === undefined) continue;
      const [size] = await engine.rows<{ bytes: number }>(
        `SELECT sum(data_compressed_bytes) / (SELECT count() FROM ${name}) AS bytes FROM system.data_skipping_indices
        WHERE database = currentDatabase() AND table = '${name}'`,
      );
      const more = median(cpu[at]!.map((us, round) => us - cpu[0]![round]!));
      costs.push({ table, index: kept, cpuUs: more, bytes: size!.bytes });
    }
    for (const { name } of [...copies, { name: 'copied' }]) await engine.run(`DROP TABLE ${name} SYNC`);
  }
  return costs;
}
