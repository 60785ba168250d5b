import { PARTITIONS_MAX } from '@throughline/contracts/ids';
import { z } from 'zod';
import {
  addresses,
  bodyStoreUrl,
  bytes,
  flag,
  httpOrigin,
  integer,
  oneOf,
  type Setting,
  setting,
  text,
} from './setting.ts';

const REPLICAS_MAX = 7;
const replicas = z
  .string()
  .refine((value) => value === 'auto' || (/^[1-9]$/.test(value) && Number(value) <= REPLICAS_MAX), {
    error: `is not auto or a number from 1 to ${REPLICAS_MAX}`,
  })
  .transform((value) => (value === 'auto' ? undefined : Number(value)));
const partitions = z
  .string()
  .refine((value) => value === 'auto' || integer(1, PARTITIONS_MAX).safeParse(value).success, {
    error: `is not auto or a whole number from 1 to ${PARTITIONS_MAX}`,
  })
  .transform((value) => (value === 'auto' ? undefined : Number(value)));

/** Settings of services that work over Kafka, Redis and ClickHouse servers. */
export const DISTRIBUTED_SETTINGS = {
  KAFKA_BROKERS: setting(
    addresses,
    '',
    'host:port of some Kafka brokers, comma-separated; set for services over servers',
  ),
  KAFKA_TOPIC: setting(text, 'llm.requests', 'topic of the events; `<topic>.meta` holds what describes it'),
  KAFKA_PARTITIONS: setting(
    partitions,
    'auto',
    'partitions of the topic, fixed when it is made: as many aggregators can share the work; auto is 16, and takes a topic as it is',
  ),
  KAFKA_REPLICATION_FACTOR: setting(
    replicas,
    'auto',
    'copies of each partition when the topic is made; auto is 3, or as many as there are brokers, and takes a topic as it is',
  ),
  KAFKA_RETENTION_HOURS: setting(
    integer(1, 87_600),
    '168',
    'how long the topic keeps events: longer than any outage of the aggregators',
  ),
  KAFKA_MESSAGE_BYTES_MAX: setting(
    bytes,
    '4MiB',
    'largest message of the topic when it is made; with a body store, only what is no body must fit',
  ),
  KAFKA_COMPRESSION: setting(
    oneOf('none', 'zstd'),
    'zstd',
    'how messages are compressed on their way and in the topic',
  ),
  KAFKA_GROUP: setting(text, 'throughline-session-aggregator', 'consumer group of the aggregators'),
  KAFKA_TLS: setting(flag, 'false', 'encrypt connections to Kafka'),
  KAFKA_TLS_CA_FILE: setting(text, '', 'PEM file of the authorities that brokers are checked against'),
  KAFKA_TLS_CERT_FILE: setting(text, '', 'PEM file of the certificate that is shown to brokers'),
  KAFKA_TLS_KEY_FILE: setting(text, '', 'PEM file of that certificate’s key'),
  KAFKA_SASL_MECHANISM: setting(
    oneOf('', 'plain', 'scram-sha-256', 'scram-sha-512'),
    '',
    'how to log in to Kafka; unset: not at all',
  ),
  KAFKA_SASL_USERNAME: setting(text, '', 'user for it'),
  KAFKA_SASL_PASSWORD: setting(text, '', 'password for it', 'all'),
  REDIS_URL: setting(
    text,
    '',
    'redis://, redis+sentinel:// or redis+cluster:// (rediss… encrypted): where session totals are',
    'url-password',
  ),
  CLICKHOUSE_URL: setting(text, '', 'http(s)://user:password@host:port/database of ClickHouse', 'url-password'),
  CLICKHOUSE_CLUSTER: setting(
    text,
    '',
    'name of the cluster, or {cluster}, where tables are to be replicated; unset: one server',
  ),
  CLICKHOUSE_CA_FILE: setting(text, '', 'PEM file of the authorities that ClickHouse is checked against'),
  CLICKHOUSE_CERT_FILE: setting(text, '', 'PEM file of the certificate that is shown to ClickHouse'),
  CLICKHOUSE_KEY_FILE: setting(text, '', 'PEM file of that certificate’s key'),
  CLICKHOUSE_COMPRESSION: setting(flag, 'false', 'compress what goes to and comes from ClickHouse'),
  BODY_STORE_URL: setting(
    bodyStoreUrl,
    '',
    'where bodies too large for Kafka wait for the aggregators: a folder that all services share, or s3://bucket/prefix?endpoint=…&region=…&forcePathStyle=true; unset: they go through Kafka as far as they fit',
    'url-password',
  ),
  INLINE_BODY_BYTES_MAX: setting(bytes, '256KiB', 'larger bodies go to the body store instead of through Kafka'),
  BODY_STORE_WAIT_SECONDS: setting(
    integer(0, 3_600),
    '30',
    'how long a body that the body store does not have is asked for before its call is recorded without it',
  ),
  GATEWAY_URL: setting(
    httpOrigin,
    '',
    'origin of the gateways, e.g. http://gateway:8787: where `query` sends what is replayed; unset: it offers no replay. `start` is its own gateway',
  ),
  OUTBOX_AGE_MAX_HOURS: setting(
    integer(1, 8_760),
    '168',
    'age of the oldest event not yet in Kafka at which new calls are no longer recorded',
  ),
} as const satisfies Record<string, Setting<unknown>>;
