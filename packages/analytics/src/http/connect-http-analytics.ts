import type {
  AnalyticsByteStore,
  AnalyticsError,
  AnalyticsPurger,
  AnalyticsQuery,
  EncodedRows,
} from '../analytics-store.ts';
import { deleteRows } from '../delete-rows.ts';
import { parseRows } from '../json-rows.ts';
import { createLane } from '../lane.ts';
import { quote } from '../literal.ts';
import { checkSchema } from '../migrate.ts';
import { DEFAULT_QUERY_LIMITS, type QueryLimits, settingsClause } from '../query-limits.ts';
import { insertColumns } from '../tables.ts';
import { bindParams } from './bind-params.ts';
import { type HttpAnalyticsConfig, readEndpoint } from './http-config.ts';
import { migrationTarget } from './migrate-server.ts';
import { openServerClient } from './server-client.ts';
import { SIGHTING_SQL, watchInstances } from './server-instance.ts';
import { isConnectionLost } from './translate-http-error.ts';

/** What a store on a server offers to its owner beyond the port. */
export interface HttpAnalyticsStore extends AnalyticsByteStore, AnalyticsPurger {
  /**
   * Whether the tables are those of this version.
   *
   * @throws AnalyticsError `rejected` when they are older (`throughline migrate` brings them up to date), newer or other
   *   ones; `unavailable` when the server cannot be asked: `retryable` says whether it is worth asking again.
   */
  checkSchema(): Promise<void>;
  /** For metrics. */
  readonly load: { readonly queriesRunning: number; readonly queriesWaiting: number; readonly insertsWaiting: number };
}

/** Several processes ask one server: each for a part of the cores that a server has. */
const QUERY_CONNECTIONS = 8;

/** A batch goes into some ten tables, most of them small: beside the two of `requests` and its bodies, two for those. */
const INSERT_CONNECTIONS = 4;

const QUEUE_MAX = 64;

/** Six times the slowest insert that a server in trouble was seen to make (5 s). */
const INSERT_TIMEOUT_MS = 30_000;

/** A server ends a query at its limit; this long after that it has said so, or does not answer at all. */
const ANSWER_GRACE_MS = 5_000;

/** A restart takes every idle connection with it, but says so only on those in use: as many as one read may meet. */
const READ_TRIES = 3;

/**
 * Use the ClickHouse server, or cluster behind one address, at `config.url`. Nothing is sent before the first call, so a
 * server that is down fails calls (`unavailable`) and not the start. Neither are the tables made here: `migrateServer`.
 *
 * A read whose connection was lost is asked again at once. An insert is not: it fails with `unavailable`, its rows stored
 * or not, and its caller repeats it whole.
 *
 * @throws AnalyticsError `rejected` for a config that means nothing.
 */
export function connectHttpAnalytics(config: HttpAnalyticsConfig): HttpAnalyticsStore {
  const endpoint = readEndpoint(config);
  const limits = { ...DEFAULT_QUERY_LIMITS, ...config.limits };
  const { compress = false, queueMax = QUEUE_MAX, insertTimeoutMs = INSERT_TIMEOUT_MS, replication } = config;
  const { queryConnections = QUERY_CONNECTIONS, insertConnections = INSERT_CONNECTIONS } = config;
  // One pool each: inserts never wait behind queries.
  const reader = openServerClient(endpoint, { connections: queryConnections, compress });
  const writer = openServerClient(endpoint, { connections: insertConnections, compress });
  const queries = createLane(
    Array.from({ length: queryConnections }, () => reader),
    queueMax,
  );
  const inserts = createLane(
    Array.from({ length: insertConnections }, () => writer),
    queueMax,
  );
  const instances = watchInstances();
  const insertSettings = replication ? `${INSERT_SETTINGS}, ${QUORUM_SETTINGS}` : INSERT_SETTINGS;
  const readSettings: Record<string, number> = replication ? { select_sequential_consistency: 1 } : {};
  let closing: Promise<void> | undefined;

  async function queryBytes({ sql, params = {}, settings = {}, signal }: AnalyticsQuery): Promise<Uint8Array> {
    const bound = bindParams(sql, params);
    const statement = {
      sql: `${bound.sql}\n${settingsClause(limits, { ...readSettings, ...settings })}\nFORMAT JSONEachRow`,
      settings: { ...READ_REQUEST, ...paramSettings(bound.params) },
      timeoutMs: secondsOf(settings, limits) * 1000 + ANSWER_GRACE_MS,
      signal,
    };
    return await queries.run((client) => readAgain(() => client.run(statement)), { signal });
  }

  async function insert({ table, rows, bytes }: EncodedRows): Promise<void> {
    if (rows === 0) return;
    const sql = `INSERT INTO ${table} (${insertColumns(table)}) SETTINGS ${insertSettings} FORMAT RowBinary`;
    await inserts.run(async (client) => {
      await client.run({ sql, body: bytes, settings: WRITE_REQUEST, timeoutMs: insertTimeoutMs });
    });
  }

  async function close(): Promise<void> {
    const idle = Promise.all([queries.close(), inserts.close()]);
    // What reads is ended, what writes is waited for: a caller has to know what became of it.
    await reader.close();
    await idle;
    await writer.close();
  }

  const query = async <Row>(asked: AnalyticsQuery): Promise<Row[]> => parseRows<Row>(await queryBytes(asked));

  return {
    insert,
    deleteRows(table, where, params) {
      const execute = (sql: string) =>
        inserts.run(async (client) => {
          await client.run({ sql, settings: PURGE_REQUEST, timeoutMs: insertTimeoutMs });
        });
      const onCluster = replication ? ` ON CLUSTER ${quote(replication.cluster)}` : '';
      return deleteRows(
        { execute, query: (sql, asked) => query({ sql, params: asked }), onCluster },
        table,
        where,
        params,
      );
    },
    queryBytes,
    query,
    async instanceId() {
      const [row] = parseRows<Record<string, string>>(await queryBytes({ sql: SIGHTING_SQL }));
      // A single server may come back under another name: a container that was made anew.
      const host = replication ? row!.host! : 'the one server';
      return instances.see({ host, nowMs: Number(row!.now_ms), uptimeSeconds: Number(row!.uptime) });
    },
    async checkSchema() {
      await queries.run((client) => checkSchema(migrationTarget(client, replication)));
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

async function readAgain(read: () => Promise<Uint8Array>): Promise<Uint8Array> {
  for (let tries = 1; ; tries++) {
    try {
      return await read();
    } catch (error) {
      if (tries === READ_TRIES || !isConnectionLost((error as AnalyticsError).cause)) throw error;
    }
  }
}

/** The client would escape texts that are in the engine's form already; as settings they go out as they are. */
function paramSettings(params: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...params].map(([name, text]) => [`param_${name}`, text]));
}

function secondsOf(settings: Readonly<Record<string, string | number>>, limits: QueryLimits): number {
  const own = Number(settings.max_execution_time);
  return own > 0 ? own : limits.executionSecondsMax;
}

/** The SQL of a filter with thousands of values; a server's own bound is 256 KiB. */
const QUERY_BYTES_MAX = 16 * 1024 ** 2;

/** A server holds this much of an answer in memory and the rest in a file, until it knows how the query ended. */
const ANSWER_BUFFER_BYTES = 4 * 1024 ** 2;

/** An error that comes when rows are under way would have no status: the answer begins when the query has ended. */
const WAIT_FOR_END = { wait_end_of_query: 1, buffer_size: ANSWER_BUFFER_BYTES };

/**
 * A query only reads, and ends when its caller hangs up: the server looks for that in read-only queries alone. (2: its
 * own SETTINGS clause still counts.)
 */
const READ_REQUEST = {
  ...WAIT_FOR_END,
  readonly: 2,
  cancel_http_readonly_queries_on_client_close: 1,
  max_query_size: QUERY_BYTES_MAX,
};

const WRITE_REQUEST = WAIT_FOR_END;

/** Ten thousands of log positions stand in the statement itself. */
const PURGE_REQUEST = { ...WAIT_FOR_END, max_query_size: QUERY_BYTES_MAX };

/**
 * An insert is over when its rows are stored, never before, and is stored however often it is repeated: a server would
 * drop a block that it has seen, although the part may be lost. Rows of more than a hundred months in one insert mean a
 * clock that jumped: refusing them would stop the log behind them. Parsing in several threads costs more than it saves.
 */
const INSERT_SETTINGS = [
  'async_insert = 0',
  'insert_deduplicate = 0',
  "deduplicate_insert = 'disable'",
  'throw_on_max_partitions_per_insert_block = 0',
  'input_format_parallel_parsing = 0',
].join(', ');

/**
 * A majority of the replicas has an insert before it is done, one insert per table at a time: only so can a query be sure
 * to see all of them (`select_sequential_consistency`). It waits less long than we do.
 */
const QUORUM_SETTINGS = "insert_quorum = 'auto', insert_quorum_parallel = 0, insert_quorum_timeout = 20000";
