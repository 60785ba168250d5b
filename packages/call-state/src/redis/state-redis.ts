import { connectRedis } from '@throughline/session-totals/redis/connect-redis';
import { describeTarget, type RedisTarget } from '@throughline/session-totals/redis/parse-redis-url';
import type { Cluster, Redis } from 'ioredis';
import { CallStateError } from '../call-state.ts';

export interface StateRedisOptions {
  readonly target: RedisTarget;
  /** How long a call waits for an answer, the making of the first connection included. */
  readonly timeoutMs: number;
}

/** The connection that all of a gateway's call state shares. Comes back by itself. */
export interface StateRedis {
  /**
   * The answer to a command.
   *
   * @param doing completes "could not …" in the error.
   * @throws CallStateError once it fails, or `timeoutMs` have passed: then the command may still be carried out.
   */
  run<T>(doing: string, command: (client: Redis | Cluster) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Begins to connect; whoever asks meanwhile waits for it. */
export function connectStateRedis({ target, timeoutMs }: StateRedisOptions): StateRedis {
  const client = connectRedis(target, {
    connectionName: 'throughline-calls',
    connectTimeoutMs: CONNECT_MS_MAX,
    silenceMaxMs: SILENCE_MS_MAX,
  });
  const where = describeTarget(target);
  let isClosing = false;
  let lastError: Error | undefined;
  client.on('error', (error: Error) => {
    lastError = error;
  });
  client.on('ready', () => {
    lastError = undefined;
  });
  client.on('end', () => {
    // ioredis gives up for good where a sentinel reports a new master just while it asks for the old one.
    if (!isClosing) setTimeout(() => void (isClosing || client.connect().catch(() => {})), RECONNECT_AFTER_END_MS);
  });
  const first = new Promise<void>((resolve) => client.once('ready', () => resolve(untilNodesAreReady(client))));
  // ioredis connects to a node with its first command, and refuses all others until it is connected.
  if (client.isCluster) client.on('+node', (node: Redis) => void node.connect().catch(() => {}));
  client.connect().catch(() => {});
  // Only the first connection is worth waiting for: after it, what is not connected is away.
  let isAwaited = true;
  first.then(() => {
    isAwaited = false;
  });
  setTimeout(() => {
    isAwaited = false;
  }, timeoutMs).unref();

  const failure = (doing: string, cause: unknown): CallStateError => {
    if (cause instanceof CallStateError) return cause;
    const { name, message } = (nameOf(cause) === 'ReplyError' ? cause : (lastError ?? cause)) as Error;
    const code = name === 'ReplyError' && /^(OOM|.*-OOM )/.test(message) ? 'full' : 'unavailable';
    return new CallStateError(code, `Redis at ${where} could not ${doing}: ${message}`, { cause });
  };
  return {
    async run(doing, command) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          const text = `Redis at ${where} could not ${doing}: no answer within ${timeoutMs} ms`;
          // Timers come first when this process was busy for long; the answer may have been there all the time.
          setImmediate(() => reject(new CallStateError('unavailable', text, { cause: lastError })));
        }, timeoutMs);
      });
      const work = isAwaited ? first.then(() => command(client)) : command(client);
      try {
        return await Promise.race([work, late]);
      } catch (error) {
        throw failure(doing, error);
      } finally {
        clearTimeout(timer);
      }
    },
    async close() {
      isClosing = true;
      if (client.status !== 'ready') return client.disconnect();
      const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
      client.disconnect();
      await ended;
    },
  };
}

async function untilNodesAreReady(client: Redis | Cluster): Promise<void> {
  if (!client.isCluster) return;
  const connecting = (client as Cluster).nodes('master').filter((node) => node.status !== 'ready');
  await Promise.all(connecting.map((node) => new Promise<void>((resolve) => node.once('ready', () => resolve()))));
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

const CONNECT_MS_MAX = 3_000;
/** A connection that owes an answer is given up after so long a silence. */
const SILENCE_MS_MAX = 5_000;
const RECONNECT_AFTER_END_MS = 500;
