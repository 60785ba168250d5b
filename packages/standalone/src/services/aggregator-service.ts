import { connectHttpAnalytics } from '@throughline/analytics/http/connect-http-analytics';
import { openKafkaConsumer } from '@throughline/event-log/kafka/consumer';
import { createKafka } from '@throughline/event-log/kafka/kafka-options';
import { checkTopic } from '@throughline/event-log/kafka/topic';
import { readableForMs } from '@throughline/event-log/kafka/topic-retention';
import { createSignedLinks } from '@throughline/http/signed-links';
import { createTargetPolicy } from '@throughline/outbound/target-policy';
import { createTokenCounter } from '@throughline/providers/estimate/token-counter';
import { AGGREGATOR_DEFAULTS } from '@throughline/session-aggregator/aggregator-deps';
import { keepPurging } from '@throughline/session-aggregator/deletion/keep-purging';
import { createSessionAggregator } from '@throughline/session-aggregator/session-aggregator';
import { createWebhookDeliverer } from '@throughline/session-aggregator/webhooks/webhook-deliverer';
import { openRedisProgressBoard } from '@throughline/session-totals/redis/redis-progress-board';
import { openRedisSessionTotals } from '@throughline/session-totals/redis/redis-session-totals';
import { crashPointHook } from '../crash-point-hook.ts';
import { purging } from '../deletion-settings.ts';
import { askAgain } from './ask-again.ts';
import { openBodyStore } from './body-store.ts';
import { openKeyCache } from './key-cache.ts';
import { listen } from './listen.ts';
import { createProgressReporter } from './progress-reporter.ts';
import type { ServiceContext } from './run-service.ts';
import { analyticsConfig, kafkaOptions, requireServers } from './servers.ts';

/**
 * An insert costs a server 18 ms of CPU however few rows it has, so a cycle is as long as "within a second" allows: alone, 300
 * ms show a call within 0.4 s (p50) at 300 calls per second; several aggregators make inserts of their own each, and take
 * longer ones.
 */
const CYCLE_MS = { alone: 300, amongOthers: 500 };
/** Partitions that begin a cycle together have their rows ready within this. */
const INSERT_LINGER_MS = 10;
const HOUR_MS = 3_600_000;

/** One session-aggregator of the group: events from Kafka, totals to Redis, rows and snapshots to ClickHouse. */
export async function openAggregatorService(context: ServiceContext): Promise<void> {
  const { config, env, logger, metrics, opened, stopping } = context;
  requireServers(config);
  const tracer = await context.startTracing('throughline/session-aggregator');
  const http = await listen(context);
  const kafka = createKafka(kafkaOptions(config, logger));
  const patience = { logger, signal: stopping };

  http.waitFor('Kafka');
  const expected = { partitions: config.KAFKA_PARTITIONS };
  const meta = await askAgain('Kafka', () => checkTopic(kafka, config.KAFKA_TOPIC, expected), patience);
  // Only objects in a body store are deleted by it.
  const readableMs =
    config.BODY_STORE_URL === ''
      ? undefined
      : await askAgain('Kafka', () => readableForMs(kafka, config.KAFKA_TOPIC), patience);
  http.waitFor('ClickHouse');
  const analytics = connectHttpAnalytics(analyticsConfig(config));
  opened.defer(() => analytics.close());
  await askAgain('ClickHouse', () => analytics.checkSchema(), patience);
  if (config.CLOSE_PUBLIC_ROUTES) {
    // For nothing but /metrics: no call of anybody comes here.
    const keys = await openKeyCache({ analytics, logger });
    opened.defer(() => keys.close());
    http.takeKeys(keys);
  }
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
  const reporter = createProgressReporter(board, {
    now: Date.now,
    onError: (error) => logger.debug({ err: error }, 'progress could not be published'),
  });
  opened.defer(() => reporter.close());

  // Not waited for: events with small bodies need none.
  const bodies = await openBodyStore(config);
  opened.defer(async () => bodies?.close());

  const tokens = config.ESTIMATE_TOKENS ? createTokenCounter() : undefined;
  opened.defer(async () => tokens?.close());

  if (config.BODY_URL_SECRET === '') {
    logger.info('BODY_URL_SECRET is unset: what webhooks are told has no links to whole bodies');
  }
  const webhooks = createWebhookDeliverer({
    analytics,
    policy: createTargetPolicy({ allowedTargets: config.ALLOWED_TARGETS, trustedOrigins: new Set() }),
    ...(config.BODY_URL_SECRET !== '' && {
      links: createSignedLinks({ secret: config.BODY_URL_SECRET, clock: Date }),
    }),
    logger,
    metrics,
    now: Date.now,
  });
  opened.defer(() => webhooks.close());

  const consumer = openKafkaConsumer({ kafka, topic: config.KAFKA_TOPIC, groupId: config.KAFKA_GROUP, logger });
  const crashPoint = crashPointHook(env);
  const aggregator = createSessionAggregator(
    {
      totals,
      analytics,
      ...(bodies && { bodies }),
      tokens,
      progress: reporter,
      webhooks,
      config: {
        ...AGGREGATOR_DEFAULTS,
        cycleMs: CYCLE_MS.alone,
        sharedCycle: { partitions: meta.partitions, cycleMs: CYCLE_MS.amongOthers },
        insertLingerMs: INSERT_LINGER_MS,
        producerAgeMaxHours: config.OUTBOX_AGE_MAX_HOURS,
        bodyWaitMs: config.BODY_STORE_WAIT_SECONDS * 1_000,
        // An event may wait in an outbox before the log keeps it.
        ...(readableMs !== undefined && { bodyKeepMs: config.OUTBOX_AGE_MAX_HOURS * HOUR_MS + readableMs }),
      },
      logger,
      metrics,
      tracer,
      now: Date.now,
      ...(crashPoint && { crashPoint }),
    },
    reporter.watch(consumer),
    () => {},
  );
  opened.defer(keepPurging({ ...purging(config), analytics, logger, now: Date.now }));
  registerConsumerMetrics(metrics, consumer);
  aggregator.run().catch(context.fail);
  opened.defer(() => aggregator.close());

  http.addCheck({
    name: 'consumer group',
    check: async () => (consumer.stats.isJoined ? undefined : 'this member is not in the group, or it is sharing anew'),
  });
  http.addCheck({ name: 'session totals', check: async () => void (await totals.loadPartition(0)) });
  http.addCheck({ name: 'events', check: async () => aggregator.whyWaiting() });
  if (bodies) http.addCheck({ name: 'body store', check: () => bodies.check().then(() => undefined) });
  http.addCheck({ name: 'analytics', check: async () => void (await analytics.query({ sql: 'SELECT 1 AS one' })) });
  http.waitFor(undefined);
}

function registerConsumerMetrics(
  metrics: ServiceContext['metrics'],
  consumer: ReturnType<typeof openKafkaConsumer>,
): void {
  metrics.gauge('consumer_lag_events', 'Events in the log that are not in the stores yet', ['partition'], (gauge) => {
    gauge.reset();
    for (const { partition, lag } of consumer.stats.partitions) if (lag !== undefined) gauge.set({ partition }, lag);
  });
  metrics.gauge('consumer_buffer_bytes', 'Bytes fetched ahead of the partitions’ owners', [], (gauge) =>
    gauge.set(consumer.stats.partitions.reduce((sum, { bufferedBytes }) => sum + bufferedBytes, 0)),
  );
  metrics.gauge('consumer_partitions', 'Partitions that this member has', ['state'], (gauge) => {
    for (const state of ['waiting', 'owned', 'stopped'] as const) {
      gauge.set({ state }, consumer.stats.partitions.filter((one) => one.state === state).length);
    }
  });
  metrics.gauge('consumer_memberships', 'Times that this process has joined the group', [], (gauge) =>
    gauge.set(consumer.stats.memberships),
  );
}
