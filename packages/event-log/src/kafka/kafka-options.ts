import net from 'node:net';
import tls from 'node:tls';
import { type ISocketFactory, Kafka, type SASLOptions } from 'kafkajs';
import { quietIdleConnections } from './idle-connections.ts';
import { KAFKAJS_LOG_LEVEL, type KafkaLogger, kafkaLogCreator } from './kafka-log.ts';
import { registerCodecs } from './zstd-codec.ts';

/** How to reach a Kafka cluster. Times in milliseconds; whatever is left out has the default named. */
export interface KafkaOptions {
  /** `host:port` of a few brokers; the others are found through them. */
  readonly brokers: readonly string[];
  /** Named in the brokers' logs and quotas. `throughline`. */
  readonly clientId?: string;
  /** `true`: TLS with the system's authorities. Absent or `false`: plain text. */
  readonly tls?: boolean | KafkaTls;
  readonly sasl?: KafkaSasl;
  /** Until a connection (with TLS) stands. 5 s: a far region's handshake under load, not its outage. */
  readonly connectionTimeoutMs?: number;
  /** Until the broker has answered a SASL exchange. 10 s. */
  readonly authenticationTimeoutMs?: number;
  /**
   * Until a request is answered. 15 s: above what a broker takes for an acknowledgement from all replicas when one of
   * them has just died (`replica.lag.time.max.ms` aside), and short enough that a dead connection is noticed.
   */
  readonly requestTimeoutMs?: number;
  readonly logger?: KafkaLogger;
}

/** PEM texts, not file names. */
export interface KafkaTls {
  readonly ca?: string | readonly string[];
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** `false` accepts any certificate; for trials only. */
  readonly rejectUnauthorized?: boolean;
  /** Name that the certificate must carry, when it is not the broker's host name. */
  readonly servername?: string;
}

export type KafkaSasl =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    }
  /** `token` is asked before each authentication and returns a token that is still valid. */
  | { readonly mechanism: 'oauthbearer'; readonly token: () => Promise<string> };

/**
 * The kafkajs client for these options; connects to nothing yet. Whatever it makes reads records that are not compressed
 * or compressed with gzip or zstd, and writes any of the three.
 */
export function createKafka(options: KafkaOptions): Kafka {
  registerCodecs();
  quietIdleConnections();
  return new Kafka({
    brokers: [...options.brokers],
    clientId: options.clientId ?? 'throughline',
    ...(options.tls ? { ssl: options.tls === true ? true : tlsOptions(options.tls) } : {}),
    ...(options.sasl ? { sasl: saslOptions(options.sasl) } : {}),
    connectionTimeout: options.connectionTimeoutMs ?? 5_000,
    authenticationTimeout: options.authenticationTimeoutMs ?? 10_000,
    requestTimeout: options.requestTimeoutMs ?? 15_000,
    enforceRequestTimeout: true,
    // All of it stated: kafkajs has other defaults when NODE_ENV is `test`.
    retry: { initialRetryTime: 100, factor: 0.2, multiplier: 2, maxRetryTime: 2_000, retries: 5 },
    socketFactory,
    logLevel: KAFKAJS_LOG_LEVEL,
    logCreator: kafkaLogCreator(options.logger),
  });
}

/** Finds a dead peer on an idle connection; kafkajs waits a minute. */
const KEEP_ALIVE_DELAY_MS = 10_000;

// Without `noDelay` a second request on a connection waits for the acknowledgement of the first one's packet, up to 40 ms.
const socketFactory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const named = net.isIP(host) === 0 ? { servername: host } : {};
  const socket = ssl
    ? tls.connect({ host, port, ...named, ...ssl }, onConnect)
    : net.connect({ host, port }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
  return socket;
};

function tlsOptions(given: KafkaTls): tls.ConnectionOptions {
  const { ca, ...rest } = given;
  return ca === undefined ? rest : { ...rest, ca: typeof ca === 'string' ? ca : [...ca] };
}

function saslOptions(given: KafkaSasl): SASLOptions {
  if (given.mechanism !== 'oauthbearer') return { ...given };
  return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: await given.token() }) };
}
