import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { drainPending, Session } from 'chdb';
import { createChdbConnection } from 'chdb/connection';
import { AnalyticsError } from '../analytics-store.ts';
import { quote } from '../literal.ts';
import { OLD_PARTS_SECONDS } from './disk-guard.ts';
import { translateError } from './translate-error.ts';

/** One connection to the engine in this process. It runs one statement at a time; two of them run side by side. */
export interface EngineConnection {
  /** Run a statement that answers nothing. */
  command(sql: string): Promise<void>;
  /** Run a query that names its format, and return what the engine wrote, whole. */
  read(sql: string): Promise<Uint8Array>;
}

export interface Engine {
  readonly connections: readonly EngineConnection[];
  /** End the query that carries this `log_comment`, if one does. Does not wait for its end. */
  kill(logComment: string): Promise<void>;
  /**
   * Nothing may be running on the connections any more. Waits until the engine has let go of its folder. A process that
   * exits without it while a statement runs may end with a segmentation fault, and stores what a killed one stores.
   */
  close(): Promise<void>;
}

/** Where the tables live. Not `default`: there, chdb would read a name that is no table as the path of a file. */
const DATABASE = 'throughline';

/** The SQL of a filter with thousands of values; the engine's own bound is 256 KiB. */
const QUERY_BYTES_MAX = 16 * 1024 ** 2;

/**
 * Start ClickHouse in this process, on `dir`. Main thread only: chdb crashes the process when a worker thread that has
 * loaded it ends. One folder at a time per process; one process at a time per folder is the caller's to ensure.
 *
 * @throws AnalyticsError `unavailable`
 */
export async function openEngine(dir: string, connectionCount: number): Promise<Engine> {
  const path = join(resolve(dir), 'engine');
  const configFile = join(resolve(dir), 'engine.xml');
  mkdirSync(path, { recursive: true, mode: 0o700 });
  writeConfig(configFile);
  let control: Session;
  let clients: ClickHouseClient[];
  try {
    // The arguments of the first connection decide how the engine runs; those of later ones would be ignored.
    control = new Session(path, { connectionArgs: [`--config-file=${configFile}`, ...ENGINE_ARGS] });
    await control.queryAsync(`CREATE DATABASE IF NOT EXISTS ${DATABASE} ENGINE = Atomic`);
    clients = await Promise.all(Array.from({ length: connectionCount }, () => connect(path)));
  } catch (error) {
    throw new AnalyticsError('unavailable', `ClickHouse does not open ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return {
    connections: clients.map(engineConnection),
    async kill(logComment) {
      await control.queryAsync(`KILL QUERY WHERE Settings['log_comment'] = ${quote(logComment)} ASYNC`);
    },
    async close() {
      for (const client of clients) await client.close();
      control.close();
      await drainPending();
    },
  };
}

/** chdb's interface comes from another release of the client, whose classes of settings TypeScript takes for others. */
type InjectedConnection = NonNullable<Parameters<typeof createClient>[0]>['connection'];

async function connect(path: string): Promise<ClickHouseClient> {
  const client = createClient({
    connection: createChdbConnection({ path }) as unknown as InjectedConnection,
    log: { level: ClickHouseLogLevel.OFF },
  });
  await client.command({ query: `USE ${DATABASE}` });
  // Before a query is parsed, so its own SETTINGS clause comes too late for this one.
  await client.command({ query: `SET max_query_size = ${QUERY_BYTES_MAX}` });
  // Migrations run statements that carry no SETTINGS clause.
  await client.command({ query: `SET session_timezone = 'UTC'` });
  return client;
}

function engineConnection(client: ClickHouseClient): EngineConnection {
  return {
    command: (sql) => run(client, async () => void (await client.command({ query: sql }))),
    read: (sql) => run(client, async () => await readAll((await client.exec({ query: sql })).stream)),
  };
}

async function run<T>(client: ClickHouseClient, statement: () => Promise<T>): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    // A connection holds on to the tables of a query that failed, until its next one.
    await client.command({ query: 'SELECT 1' }).catch(() => {});
    throw translateError(error);
  }
}

async function readAll(stream: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/**
 * Bounds for one process on a laptop: the engine's own caches may otherwise grow to 5 GB each. Databases are loaded
 * before the first query instead of behind it, so that "open" means open.
 */
const ENGINE_ARGS = [
  '--async_load_databases=0',
  '--async_load_system_database=0',
  `--mark_cache_size=${64 * 1024 ** 2}`,
  `--index_mark_cache_size=${32 * 1024 ** 2}`,
  `--primary_index_cache_size=${64 * 1024 ** 2}`,
  `--query_condition_cache_size=${16 * 1024 ** 2}`,
  `--compiled_expression_cache_size=${16 * 1024 ** 2}`,
];

/**
 * What is durable is a setting of the tables, and can be given as a default only in a file. A merged part has to be on
 * disk before the parts that it replaced are dropped, or a power cut would take rows that were synced long ago.
 */
const CONFIG = `<clickhouse>
  <merge_tree>
    <fsync_after_insert>1</fsync_after_insert>
    <fsync_part_directory>1</fsync_part_directory>
    <min_rows_to_fsync_after_merge>1</min_rows_to_fsync_after_merge>
    <min_compressed_bytes_to_fsync_after_merge>1</min_compressed_bytes_to_fsync_after_merge>
    <old_parts_lifetime>${OLD_PARTS_SECONDS}</old_parts_lifetime>
  </merge_tree>
</clickhouse>
`;

function writeConfig(path: string): void {
  try {
    if (readFileSync(path, 'utf8') === CONFIG) return;
  } catch {
    // Not there yet.
  }
  writeFileSync(path, CONFIG);
}
