import type { Cluster, Redis } from 'ioredis';
import { SessionTotalsError } from '../session-totals.ts';
import { connectRedis } from './connect-redis.ts';
import { describeTarget, type RedisTarget } from './parse-redis-url.ts';
import { isAccessDenied, translateRedisError } from './redis-error.ts';
import { type ServerFitness, watchFitness } from './server-fitness.ts';
import { within } from './within.ts';

export interface OpenConnectionOptions {
  /** How long an answer may take. */
  readonly commandTimeoutMs: number;
  /** How long it may take until Redis serves. */
  readonly startTimeoutMs: number;
  /** A connection that owes an answer is given up after so long a silence. */
  readonly silenceMaxMs: number;
  readonly onWarning: (message: string, cause?: unknown) => void;
}

/** A client that comes back by itself, and what is known of the servers behind it. */
export interface RedisConnection {
  readonly client: Redis | Cluster;
  readonly fitness: ServerFitness;
  /**
   * The answer to a command, or a `SessionTotalsError` once it fails or `ms` have passed.
   *
   * @param doing completes "could not …" in the error.
   */
  answer<T>(ms: number, doing: string, command: Promise<T>): Promise<T>;
  /** Throws what `answer` would while there is no connection: before work that would be for nothing. */
  ensureUp(doing: string): void;
  /** What is under way fails. */
  close(): Promise<void>;
}

const CONNECT_MS_MAX = 3_000;
const RECONNECT_AFTER_END_MS = 500;

/**
 * Connects, and looks whether what is there may hold totals.
 *
 * @throws SessionTotalsError `unavailable`: retryable when nothing serves there in time; not retryable when it does not
 *   let us in or is unfit (`ServerFitness`).
 */
export async function openConnection(target: RedisTarget, options: OpenConnectionOptions): Promise<RedisConnection> {
  const { commandTimeoutMs, silenceMaxMs, startTimeoutMs } = options;
  const where = describeTarget(target);
  const client = connectRedis(target, {
    connectTimeoutMs: Math.min(commandTimeoutMs, CONNECT_MS_MAX),
    silenceMaxMs,
  });
  let isClosing = false;
  let isUp = false;
  let lastError: Error | undefined;
  const onWarning: OpenConnectionOptions['onWarning'] = (message, cause) => {
    if (!isClosing) options.onWarning(message, cause);
  };
  client.on('error', (error: Error) => {
    // Of sentinels that answer, and do not know the master, ioredis says here that they cannot be reached.
    const isVague = lastError !== undefined && error.message.startsWith('All sentinels');
    if (!isVague) lastError = error;
  });
  client.on('sentinelError', (error: Error) => {
    lastError = error;
  });
  client.on('ready', () => {
    isUp = true;
    lastError = undefined;
  });
  client.on('close', () => {
    if (isUp)
      onWarning(`the connection to Redis at ${where} is lost; it is made again as soon as it can be`, lastError);
    isUp = false;
  });

  client.on('end', () => {
    // ioredis gives up for good where a sentinel reports a new master just while it asks for the old one.
    if (!isClosing) setTimeout(() => void (isClosing || client.connect().catch(() => {})), RECONNECT_AFTER_END_MS);
  });

  const unreachable = (doing: string, cause: unknown) => {
    const reason = lastError?.message ?? 'the connection was lost';
    const text = `Redis could not ${doing}: it cannot be reached at ${where} (${reason})`;
    return new SessionTotalsError('unavailable', text, { retryable: true, cause });
  };
  const connection: RedisConnection = {
    client,
    fitness: watchFitness(client, { where, timeoutMs: commandTimeoutMs, onWarning }),
    async answer(ms, doing, command) {
      try {
        return await within(ms, doing, command);
      } catch (error) {
        // ioredis says of every command only that it cannot be sent.
        const isVague = !isUp && (error as SessionTotalsError).code === 'unavailable';
        throw isVague ? unreachable(doing, error) : error;
      }
    },
    ensureUp(doing) {
      if (!isUp) throw unreachable(doing, lastError);
    },
    async close() {
      isClosing = true;
      if (client.status !== 'ready') return client.disconnect();
      const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
      client.disconnect();
      await ended;
    },
  };
  try {
    await untilReady(client, where, startTimeoutMs, () => lastError);
    await connection.fitness.check();
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function untilReady(
  client: Redis | Cluster,
  where: string,
  timeoutMs: number,
  lastError: () => Error | undefined,
): Promise<void> {
  const refused = new Promise<never>((_, reject) => {
    client.on('error', (error: unknown) => {
      if (isRefusal(error)) reject(error);
    });
  });
  const ready = new Promise<void>((resolve) => client.once('ready', () => resolve()));
  // It goes on trying by itself after a first failure.
  client.connect().catch(() => {});
  try {
    await within(timeoutMs, 'be reached', Promise.race([ready, refused]));
  } catch (error) {
    const reason = lastError() ?? (error as Error);
    throw new SessionTotalsError('unavailable', `Redis could not be reached at ${where}: ${reason.message}`, {
      retryable: !isRefusal(reason),
      cause: reason,
    });
  }
}

/** What stays the same until somebody changes a setting: no access, no such database, a certificate that does not fit. */
function isRefusal(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  const isTls = typeof code === 'string' && /CERT|^ERR_TLS|^ERR_SSL|UNABLE_TO_VERIFY/.test(code);
  return isTls || isAccessDenied(error) || !translateRedisError(error, 'be reached').retryable;
}
