import { Cluster, type Redis } from 'ioredis';
import { SessionTotalsError } from '../session-totals.ts';
import { within } from './within.ts';

export interface FitnessOptions {
  /** Where Redis is, for messages. */
  readonly where: string;
  readonly timeoutMs: number;
  /** Told once when a server does not say what it would evict. */
  readonly onWarning: (message: string, cause?: unknown) => void;
}

/** Knows whether the servers that a client talks to may hold totals, from one connection to the next. */
export interface ServerFitness {
  /**
   * Looks at every server again.
   *
   * @throws SessionTotalsError `unavailable`: not retryable for one that may evict totals or is a replica, retryable
   *   when it cannot be asked.
   */
  check(): Promise<void>;
  /** Rejects like `check` where a server was found unfit and still is; costs nothing otherwise. */
  ensureFit(): Promise<void>;
  /** Throws where the one server is a replica: what it answers may be old. */
  ensureMaster(): void;
}

/** A replica behind the address of a single server is asked so often whether it has become the master. */
const REPLICA_RECONNECT_MS = 1_000;

/**
 * Looks at each server whenever a connection to it is made, because it may be another one than before.
 *
 * `noeviction` is what we want. The policies `volatile-*` pass, because they evict keys with an expiry only and no key of
 * ours has one. `allkeys-*` is refused.
 */
export function watchFitness(client: Redis | Cluster, options: FitnessOptions): ServerFitness {
  const unfit = new Map<Redis, SessionTotalsError>();
  let isReplica = false;
  let hasWarned = false;
  let isReconnectDue = false;

  const look = async (node: Redis) => {
    const { policy, role } = await within(options.timeoutMs, 'say how it is set up', describeServer(node));
    unfit.delete(node);
    isReplica = role === 'slave' && !(client instanceof Cluster);
    if (isReplica) {
      unfit.set(node, unfitError(`${nameOf(node)} is a replica; the address must lead to the master`));
      // A name or a proxy may lead elsewhere next time.
      if (isReconnectDue) return;
      isReconnectDue = true;
      setTimeout(() => {
        isReconnectDue = false;
        if (isReplica) node.disconnect(true);
      }, REPLICA_RECONNECT_MS).unref();
    } else if (policy === undefined) {
      if (hasWarned) return;
      hasWarned = true;
      options.onWarning(
        `${nameOf(node)} lets us read neither INFO nor CONFIG: make sure that its maxmemory-policy is noeviction, ` +
          'else it may evict session totals',
      );
    } else if (policy.startsWith('allkeys-')) {
      unfit.set(
        node,
        unfitError(
          `${nameOf(node)} has maxmemory-policy ${policy}, with which it deletes session totals once its memory is full. ` +
            'Set it to noeviction, in redis.conf or the parameter group and at once with ' +
            '`CONFIG SET maxmemory-policy noeviction`, or give session totals a Redis of their own',
        ),
      );
    }
  };
  const nameOf = (node: Redis) =>
    client instanceof Cluster ? `Redis at ${node.options.host}:${node.options.port}` : `Redis at ${options.where}`;
  // A look that fails says nothing: the connection is gone, and the next one brings the next look.
  const lookAfterConnecting = (node: Redis) => void look(node).catch(() => {});
  const firstUnfit = () => unfit.values().next().value;

  if (client instanceof Cluster) {
    client.on('+node', (node: Redis) => node.on('ready', () => lookAfterConnecting(node)));
    client.on('-node', (node: Redis) => void unfit.delete(node));
  } else {
    client.on('ready', () => lookAfterConnecting(client));
  }

  const check = async () => {
    const nodes = client instanceof Cluster ? client.nodes('master') : [client];
    await Promise.all(nodes.map(look));
    const error = firstUnfit();
    if (error) throw error;
  };
  return {
    check,
    async ensureFit() {
      if (unfit.size === 0) return;
      try {
        await check();
      } catch (error) {
        // Once we run, somebody sets it right without restarting us.
        const { code, message } = error as SessionTotalsError;
        throw new SessionTotalsError(code, message, { retryable: true, cause: error });
      }
    },
    ensureMaster() {
      if (!isReplica) return;
      throw new SessionTotalsError('unavailable', firstUnfit()?.message ?? 'Redis is a replica', { retryable: true });
    },
  };
}

function unfitError(message: string): SessionTotalsError {
  return new SessionTotalsError('unavailable', message);
}

/** Managed servers forbid CONFIG as a rule, and INFO at times. */
async function describeServer(node: Redis): Promise<{ policy: string | undefined; role: string | undefined }> {
  const info = await node.info().catch(unlessRefused(''));
  const field = (name: string) => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1];
  const policy = field('maxmemory_policy');
  if (policy !== undefined) return { policy, role: field('role') };
  const found = await node.config('GET', 'maxmemory-policy').catch(unlessRefused([]));
  return { policy: (found as string[])[1], role: field('role') };
}

function unlessRefused<T>(instead: T): (error: Error) => T {
  return (error) => {
    if (error.name === 'ReplyError') return instead;
    throw error;
  };
}
