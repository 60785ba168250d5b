// Started by embedded-process.contract.test.ts: `<action> <dir>`. Prints one line per observation.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openEngine } from '../../src/embedded/engine.ts';
import { type EmbeddedAnalyticsStore, openEmbeddedAnalytics } from '../../src/embedded/open-embedded-analytics.ts';
import { loadMigrations } from '../../src/migrations.ts';
import { sampleRequestRow } from '../../src/sample-rows.ts';
import { encodeRows } from '../../src/tables.ts';

const [action, dir] = process.argv.slice(2) as [string, string];

const print = (line: string) => process.stdout.write(`${line}\n`);
const batch = (n: number) =>
  encodeRows(
    'requests',
    Array.from({ length: 100 }, (_, i) => sampleRequestRow(n * 100 + i)),
  );
const ENDLESS = {
  sql: 'SELECT max(sipHash64(number)) AS m FROM numbers(1000000000000)',
  settings: { max_rows_to_read: 0, max_bytes_to_read: 0, max_execution_time: 60 },
};

async function printRows(store: EmbeddedAnalyticsStore): Promise<void> {
  const [row] = await store.query<{ n: string }>({ sql: 'SELECT count() AS n FROM requests FINAL' });
  print(`rows ${row!.n}`);
}

const ACTIONS: Record<string, () => Promise<void>> = {
  async 'insert-and-close'() {
    const store = await openEmbeddedAnalytics({ dir });
    await store.insert(batch(0));
    await printRows(store);
    await store.close();
  },

  async read() {
    const store = await openEmbeddedAnalytics({ dir });
    await printRows(store);
    const [row] = await store.query<{ at: string; month: number; zone: string }>({
      sql: `SELECT min(ordered_at) AS at, any(toYYYYMM(received_at)) AS month, getSetting('session_timezone') AS zone FROM requests`,
    });
    for (const line of [`first ${row!.at}`, `month ${row!.month}`, `zone ${row!.zone}`]) print(line);
    await store.close();
  },

  async 'close-while-busy'() {
    const store = await openEmbeddedAnalytics({ dir });
    const queries = Array.from({ length: 5 }, () => store.query(ENDLESS).catch((error) => print(error.code)));
    const insert = store.insert(batch(0)).then(() => print('insert ok'));
    await delay(200);
    const began = performance.now();
    await store.close();
    await Promise.all([...queries, insert]);
    // Far below the 60 s that the queries were given.
    print(`ended soon ${performance.now() - began < 20_000}`);
  },

  async 'close-while-abandoned'() {
    const store = await openEmbeddedAnalytics({ dir });
    const abort = new AbortController();
    const query = store.query({ ...ENDLESS, signal: abort.signal }).catch((error) => print(error.code));
    await delay(100);
    abort.abort();
    await query;
    await store.close();
  },

  async 'insert-until-killed'() {
    const store = await openEmbeddedAnalytics({ dir });
    for (let n = 0; ; n++) {
      await store.insert(batch(n));
      print(`stored ${n + 1}`);
    }
  },

  async 'list-insert-files'() {
    const store = await openEmbeddedAnalytics({ dir });
    await store.insert(batch(0));
    print(`files ${JSON.stringify(readdirSync(join(dir, 'insert')))}`);
    await store.close();
  },

  async 'insert-through-disk'() {
    const store = await openEmbeddedAnalytics({ dir, insertInMemory: false });
    await store.insert(batch(0));
    await printRows(store);
    print(`files ${JSON.stringify(readdirSync(join(dir, 'insert')))}`);
    await store.close();
  },

  async durability() {
    const store = await openEmbeddedAnalytics({ dir });
    const rows = await store.query<{ name: string; value: string }>({
      sql: `SELECT name, value FROM system.merge_tree_settings WHERE (name LIKE '%fsync%' OR name = 'old_parts_lifetime') AND changed ORDER BY name`,
    });
    for (const { name, value } of rows) print(`${name} ${value}`);
    await store.close();
  },

  async 'system-logs'() {
    const store = await openEmbeddedAnalytics({ dir });
    await store.insert(batch(0));
    await store.query({ sql: 'SELECT 1' });
    const logs = await store.query({
      sql: `SELECT database, name FROM system.tables WHERE name LIKE '%\\\\_log' AND total_bytes > 0`,
    });
    print(`logs ${JSON.stringify(logs)}`);
    await store.close();
  },

  async 'record-newer-migration'() {
    const engine = await openEngine(dir, 1);
    const number = loadMigrations().length + 1;
    await engine.connections[0]!.command(`INSERT INTO schema_migrations VALUES (${number}, 'later', 'x', now64(3))`);
    await engine.close();
  },

  async 'half-a-migration'() {
    const engine = await openEngine(dir, 1);
    for (const statement of loadMigrations()[0]!.statements.slice(0, 3))
      await engine.connections[0]!.command(statement);
    await engine.close();
  },
};

await ACTIONS[action]!();
