import { connectHttpAnalytics } from '@throughline/analytics/http/connect-http-analytics';
import { createKafka } from '@throughline/event-log/kafka/kafka-options';
import { openKafkaRebasableLog } from '@throughline/event-log/kafka/rebasable-log';
import { checkTopic } from '@throughline/event-log/kafka/topic';
import type { ReadinessCheck } from '@throughline/http/service-routes';
import { createQueryRouter } from '@throughline/query/query-router';
import { httpGatewayCaller } from '@throughline/query/replay/http-gateway-caller';
import { keepRetention } from '@throughline/query/retention/keep-retention';
import { openRedisProgressBoard } from '@throughline/session-totals/redis/redis-progress-board';
import { openRedisSessionTotals } from '@throughline/session-totals/redis/redis-session-totals';
import { retention } from '../deletion-settings.ts';
import { openDashboard } from '../open-dashboard.ts';
import { VERSION } from '../version.ts';
import { askAgain } from './ask-again.ts';
import { readBoardFreshness } from './board-freshness.ts';
import { openBodyStore, sendBodiesTo } from './body-store.ts';
import { openKeyCache } from './key-cache.ts';
import { openKeyUses } from './key-uses.ts';
import { listen } from './listen.ts';
import { openOutboxDir } from './outbox-dir.ts';
import type { ServiceContext } from './run-service.ts';
import { analyticsConfig, kafkaOptions, requireServers } from './servers.ts';
import { serversSystem } from './servers-system.ts';
import { openServiceOutbox } from './service-outbox.ts';
import { waitForStores } from './stores-applied-wait.ts';

/** Of the eight that one of these services has under way at a server. */
const TENANT_QUERIES_MAX = 6;

/** Beside the folder of a gateway's outbox, which may hold events that only a gateway can send. */
const OUTBOX_FOLDER = 'query-outbox';

/**
 * The query API: live totals from Redis, everything else from ClickHouse. What is said of calls after the fact goes to Kafka
 * by way of an outbox in the data directory, as calls do; it keeps nothing else. Run as many as needed.
 */
export async function openQueryService(context: ServiceContext): Promise<void> {
  const { config, logger, metrics, opened, stopping } = context;
  requireServers(config);
  const tracer = await context.startTracing('throughline/query');
  const dataDir = openOutboxDir(config.THROUGHLINE_DATA_DIR);
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
  const uses = openKeyUses({ analytics, logger });
  opened.defer(() => uses.close());
  const keys = await openKeyCache({ analytics, logger, onUse: (key) => uses.note(key) });
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

  const bodies = await openBodyStore(config);
  opened.defer(async () => bodies?.close());
  const appender = await openServiceOutbox(context, {
    kafka,
    dataDir,
    folder: OUTBOX_FOLDER,
    partitions: meta.partitions,
    tracer,
    // Of sessions that are imported.
    ...(bodies && { beforeSend: sendBodiesTo(bodies, config, metrics) }),
  });
  const applied = waitForStores({
    totals,
    analytics,
    onError: (error) => logger.debug({ err: error }, 'it cannot be seen whether an annotation was applied'),
  });

  const stopRetention = keepRetention({ ...retention(config), analytics, appender, clock: Date, logger });
  opened.defer(stopRetention);

  const checks: ReadinessCheck[] = [
    { name: 'session totals', check: async () => void (await totals.loadPartition(0)) },
    { name: 'analytics', check: async () => void (await analytics.query({ sql: 'SELECT 1 AS one' })) },
    { name: 'keys', check: async () => (keys.isLoaded ? undefined : 'the keys were not read yet') },
    {
      name: 'outbox',
      check: async () =>
        appender.writable ? undefined : 'the outbox takes no events: it is full, too old, or its disk is',
    },
  ];
  const log = openKafkaRebasableLog(kafka, config.KAFKA_TOPIC);
  opened.defer(() => log.close());

  http.use(
    createQueryRouter({
      analytics,
      totals,
      keys,
      logger,
      metrics,
      tracer,
      clock: Date,
      annotations: { appender, applied },
      live: {
        partitions: meta.partitions,
        totals,
        progress: (partition) => {
          const { totalsOffset, snapshotsOffset } = freshness.progress(partition);
          return { totals: totalsOffset, snapshots: snapshotsOffset };
        },
        stopping,
      },
      ...(config.GATEWAY_URL !== '' && { replayGateway: httpGatewayCaller(() => config.GATEWAY_URL) }),
      system: serversSystem({ analytics, totals, log, appender, freshness, checks }),
      freshness,
      version: VERSION,
      dashboard: config.DASHBOARD ? openDashboard(logger) : undefined,
      masking: config.MASKING_RULES,
      spoolFolder: dataDir,
      config: {
        closePublicRoutes: config.CLOSE_PUBLIC_ROUTES,
        allowWriteKeysToRead: config.ALLOW_WRITE_KEYS_TO_READ,
        allowedTargets: config.ALLOWED_TARGETS,
        providerOrigins: config.providerOrigins,
        tenantQueriesMax: TENANT_QUERIES_MAX,
        ...(config.BODY_URL_SECRET !== '' && { bodyUrlSecret: config.BODY_URL_SECRET }),
      },
    }),
  );
  for (const check of checks) http.addCheck(check);
  opened.defer(() => http.drain());
  http.waitFor(undefined);
}
