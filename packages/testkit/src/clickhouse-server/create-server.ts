import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { openInsertFiles } from '@throughline/analytics/embedded/insert-files';
import { quote } from '@throughline/analytics/literal';
import { authenticate, type ServerUser } from './authenticate.ts';
import type { EngineResult, EngineStatement, ServerEngine } from './engine.ts';
import { exceptionText, httpStatus, ServerException, toException } from './exception.ts';
import { createFaultInjector, FAULTS_PATH, type Failure, type StatementKind } from './faults.ts';
import { type RequestParams, readBody, readParams } from './read-request.ts';
import { sendAnswer } from './send-answer.ts';
import { readStatement, type Statement } from './statement.ts';

/** As ClickHouse announces it. */
const KEEP_ALIVE_MS = 10_000;

export interface ServedEngine {
  readonly server: Server;
  /** Ends what runs; the engine itself is its owner's to close. */
  close(): Promise<void>;
}

/**
 * ClickHouse's HTTP interface in front of the engine of this process.
 *
 * @param dir where rows of inserts may lie on their way to the engine.
 */
export function serveEngine(engine: ServerEngine, dir: string, user: ServerUser): ServedEngine {
  const files = openInsertFiles(dir);
  const faults = createFaultInjector(engine.errorNames);
  const tags = new Map<string, string>();

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      // The client has gone away, or an error of this server itself came too late for an answer.
      response.destroy(error as Error);
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('X-ClickHouse-Server-Display-Name', 'throughline-testkit');
    if (url.pathname === '/ping' || url.pathname === '/replicas_status') return plain(response, 200, 'Ok.\n');
    if (url.pathname === FAULTS_PATH) {
      try {
        faults.set(JSON.parse(await text(request)));
        return plain(response, 200, 'Ok.\n');
      } catch (error) {
        return plain(response, 400, (error as Error).message);
      }
    }
    if (url.pathname !== '/') return plain(response, 404, `There is no handle ${url.pathname}\n`);
    try {
      const params = readParams(url.searchParams, request.headers);
      authenticate(request.headers, params, user);
      await answerStatement(request, response, params);
    } catch (error) {
      const exception = toException(error);
      // What is left of the body would be read as the next request.
      if (!request.complete) request.resume();
      response.writeHead(httpStatus(exception), {
        'Content-Type': 'text/plain; charset=UTF-8',
        'X-ClickHouse-Exception-Code': exception.code,
      });
      response.end(exceptionText(exception, engine.version));
    }
  }

  async function answerStatement(request: IncomingMessage, response: ServerResponse, params: RequestParams) {
    const body = await readBody(request);
    // A client that went away before its statement was whole has asked for nothing.
    if (!body) return response.destroy();
    const { statement, rows } = readTask(params.query, body);
    if (statement.verb === '') return plain(response, 200, 'Ok.\n');
    const queryId = params.queryId ?? randomUUID();
    if (tags.has(queryId)) {
      throw new ServerException(
        216,
        'QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING',
        `Query with id = ${queryId} is already running.`,
      );
    }
    const kind: StatementKind = statement.verb === 'INSERT' ? 'insert' : 'query';
    const settings = settingsOf(request, params);
    response.setHeader('X-ClickHouse-Query-Id', queryId);
    response.setHeader('X-ClickHouse-Timezone', 'UTC');
    await faults.delay(kind);
    const failure = faults.take(kind);
    if (failure?.when === 'before' && failure.answer !== 'midway') return fail(response, failure);

    const mayEnd = endsWithItsClient(settings);
    if (response.closed && mayEnd) return;
    const tag = `http-${randomUUID()}`;
    tags.set(queryId, tag);
    response.once('close', () => {
      if (!response.writableFinished && mayEnd) void engine.kill(tag);
    });
    let result: EngineResult;
    try {
      result = await run(statement, rows, { ...params, settings }, tag);
    } finally {
      tags.delete(queryId);
    }
    if (failure && (failure.answer !== 'midway' || params.waitEndOfQuery)) return fail(response, failure);
    await sendAnswer(
      request,
      response,
      {
        bytes: result.bytes,
        format: statement.format ?? params.defaultFormat ?? DEFAULT_FORMAT,
        summary: summaryOf(kind, result),
      },
      {
        compress: isOn(settings, 'enable_http_compression'),
        tail: failure && exceptionText(faults.exception(failure), engine.version),
      },
    );
  }

  function fail(response: ServerResponse, failure: Failure): void {
    if (failure.answer === 'cut') response.destroy();
    else throw faults.exception(failure);
  }

  async function run(
    statement: Statement,
    rows: Uint8Array,
    params: RequestParams,
    tag: string,
  ): Promise<EngineResult> {
    const task: Omit<EngineStatement, 'sql'> = {
      format: params.defaultFormat ?? DEFAULT_FORMAT,
      database: params.database,
      settings: params.settings,
      params: params.params,
      sessionId: params.sessionId,
    };
    const { insert } = statement;
    if (!insert) return await engine.run({ ...task, sql: utf8(withKnownQueryIds(statement)) }, tag);
    const path = files.write(rows);
    try {
      return await engine.run({ ...task, sql: utf8(insert.fromFile(quote(path))) }, tag);
    } finally {
      files.remove(path);
    }
  }

  /** The engine gives statements ids of its own, and knows ours by their tag. */
  function withKnownQueryIds({ verb, sql }: Statement): string {
    if (verb !== 'KILL') return sql;
    return sql.replace(/\bquery_id\s*=\s*'([^'\\]*)'/g, (_, id: string) => {
      return `Settings['log_comment'] = ${quote(tags.get(id) ?? '')}`;
    });
  }

  return {
    server,
    async close() {
      server.close();
      server.closeIdleConnections();
      await Promise.all([...tags.values()].map((tag) => engine.kill(tag)));
      server.closeAllConnections();
      files.close();
    },
  };
}

const DEFAULT_FORMAT = 'TabSeparated';

/** The statement of the query string and the body, one behind the other, and the rows that follow it. */
function readTask(query: string, body: Buffer): { statement: Statement; rows: Buffer } {
  const inQuery = Buffer.from(query).toString('latin1');
  const alone = parse(inQuery);
  // As a rule an insert is in one and its rows in the other, and the rows need not be looked at.
  if (alone.insert && alone.insert.dataAt === inQuery.length) return { statement: alone, rows: body };
  const whole =
    inQuery && body.length > 0 ? `${inQuery}\n${body.toString('latin1')}` : inQuery || body.toString('latin1');
  const statement = parse(whole);
  return { statement, rows: Buffer.from(whole.slice(statement.insert?.dataAt ?? whole.length), 'latin1') };
}

function parse(sql: string): Statement {
  try {
    return readStatement(sql);
  } catch (error) {
    throw new ServerException(62, 'SYNTAX_ERROR', `Syntax error: ${(error as Error).message}.`);
  }
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

/** What is asked with GET may only read. */
function settingsOf({ method }: IncomingMessage, { settings }: RequestParams): RequestParams['settings'] {
  const mayWrite = method !== 'GET' || settings.some(([name, value]) => name === 'readonly' && value !== '0');
  return mayWrite ? settings : [...settings, ['readonly', '2']];
}

/** Whatever may write goes on when its client has left, as does what did not ask for this. */
function endsWithItsClient(settings: RequestParams['settings']): boolean {
  return isOn(settings, 'readonly') && isOn(settings, 'cancel_http_readonly_queries_on_client_close');
}

function isOn(settings: RequestParams['settings'], name: string): boolean {
  const value = settings.findLast(([found]) => found === name)?.[1];
  return value !== undefined && value !== '0' && value !== 'false';
}

/** The engine counts the rows that an insert read, which are those that it wrote. */
function summaryOf(kind: StatementKind, { rows, bytesRead, bytes, elapsedSeconds }: EngineResult) {
  const isInsert = kind === 'insert';
  return {
    read_rows: rows,
    read_bytes: bytesRead,
    written_rows: isInsert ? rows : 0,
    written_bytes: isInsert ? bytesRead : 0,
    total_rows_to_read: 0,
    result_rows: rows,
    result_bytes: isInsert ? bytesRead : bytes.length,
    elapsed_ns: Math.round(elapsedSeconds * 1e9),
  };
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=UTF-8' });
  response.end(text);
}
