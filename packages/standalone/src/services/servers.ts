import { readFileSync } from 'node:fs';
import type { HttpAnalyticsConfig } from '@throughline/analytics/http/http-config';
import type { KafkaLogger } from '@throughline/event-log/kafka/kafka-log';
import type { KafkaOptions, KafkaSasl } from '@throughline/event-log/kafka/kafka-options';
import type { Config } from '../config.ts';
import { ConfigError } from '../config-error.ts';

/**
 * A service over servers wants all three.
 *
 * @throws ConfigError naming those that are not set.
 */
export function requireServers(config: Config): void {
  const missing = [
    config.KAFKA_BROKERS.length === 0 && 'KAFKA_BROKERS',
    config.REDIS_URL === '' && 'REDIS_URL',
    config.CLICKHOUSE_URL === '' && 'CLICKHOUSE_URL',
  ].filter((name) => name !== false);
  if (missing.length === 0) return;
  throw new ConfigError(
    `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not set: this service works over Kafka, Redis and ClickHouse. ` +
      '`throughline start` needs none of them.',
  );
}

/** @throws ConfigError when the settings contradict each other or a file cannot be read. */
export function kafkaOptions(config: Config, logger: KafkaLogger): KafkaOptions {
  const files = [config.KAFKA_TLS_CA_FILE, config.KAFKA_TLS_CERT_FILE, config.KAFKA_TLS_KEY_FILE];
  if (!config.KAFKA_TLS && files.some((file) => file !== '')) {
    throw new ConfigError('KAFKA_TLS_…_FILE means nothing without KAFKA_TLS=true.');
  }
  const [ca, cert, key] = files.map((file) => (file === '' ? undefined : readPem(file)));
  const tls = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
  const sasl = saslOf(config);
  return {
    brokers: config.KAFKA_BROKERS,
    logger,
    ...(config.KAFKA_TLS && { tls: Object.keys(tls).length > 0 ? tls : true }),
    ...(sasl && { sasl }),
  };
}

export function analyticsConfig(config: Config): HttpAnalyticsConfig {
  const { CLICKHOUSE_CA_FILE: caFile, CLICKHOUSE_CERT_FILE: certFile, CLICKHOUSE_KEY_FILE: keyFile } = config;
  return {
    url: config.CLICKHOUSE_URL,
    compress: config.CLICKHOUSE_COMPRESSION,
    tls: { ...(caFile && { caFile }), ...(certFile && { certFile }), ...(keyFile && { keyFile }) },
    ...(config.CLICKHOUSE_CLUSTER && { replication: { cluster: config.CLICKHOUSE_CLUSTER } }),
  };
}

function saslOf(config: Config): KafkaSasl | undefined {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = config;
  if (mechanism === '') {
    if (username || password) throw new ConfigError('KAFKA_SASL_USERNAME means nothing without KAFKA_SASL_MECHANISM.');
    return undefined;
  }
  if (!username || !password) {
    throw new ConfigError(`KAFKA_SASL_MECHANISM=${mechanism} wants KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD.`);
  }
  return { mechanism, username, password };
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
