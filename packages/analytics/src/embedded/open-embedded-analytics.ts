import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AnalyticsByteStore,
  AnalyticsError,
  type AnalyticsPurger,
  type AnalyticsQuery,
  type EncodedRows,
} from '../analytics-store.ts';
import { deleteRows } from '../delete-rows.ts';
import { parseRows } from '../json-rows.ts';
import { createLane } from '../lane.ts';
import { literal, quote } from '../literal.ts';
import { migrate } from '../migrate.ts';
import { fillPlaceholders } from '../placeholders.ts';
import { DEFAULT_QUERY_LIMITS, type QueryLimits, settingsClause } from '../query-limits.ts';
import { insertColumns } from '../tables.ts';
import { guardDisk, isTableAway } from './disk-guard.ts';
import { type Engine, type EngineConnection, openEngine } from './engine.ts';
import { openInsertFiles } from './insert-files.ts';
import { isDiskError } from './translate-error.ts';

export interface EmbeddedAnalyticsConfig {
  /** Folder of this store alone; made when it is missing. The caller holds the lock on it. */
  readonly dir: string;
  /** Connections for queries, beside those for inserts. More than the cores have gain nothing. */
  readonly queryConnections?: number;
  /** Queries that may wait for a connection; one more fails with `unavailable`. */
  readonly queueMax?: number;
  readonly limits?: Partial<QueryLimits>;
  /** Hand rows over through `/dev/shm` where that is possible. Default true. */
  readonly insertInMemory?: boolean;
  /** Told in a sentence when the disk was too full for the engine, and what was done about it. */
  report?(message: string): void;
}

/** What the embedded store offers to its owner beyond the port. */
export interface EmbeddedAnalyticsStore extends AnalyticsByteStore, AnalyticsPurger {
  /** For metrics. */
  readonly load: { readonly queriesRunning: number; readonly queriesWaiting: number; readonly insertsWaiting: number };
}

const QUERY_CONNECTIONS = 3;

/** Half of an insert is waiting for the disk. */
const INSERT_CONNECTIONS = 2;

/** One for the guard of the disk, one for purges. */
const MAINTENANCE_CONNECTIONS = 2;

/** At 4 ms a query, a full queue is a quarter of a second of work. */
const QUEUE_MAX = 64;

/** How long a kill gets to find its query before it is sent again. */
const KILL_RETRY_MS = 100;

/**
 * Open ClickHouse in this process, bring its schema up to date, and serve `AnalyticsStore` from it.
 *
 * Main thread only, one per process (see `openEngine`). `close` ends running queries, waits for running inserts, and
 * resolves when the engine is gone; only then may the process exit.
 *
 * @throws AnalyticsError `unavailable` when the folder cannot be opened, `rejected` when its schema is newer than this
 *   code or was changed by hand.
 */
export async function openEmbeddedAnalytics(config: EmbeddedAnalyticsConfig): Promise<EmbeddedAnalyticsStore> {
  const limits = { ...DEFAULT_QUERY_LIMITS, ...config.limits };
  const engine = await openEngine(
    config.dir,
    INSERT_CONNECTIONS + MAINTENANCE_CONNECTIONS + (config.queryConnections ?? QUERY_CONNECTIONS),
  );
  try {
    const [writer] = engine.connections;
    const read = async (sql: string) =>
      parseRows<Record<string, string>>(await writer!.read(`${sql}\nFORMAT JSONEachRow`));
    await migrate({ execute: (sql) => writer!.command(sql), read });
    return createEmbeddedStore(engine, limits, config);
  } catch (error) {
    await engine.close();
    throw error;
  }
}

function createEmbeddedStore(
  engine: Engine,
  limits: QueryLimits,
  { dir, queueMax = QUEUE_MAX, insertInMemory, report }: EmbeddedAnalyticsConfig,
): EmbeddedAnalyticsStore {
  const files = openInsertFiles(dir, insertInMemory);
  const writers = engine.connections.slice(0, INSERT_CONNECTIONS);
  const [maintenance, purging, ...readers] = engine.connections.slice(INSERT_CONNECTIONS);
  const inserts = createLane(writers, queueMax);
  const queries = createLane(readers, queueMax);
  const purges = createLane([purging!], queueMax);
  const guard = guardDisk({
    dir,
    connection: maintenance!,
    exclusive: inserts.runAlone,
    report,
  });
  const instanceId = randomUUID();
  const runningTags = new Set<string>();
  let nextTag = 0;
  let closing: Promise<void> | undefined;

  /** A kill that comes before the engine has registered the query finds nothing, so it is repeated until it is over. */
  async function killUntilOver(tag: string): Promise<void> {
    while (runningTags.has(tag)) {
      // A kill that fails leaves the query to its time limit.
      await engine.kill(tag).catch(() => {});
      await delay(KILL_RETRY_MS);
    }
  }

  function suspectDisk(error: unknown): void {
    if (isDiskError(error)) guard.suspect();
  }

  async function queryBytes({ sql, params = {}, settings = {}, signal }: AnalyticsQuery): Promise<Uint8Array> {
    const tag = `${instanceId}-${nextTag++}`;
    const filled = fillPlaceholders(sql, params, literal);
    const statement = `${filled}\n${settingsClause(limits, { ...settings, log_comment: tag })}\nFORMAT JSONEachRow`;
    const task = async (connection: EngineConnection) => {
      runningTags.add(tag);
      try {
        return await connection.read(statement);
      } catch (error) {
        if (closing)
          throw new AnalyticsError('closed', 'the analytics store was closed while the query ran', { cause: error });
        if (guard.reloading && isTableAway(error)) {
          const message = 'A table is loaded anew after the disk was full; try again in a moment';
          throw new AnalyticsError('unavailable', message, { retryable: true, cause: error });
        }
        suspectDisk(error);
        throw error;
      } finally {
        runningTags.delete(tag);
      }
    };
    return await queries.run(task, { signal, onAbandoned: () => void killUntilOver(tag) });
  }

  async function insert({ table, rows, bytes }: EncodedRows): Promise<void> {
    if (rows === 0) return;
    const begun = await guard.begin(table);
    await inserts.run(async (connection) => {
      const path = files.write(bytes);
      try {
        await connection.command(
          `INSERT INTO ${table} (${insertColumns(table)}) FROM INFILE ${quote(path)} ${INSERT_SETTINGS} FORMAT RowBinary`,
        );
      } catch (error) {
        suspectDisk(error);
        throw error;
      } finally {
        files.remove(path);
      }
    });
    await guard.confirm(table, begun);
  }

  async function close(): Promise<void> {
    await guard.close();
    const idle = Promise.all([queries.close(), inserts.close(), purges.close()]);
    for (const tag of runningTags) void killUntilOver(tag);
    await idle;
    await engine.close();
    files.close();
  }

  const query = async <Row>(asked: AnalyticsQuery): Promise<Row[]> => parseRows<Row>(await queryBytes(asked));

  return {
    insert,
    deleteRows(table, where, params) {
      const execute = (sql: string) => purges.run((connection) => connection.command(sql));
      return deleteRows({ execute, query: (sql, asked) => query({ sql, params: asked }) }, table, where, params);
    },
    queryBytes,
    query,
    async instanceId() {
      return instanceId;
    },
    close() {
      closing ??= close();
      return closing;
    },
    get load() {
      return { queriesRunning: queries.running, queriesWaiting: queries.waiting, insertsWaiting: inserts.waiting };
    },
  };
}

/**
 * An insert is over when its rows are on disk, never before. Rows of more than a hundred months in one insert mean a
 * clock that jumped: refusing them would stop the log behind them. Parsing in several threads costs more than it saves.
 */
const INSERT_SETTINGS =
  'SETTINGS async_insert = 0, throw_on_max_partitions_per_insert_block = 0, input_format_parallel_parsing = 0';
