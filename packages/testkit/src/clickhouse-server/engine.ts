import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { quote } from '@throughline/analytics/literal';
import { drainPending, Session } from 'chdb';
import { ServerException, toException } from './exception.ts';

/** One statement with all that came beside it. */
export interface EngineStatement {
  readonly sql: string;
  /** Of results, where the statement names none. */
  readonly format: string;
  readonly database: string | undefined;
  readonly settings: readonly (readonly [name: string, value: string])[];
  /** Bound parameters, in ClickHouse's escaped text. */
  readonly params: readonly (readonly [name: string, value: string])[];
  /** Statements with the same one see each other's settings and temporary tables. */
  readonly sessionId: string | undefined;
}

export interface EngineResult {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly bytesRead: number;
  readonly elapsedSeconds: number;
}

/** The engine in this process, used as a server would use it: each statement on a connection of its own. */
export interface ServerEngine {
  readonly version: string;
  readonly errorNames: ReadonlyMap<number, string>;
  /**
   * @param tag names this run for `kill`. It stands in the setting `log_comment`, which a statement's own would hide.
   * @throws ServerException
   */
  run(statement: EngineStatement, tag: string): Promise<EngineResult>;
  /** Ends that statement, whenever it begins; resolves when it is over. */
  kill(tag: string): Promise<void>;
  close(): Promise<void>;
}

/** Statements that run at once; the threads of the process (`UV_THREADPOOL_SIZE`) are more. */
export const STATEMENTS_MAX = 16;
/** Those that wait beside them. One more is refused, with the code that a server has for it. */
const WAITING_MAX = 200;
/** A kill that comes before the engine knows the statement finds nothing, so it is repeated. */
const KILL_RETRY_MS = 50;

export async function openServerEngine(dir: string): Promise<ServerEngine> {
  const path = join(dir, 'engine');
  const configFile = join(dir, 'engine.xml');
  mkdirSync(path, { recursive: true });
  writeFileSync(configFile, '<clickhouse></clickhouse>\n');
  const control = new Session(path, { connectionArgs: [`--config-file=${configFile}`, ...ENGINE_ARGS] });
  const version = (await control.queryAsync('SELECT version()', { format: 'TSV' })).text().trim();
  const names = (
    await control.queryAsync('SELECT errorCodeToName(number) FROM numbers(2000)', { format: 'TSV' })
  ).text();
  const sessions = new Map<string, { session: Session; busy: boolean }>();
  const running = new Set<string>();
  const waiting: (() => void)[] = [];
  let free = STATEMENTS_MAX;

  async function acquire(): Promise<void> {
    if (free > 0) {
      free--;
      return;
    }
    if (waiting.length >= WAITING_MAX) {
      throw new ServerException(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', `${WAITING_MAX} statements wait already.`);
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function release(): void {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }

  /** A connection costs a millisecond, and one that nobody had before carries nobody's settings and holds no tables. */
  async function withSession<T>(id: string | undefined, work: (session: Session) => Promise<T>): Promise<T> {
    if (id === undefined) {
      const session = new Session(path);
      try {
        return await work(session);
      } finally {
        session.close();
      }
    }
    const known = sessions.get(id) ?? { session: new Session(path), busy: false };
    sessions.set(id, known);
    if (known.busy)
      throw new ServerException(373, 'SESSION_IS_LOCKED', `Session ${id} is locked by a concurrent client.`);
    known.busy = true;
    try {
      return await work(known.session);
    } finally {
      known.busy = false;
    }
  }

  async function runOn(session: Session, statement: EngineStatement, tag: string): Promise<EngineResult> {
    const { settings, params, database } = statement;
    if (database !== undefined) await session.queryAsync(`USE ${identifier(database)}`);
    const beside = [
      ...params.map(([name, value]) => [`param_${name}`, value] as const),
      ['log_comment', tag],
      ...settings,
    ];
    // All in one: `readonly` among them would forbid a second.
    await session.queryAsync(
      `SET ${beside.map(([name, value]) => `${settingName(name!)} = ${quote(value!)}`).join(', ')}`,
    );
    const result = await session.queryAsync(statement.sql, { format: statement.format });
    // The engine's memory is gone with the session.
    const bytes = Uint8Array.from(result.bytes());
    return { bytes, rows: result.rowsRead, bytesRead: result.bytesRead, elapsedSeconds: result.elapsed };
  }

  return {
    version,
    errorNames: new Map(names.split('\n').flatMap((name, code) => (name ? [[code, name] as const] : []))),
    async run(statement, tag) {
      running.add(tag);
      try {
        await acquire();
        try {
          return await withSession(statement.sessionId, (session) => runOn(session, statement, tag));
        } finally {
          release();
        }
      } catch (error) {
        throw toException(error);
      } finally {
        running.delete(tag);
      }
    },
    async kill(tag) {
      while (running.has(tag)) {
        await control.queryAsync(`KILL QUERY WHERE Settings['log_comment'] = ${quote(tag)} ASYNC`).catch(() => {});
        await delay(KILL_RETRY_MS);
      }
    },
    async close() {
      for (const { session } of sessions.values()) session.close();
      control.close();
      await drainPending();
    },
  };
}

function identifier(name: string): string {
  return `\`${name.replace(/[\\`]/g, '\\$&')}\``;
}

function settingName(name: string): string {
  if (!/^[A-Za-z_]\w{0,199}$/.test(name))
    throw new ServerException(115, 'UNKNOWN_SETTING', `Unknown setting '${name}'.`);
  return name;
}

/** Databases are loaded before the port opens; caches stay within what a machine that runs tests has. */
const ENGINE_ARGS = [
  '--async_load_databases=0',
  '--async_load_system_database=0',
  `--mark_cache_size=${64 * 1024 ** 2}`,
  `--index_mark_cache_size=${32 * 1024 ** 2}`,
  `--primary_index_cache_size=${64 * 1024 ** 2}`,
  `--query_condition_cache_size=${16 * 1024 ** 2}`,
  `--compiled_expression_cache_size=${16 * 1024 ** 2}`,
];
