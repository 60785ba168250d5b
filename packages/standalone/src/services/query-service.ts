import { connectHttpAnalytics } from '@throughline/analytics/http/connect-http-analytics';
import { createKafka } from '@throughline/event-log/kafka/kafka-options';
import { checkTopic } from '@throughline/event-log/kafka/topic';
import { createQueryRouter } from '@throughline/query/query-router';
import { openRedisProgressBoard } from '@throughline/session-totals/redis/redis-progress-board';
import { openRedisSessionTotals } from '@throughline/session-totals/redis/redis-session-totals';
import { VERSION } from '../version.ts';
import { askAgain } from './ask-again.ts';
import { readBoardFreshness } from './board-freshness.ts';
import { openKeyCache } from './key-cache.ts';
import { listen } from './listen.ts';
import type { ServiceContext } from './run-service.ts';
import { analyticsConfig, kafkaOptions, requireServers } from './servers.ts';

/** Of the eight that one of these services has under way at a server. */
const TENANT_QUERIES_MAX = 6;

/** The query API: live totals from Redis, everything else from ClickHouse. Keeps nothing; run as many as needed. */
export async function openQueryService(context: ServiceContext): Promise<void> {
  const { config, logger, metrics, opened, stopping } = context;
  requireServers(config);
  const tracer = await context.startTracing('throughline/query');
  const http = await listen(context);
  const patience = { logger, signal: stopping };

  http.waitFor('Kafka');
  const kafka = createKafka(kafkaOptions(config, logger));
  const expected = { partitions: config.KAFKA_PARTITIONS };
  // Which partition, and so which key of Redis, a session is in depends on their number.
  const meta = await askAgain('Kafka', () => checkTopic(kafka, config.KAFKA_TOPIC, expected), patience);
  http.waitFor('ClickHouse');
  const analytics = connectHttpAnalytics(analyticsConfig(config));
  opened.defer(() => analytics.close());
  await askAgain('ClickHouse', () => analytics.checkSchema(), patience);
  const keys = await openKeyCache({ analytics, logger });
  opened.defer(() => keys.close());
  http.takeKeys(keys);
  http.waitFor('Redis');
  const redis = {
    url: config.REDIS_URL,
    namespace: config.KAFKA_TOPIC,
    onWarning: (message: string, cause?: unknown) => logger.warn({ err: cause }, message),
  };
  const totals = await askAgain(
    'Redis',
    (startTimeoutMs) => openRedisSessionTotals({ ...redis, partitions: meta.partitions, startTimeoutMs }),
    patience,
  );
  opened.defer(() => totals.close());
  const board = await askAgain('Redis', () => openRedisProgressBoard(redis), patience);
  const freshness = await readBoardFreshness(board, meta.partitions, (error) =>
    logger.debug({ err: error }, 'progress could not be read'),
  );
  opened.defer(() => freshness.close());

  if (config.BODY_URL_SECRET === '') {
    logger.info('BODY_URL_SECRET is unset: links to bodies in answers open at this process alone, until it ends');
  }
  http.use(
    createQueryRouter({
      analytics,
      totals,
      keys,
      logger,
      metrics,
      tracer,
      clock: Date,
      freshness,
      version: VERSION,
      config: {
        closePublicRoutes: config.CLOSE_PUBLIC_ROUTES,
        allowWriteKeysToRead: config.ALLOW_WRITE_KEYS_TO_READ,
        tenantQueriesMax: TENANT_QUERIES_MAX,
        ...(config.BODY_URL_SECRET !== '' && { bodyUrlSecret: config.BODY_URL_SECRET }),
      },
    }),
  );
  http.addCheck({ name: 'session totals', check: async () => void (await totals.loadPartition(0)) });
  http.addCheck({ name: 'analytics', check: async () => void (await analytics.query({ sql: 'SELECT 1 AS one' })) });
  http.addCheck({ name: 'keys', check: async () => (keys.isLoaded ? undefined : 'the keys were not read yet') });
  opened.defer(() => http.drain());
  http.waitFor(undefined);
}
