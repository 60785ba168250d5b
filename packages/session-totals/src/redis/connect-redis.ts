import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisTarget, RedisTls } from './parse-redis-url.ts';

export interface ConnectionLimits {
  readonly connectTimeoutMs: number;
  /** A connection that owes an answer and says nothing for this long is given up, with all that waits in it. */
  readonly silenceMaxMs: number;
  /** By which `CLIENT LIST` names it. */
  readonly connectionName?: string;
}

/**
 * A client for one server, the master that sentinels name, or a cluster; not connected yet. It connects again for ever.
 *
 * Nothing is queued while it is not connected, and nothing is sent again by itself after a connection broke: a commit
 * that was carried out, its answer lost, would be refused the second time. (Set apart by Redis without being carried out,
 * such as by a redirection, a command does go to where it belongs.)
 *
 * @throws Error when a file of `target.tls` cannot be read.
 */
export function connectRedis(target: RedisTarget, limits: ConnectionLimits): Redis | Cluster {
  const tls = target.tls && tlsOptions(target.tls);
  const common: RedisOptions = {
    lazyConnect: true,
    // Version 3 changes shapes of answers that are not used here, and not every proxy and managed server speaks it.
    protocol: 2,
    connectionName: limits.connectionName ?? 'throughline-totals',
    username: target.username,
    password: target.password,
    tls,
    connectTimeout: limits.connectTimeoutMs,
    socketTimeout: limits.silenceMaxMs,
    // A peer that is gone does not answer the orderly end of a connection either.
    disconnectTimeout: 200,
    // While it loads its data Redis says how long that takes; it is asked again this often at least.
    maxLoadingRetryTime: 1_000,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
  };
  if (target.kind === 'cluster') {
    return new Cluster([...target.nodes], {
      lazyConnect: true,
      enableOfflineQueue: false,
      // Replicas lag behind, so they are never asked.
      scaleReads: 'master',
      clusterRetryStrategy: reconnectAfterMs,
      // 0: what was under way when a connection broke is an unknown outcome, to be reported and not to be repeated.
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      maxRedirections: 8,
      slotsRefreshTimeout: limits.connectTimeoutMs,
      // A failover is noticed by the first redirection; this is for nodes that only came or went.
      slotsRefreshInterval: 5_000,
      redisOptions: common,
      // Certificates are made out to names, which must therefore not be turned into addresses.
      ...(tls && { dnsLookup: (address: string, done: (error: null, address: string) => void) => done(null, address) }),
    });
  }
  const options: RedisOptions = {
    ...common,
    db: target.db,
    enableOfflineQueue: false,
    retryStrategy: reconnectAfterMs,
    // A master that became a replica: connecting again leads to its successor.
    reconnectOnError: (error) => error.message.includes('READONLY'),
  };
  if (target.kind === 'single') return new Redis({ ...options, ...target.address });
  return new Redis({
    ...options,
    sentinels: [...target.sentinels],
    name: target.name,
    sentinelUsername: target.sentinelUsername,
    sentinelPassword: target.sentinelPassword,
    sentinelRetryStrategy: reconnectAfterMs,
    sentinelCommandTimeout: limits.connectTimeoutMs,
    // A master cut off from its sentinels goes on answering; they say when it was replaced.
    failoverDetector: true,
    sentinelReconnectStrategy: reconnectAfterMs,
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: tls }),
  });
}

/** Doubling from 50 ms to one second, jittered, so that many clients do not come back at the same instant. */
function reconnectAfterMs(attempt: number): number {
  return Math.min(1_000, 50 * 2 ** Math.min(attempt - 1, 5)) * (0.75 + Math.random() / 2);
}

function tlsOptions({ caFile, certFile, keyFile, serverName }: RedisTls): ConnectionOptions {
  return {
    ...(caFile && { ca: readFileSync(caFile) }),
    ...(certFile && { cert: readFileSync(certFile) }),
    ...(keyFile && { key: readFileSync(keyFile) }),
    ...(serverName && { servername: serverName }),
  };
}
