import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { addAbortSignal, Readable } from 'node:stream';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { AnalyticsError } from '../analytics-store.ts';
import type { Endpoint } from './http-config.ts';
import { translateHttpError } from './translate-http-error.ts';

/** One statement to a server. */
export interface ServerStatement {
  readonly sql: string;
  /** Beside the statement, for this statement alone: over HTTP no setting outlives its request. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Rows that follow the statement, in the format it names. */
  readonly body?: Uint8Array;
  /** Without an answer by then it fails with `unavailable`. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** A pool of connections to one server. */
export interface ServerClient {
  /**
   * Runs a statement, once.
   *
   * @returns what it answers, whole.
   * @throws AnalyticsError; its `cause` is the client's own error. After an abort it is `cancelled`.
   */
  run(statement: ServerStatement): Promise<Uint8Array>;
  /** Ends what runs. */
  close(): Promise<void>;
}

/** Servers close idle connections after 3 s (before 23.x) or 10 s: ours are gone before that. */
const IDLE_MS_MAX = 2_500;

/** The client's own limit, for silence on a connection, stays out of the way of those given with each statement. */
const SILENCE_MS_MAX = 24 * 60 * 60_000;

export function openServerClient(
  { origin, username, password, database, tls }: Endpoint,
  options: { readonly connections: number; readonly compress: boolean; readonly database?: string },
): ServerClient {
  const pool = { keepAlive: true, maxSockets: options.connections };
  const client = createClient({
    url: origin,
    username,
    password,
    database: options.database ?? database,
    application: 'throughline',
    // Ours, because the client's own takes no client certificate beside a password.
    http_agent: origin.startsWith('https:') ? new HttpsAgent({ ...pool, ...tls }) : new HttpAgent(pool),
    keep_alive: { enabled: true, idle_socket_ttl: IDLE_MS_MAX, eagerly_destroy_stale_sockets: true },
    request_timeout: SILENCE_MS_MAX,
    compression: {
      request: options.compress && { codec: 'zstd', level: 1 },
      response: options.compress && { codec: 'zstd' },
    },
    log: { level: ClickHouseLogLevel.OFF },
  });
  const running = new Set<(why: AnalyticsError) => void>();

  return {
    async run({ sql, settings, body, timeoutMs, signal }) {
      const ending = new AbortController();
      let why: AnalyticsError | undefined;
      const end = (reason: AnalyticsError) => {
        why ??= reason;
        ending.abort();
      };
      const onAbort = () => end(cancelled(signal));
      const deadline = setTimeout(() => end(tooLate(origin, timeoutMs)), timeoutMs);
      signal?.addEventListener('abort', onAbort, { once: true });
      running.add(end);
      try {
        if (signal?.aborted) throw cancelled(signal);
        const { stream } = await client.exec({
          query: sql,
          // One chunk: as a list of one it is not copied.
          values: body && Readable.from([body]),
          clickhouse_settings: settings,
          abort_signal: ending.signal,
        });
        // The client looks at the signal only until the answer begins.
        return await readAll(addAbortSignal(ending.signal, stream));
      } catch (error) {
        throw why ?? translateHttpError(error, { origin, username });
      } finally {
        clearTimeout(deadline);
        signal?.removeEventListener('abort', onAbort);
        running.delete(end);
      }
    },
    async close() {
      for (const end of running) end(new AnalyticsError('closed', 'the analytics store was closed while it ran'));
      await client.close();
    },
  };
}

function cancelled(signal: AbortSignal | undefined): AnalyticsError {
  return new AnalyticsError('cancelled', 'the query was cancelled by its caller', { cause: signal?.reason });
}

function tooLate(origin: string, timeoutMs: number): AnalyticsError {
  const message = `ClickHouse at ${origin} did not answer within ${timeoutMs} ms`;
  return new AnalyticsError('unavailable', message, { retryable: true });
}

async function readAll(stream: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}
