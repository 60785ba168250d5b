import { connectHttpAnalytics } from '@throughline/analytics/http/connect-http-analytics';
import { migrateServer } from '@throughline/analytics/http/migrate-server';
import { brokerCount } from '@throughline/event-log/kafka/broker-count';
import { createKafka } from '@throughline/event-log/kafka/kafka-options';
import { migrateTopic } from '@throughline/event-log/kafka/topic';
import { topicReplicas } from '@throughline/event-log/kafka/topic-replicas';
import { createLogger } from '@throughline/telemetry/logger';
import { checkApiKey } from '../check-api-key.ts';
import { chooseReplication } from '../choose-replication.ts';
import { type Config, readConfig } from '../config.ts';
import { askAgain } from '../services/ask-again.ts';
import { openBodyStore } from '../services/body-store.ts';
import { storeBootstrapKey } from '../services/bootstrap-key-rows.ts';
import { analyticsConfig, kafkaOptions, requireServers } from '../services/servers.ts';

/** How long the servers may take to come up: a whole installation is often started at once. */
const PATIENCE_MS = 120_000;

/**
 * `throughline migrate`: makes the topic and the log's id, brings ClickHouse's tables up to this version, stores the
 * bootstrap key, prepares the body store. May be run again, and by several at once.
 */
export async function runMigrate(env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const config = readConfig(env);
  requireServers(config);
  if (config.THROUGHLINE_API_KEY !== '') checkApiKey(config.THROUGHLINE_API_KEY);
  const logger = createLogger('throughline-migrate', {
    level: config.LOG_LEVEL,
    pretty: process.stdout.isTTY === true,
  });
  const patience = { logger, signal: AbortSignal.timeout(PATIENCE_MS) };

  const applied = await askAgain('ClickHouse', () => migrateServer(analyticsConfig(config)), patience);
  logger.info({ applied }, applied.length > 0 ? 'ClickHouse: migrations applied' : 'ClickHouse: nothing to do');
  const analytics = connectHttpAnalytics(analyticsConfig(config));
  try {
    const topic = await askAgain('Kafka', () => makeTopic(config, logger, analytics), patience);
    const { logId, partitions, isNew } = topic;
    logger.info(
      { topic: config.KAFKA_TOPIC, logId, partitions },
      isNew ? 'Kafka: topic made' : 'Kafka: the topic fits',
    );
    if (topic.starts.includes(undefined)) {
      logger.error('the topic takes the place of an earlier log: run `throughline rebase` before anything is consumed');
    }
    const bodies = await openBodyStore(config);
    if (bodies) {
      await askAgain('the body store', () => bodies.prepare(), patience);
      await bodies.close();
      logger.info('body store: prepared');
    }
    const generated = await askAgain(
      'ClickHouse',
      () => storeBootstrapKey(analytics, config.THROUGHLINE_API_KEY, Date.now()),
      patience,
    );
    if (generated !== undefined) {
      process.stderr.write(`Key of tenant default, shown this once: ${generated}\n`);
    }
    return 0;
  } finally {
    await analytics.close();
  }
}

async function makeTopic(
  config: Config,
  logger: ReturnType<typeof createLogger>,
  analytics: ReturnType<typeof connectHttpAnalytics>,
): ReturnType<typeof migrateTopic> {
  const kafka = createKafka(kafkaOptions(config, logger));
  const { replicationFactor, minInsyncReplicas, couldHave } = chooseReplication({
    configured: config.KAFKA_REPLICATION_FACTOR,
    brokers: await brokerCount(kafka),
    existing: await topicReplicas(kafka, config.KAFKA_TOPIC),
  });
  if (couldHave !== undefined) {
    logger.warn(
      { topic: config.KAFKA_TOPIC, copies: replicationFactor, possible: couldHave },
      'the topic has fewer copies than there are brokers: kafka-reassign-partitions.sh makes more, see docs/deploy.md',
    );
  }
  return migrateTopic(
    kafka,
    {
      topic: config.KAFKA_TOPIC,
      partitions: config.KAFKA_PARTITIONS,
      replicationFactor,
      minInsyncReplicas,
      retentionMs: config.KAFKA_RETENTION_HOURS * 3_600_000,
      messageBytesMax: config.KAFKA_MESSAGE_BYTES_MAX,
    },
    { hasHistory: () => hasHistory(analytics) },
  );
}

/** Rows of an earlier log: their positions must not be given again. */
async function hasHistory(analytics: ReturnType<typeof connectHttpAnalytics>): Promise<boolean> {
  const [found] = await analytics.query<{ found: string }>({
    sql: 'SELECT (SELECT count() FROM (SELECT 1 FROM requests LIMIT 1)) + (SELECT count() FROM (SELECT 1 FROM ledger_exceptions LIMIT 1)) AS found',
  });
  return Number(found?.found ?? 0) > 0;
}
