import { partitionFor } from '@throughline/contracts/partition';
import { decodeFence, decodePartitionState } from '../partition-codec.ts';
import { requireFence } from '../same-fence.ts';
import type { SessionState } from '../session-state.ts';
import {
  type Fence,
  isRebuilding,
  type PartitionState,
  type SessionChange,
  type SessionKey,
  type SessionStub,
  type SessionTotals,
  SessionTotalsError,
} from '../session-totals.ts';
import { checked, isStub, liveSessionKey, unpackSession } from '../stored-value.ts';
import { COMMIT_EXTRA_MS_MAX, packCommit, runCommit } from './commit.ts';
import { findIdleSessions } from './find-idle-sessions.ts';
import {
  DROP_PARTITION,
  LIST_ACTIVITY,
  LOAD_PARTITION,
  LOAD_SESSIONS,
  MEASURE,
  REFRESH_ACTIVITY,
} from './lua-scripts.ts';
import { openConnection, type RedisConnection } from './open-connection.ts';
import { parseRedisUrl } from './parse-redis-url.ts';
import { ownKeys, type PartitionKeys, partitionKeys, sessionField } from './partition-keys.ts';

export interface RedisSessionTotalsOptions {
  /** One of the forms of `parseRedisUrl`. */
  readonly url: string;
  /** Number of partitions of the log, by which `read` finds a session's own. */
  readonly partitions: number;
  /** Keeps what shares a Redis apart: the name of the topic. Letters, digits, `.`, `_`, `-`. */
  readonly namespace: string;
  /** What an operator should know and nobody waits for: a connection that was lost, a server that cannot be checked. */
  readonly onWarning: (message: string, cause?: unknown) => void;
  /** How long an answer may take. Default 5,000; a large commit gets a second more per 16 MiB. */
  readonly commandTimeoutMs?: number;
  /** The same for `read`, which somebody waits for. Default 2,000. */
  readonly readTimeoutMs?: number;
  /** How long Redis may take to come up at the start. Default 10,000. */
  readonly startTimeoutMs?: number;
}

export type RedisSessionTotals = SessionTotals;

/**
 * Session totals in Redis 6.2 or later: one server, the master that sentinels name, or a cluster.
 *
 * Everything of one partition lies in one hash slot, and a commit is one transaction that compares fences first; whoever
 * presents an old one changes nothing. A commit is acknowledged when the master has it, not when a replica has: after a
 * failover it may be missing, as after a restore from an older copy, and the owner then goes on from the older fence.
 * (`WAIT` would make that rarer without making it impossible, so it is not offered; `min-replicas-to-write` at the server
 * bounds what a master that is cut off accepts.) Nothing is kept in memory between calls. No key has an expiry.
 *
 * While Redis cannot be reached every call fails at once, `unavailable` and retryable; nothing is queued.
 *
 * @throws InvalidRedisUrl, RangeError for options that mean nothing. SessionTotalsError `unavailable`: retryable when
 *   Redis is not there yet; not retryable when it would evict totals, is a replica, or does not let us in.
 */
export async function openRedisSessionTotals(options: RedisSessionTotalsOptions): Promise<RedisSessionTotals> {
  const { commandTimeoutMs = 5_000, readTimeoutMs = 2_000, startTimeoutMs = 10_000, onWarning } = options;
  const { partitions, namespace } = options;
  if (!Number.isInteger(partitions) || partitions < 1) throw new RangeError(`${partitions} is no number of partitions`);
  // Throws where the namespace means nothing.
  partitionKeys(namespace, 0);
  const connection = await openConnection(parseRedisUrl(options.url), {
    commandTimeoutMs,
    startTimeoutMs,
    silenceMaxMs: commandTimeoutMs + COMMIT_EXTRA_MS_MAX + 2_000,
    onWarning,
  });
  return new RedisTotals(connection, { partitions, namespace, commandTimeoutMs, readTimeoutMs, onWarning });
}

type Settings = Required<Omit<RedisSessionTotalsOptions, 'url' | 'startTimeoutMs'>>;

/** Sessions of an answer, which is held in memory on both sides: a single one may have 5 MB. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;
/** Sessions asked for in one call. */
const KEYS_PER_CALL = 4_000;
/** Hashes of stubs that are measured for all. */
const STUB_HASHES_MEASURED = 16;
/** Partitions measured at a time. */
const MEASURED_AT_ONCE = 4;

class RedisTotals implements SessionTotals {
  readonly #connection: RedisConnection;
  readonly #client: RedisConnection['client'];
  readonly #fitness: RedisConnection['fitness'];
  readonly #settings: Settings;

  constructor(connection: RedisConnection, settings: Settings) {
    this.#connection = connection;
    this.#client = connection.client;
    this.#fitness = connection.fitness;
    this.#settings = settings;
  }

  async loadPartition(partition: number): Promise<PartitionState | undefined> {
    this.#fitness.ensureMaster();
    const [fence, state] = await this.#run('load a partition', LOAD_PARTITION, ownKeys(this.#keys(partition)));
    if (!fence) return undefined;
    if (!state) {
      this.#settings.onWarning(
        `some of partition ${partition} is gone from Redis: keys were deleted or evicted. What is left counts as lost too`,
      );
      return undefined;
    }
    return decodePartitionState(checked(state, 'partition state'), decodeFence(fence));
  }

  async loadMany(
    partition: number,
    keys: readonly SessionKey[],
    expected?: Fence,
  ): Promise<(SessionState | SessionStub | undefined)[]> {
    this.#fitness.ensureMaster();
    const found: (SessionState | SessionStub | undefined)[] = [];
    while (found.length < keys.length) {
      const part = keys.slice(found.length, found.length + KEYS_PER_CALL);
      const { fence, values } = await this.#load(partition, part.map(sessionField), this.#settings.commandTimeoutMs);
      requireFence(partition, fence, expected);
      for (const [i, value] of values.entries()) found.push(value && unpackStored(value, part[i]!));
    }
    return found;
  }

  async commit(
    partition: number,
    expected: Fence | undefined,
    next: PartitionState,
    sessions: readonly SessionChange[],
  ): Promise<'committed' | 'refused'> {
    this.#connection.ensureUp('commit session totals');
    await this.#fitness.ensureFit();
    const packed = packCommit(this.#keys(partition), expected, next, sessions);
    return runCommit(this.#connection, packed, this.#settings.commandTimeoutMs);
  }

  async read(key: SessionKey): Promise<{ state: SessionState; fence: Fence } | SessionStub | undefined> {
    this.#fitness.ensureMaster();
    const { partitions, readTimeoutMs } = this.#settings;
    const partition = partitionFor(key.tenantId, key.sessionId, '', partitions);
    const { fence, values } = await this.#load(partition, [sessionField(key)], readTimeoutMs);
    if (fence === undefined || values[0] === undefined || isRebuilding(fence)) return undefined;
    const session = unpackStored(values[0], key);
    return isStub(session) ? session : { state: session, fence };
  }

  async idle(partition: number, idleSince: number, max: number): Promise<SessionKey[]> {
    this.#fitness.ensureMaster();
    const keys = ownKeys(this.#keys(partition));
    const index = {
      list: async (before: number, most: number) => {
        const answer = await this.#run('list idle sessions', LIST_ACTIVITY, keys, [String(before), most]);
        return Array.from({ length: answer.length / 2 }, (_, i) => ({
          field: answer[2 * i]!,
          at: Number(answer[2 * i + 1]!.toString('latin1')),
        }));
      },
      refresh: async (fields: readonly Buffer[]) => {
        const args = [ANSWER_BYTES_MAX, ...fields.slice(0, KEYS_PER_CALL)];
        const answer = await this.#run('look at idle sessions', REFRESH_ACTIVITY, keys, args);
        return answer.map((at) => at?.readDoubleLE(0));
      },
    };
    const fields = await findIdleSessions(index, idleSince, max);
    const found: SessionKey[] = [];
    for (let at = 0; at < fields.length; ) {
      const part = fields.slice(at, at + KEYS_PER_CALL);
      const { values } = await this.#load(partition, part, this.#settings.commandTimeoutMs);
      at += values.length;
      for (const value of values) if (value && value.length > STUB_BYTES) found.push(liveSessionKey(value));
    }
    return found;
  }

  /** `bytes` is Redis's own estimate, from samples; 0 where it does not let us ask. */
  async size(): Promise<{ sessions: number; bytes: number }> {
    const total = { sessions: 0, bytes: 0 };
    const { partitions } = this.#settings;
    for (let from = 0; from < partitions; from += MEASURED_AT_ONCE) {
      const count = Math.min(MEASURED_AT_ONCE, partitions - from);
      const parts = await Promise.all(Array.from({ length: count }, (_, i) => this.#measure(from + i)));
      for (const part of parts) {
        total.sessions += part.sessions;
        total.bytes += part.bytes;
      }
    }
    return total;
  }

  async dropPartition(partition: number): Promise<void> {
    const keys = this.#keys(partition);
    await this.#evaluate('forget a partition', DROP_PARTITION, [...ownKeys(keys), ...keys.allStubs()], []);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  #keys(partition: number): PartitionKeys {
    return partitionKeys(this.#settings.namespace, partition);
  }

  async #load(
    partition: number,
    fields: readonly Buffer[],
    timeoutMs: number,
  ): Promise<{ fence: Fence | undefined; values: (Buffer | undefined)[] }> {
    const keys = this.#keys(partition);
    const names = [...ownKeys(keys), ...fields.map(keys.stubs)];
    const args = [ANSWER_BYTES_MAX, ...fields];
    const [fence, ...values] = await this.#run('load sessions', LOAD_SESSIONS, names, args, timeoutMs);
    if (!fence) return { fence: undefined, values: fields.map(() => undefined) };
    return { fence: decodeFence(fence), values };
  }

  async #measure(partition: number): Promise<{ sessions: number; bytes: number }> {
    const keys = this.#keys(partition);
    const stubs = keys.allStubs();
    const names = [...ownKeys(keys), ...stubs.slice(0, STUB_HASHES_MEASURED)];
    const answer = await this.#evaluate('measure a partition', MEASURE, names, []);
    const [sessions = 0, own = 0, some = 0] = answer as number[];
    return { sessions, bytes: own + some * (stubs.length / STUB_HASHES_MEASURED) };
  }

  /** A script that answers with bytes. */
  async #run(
    doing: string,
    script: string,
    keys: readonly string[],
    args: readonly (string | number | Buffer)[] = [],
    timeoutMs = this.#settings.commandTimeoutMs,
  ): Promise<(Buffer | undefined)[]> {
    const answer = await this.#evaluate(doing, script, keys, args, timeoutMs);
    return (answer as (Buffer | null)[]).map((part) => part ?? undefined);
  }

  /**
   * Sent in full: its text is shorter than what it works on, Redis keeps it compiled all the same, and there is no case
   * in which it is missing.
   */
  #evaluate(
    doing: string,
    script: string,
    keys: readonly string[],
    args: readonly (string | number | Buffer)[],
    timeoutMs = this.#settings.commandTimeoutMs,
  ): Promise<unknown> {
    const answer = this.#client.callBuffer('EVAL', script, keys.length, ...keys, ...args);
    return this.#connection.answer(timeoutMs, doing, answer);
  }
}

/** Every live session is longer. */
const STUB_BYTES = 8;

function unpackStored(value: Buffer, key: SessionKey): SessionState | SessionStub {
  if (value.length > STUB_BYTES) return unpackSession(value, key);
  if (value.length < STUB_BYTES) throw new SessionTotalsError('corrupt', 'a stored session stub is cut');
  const { tenantId, sessionId } = key;
  return { evicted: true, tenantId, sessionId, snapshotVersion: value.readBigUInt64BE(0) };
}
