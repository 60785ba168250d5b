import { join } from 'node:path';
import { connectHttpAnalytics } from '@throughline/analytics/http/connect-http-analytics';
import { openRedisCallState } from '@throughline/call-state/open-redis-call-state';
import { createKafka } from '@throughline/event-log/kafka/kafka-options';
import { PARTITIONS_DEFAULT } from '@throughline/event-log/kafka/topic';
import { topicPartitions } from '@throughline/event-log/kafka/topic-partitions';
import { createGatewayRouter } from '@throughline/gateway/gateway-router';
import { createProviderDirectory } from '@throughline/gateway/provider-directory';
import { crashPointHook } from '../crash-point-hook.ts';
import { isLoopback } from '../loopback.ts';
import { openBodyStore, sayWhereBodiesGo, sendBodiesTo } from './body-store.ts';
import { callLimits } from './call-limits.ts';
import { openKeyCache } from './key-cache.ts';
import { openKeyUses } from './key-uses.ts';
import { listen } from './listen.ts';
import { openOutboxDir } from './outbox-dir.ts';
import { requirePartitions } from './require-partitions.ts';
import type { ServiceContext } from './run-service.ts';
import { analyticsConfig, kafkaOptions, requireServers } from './servers.ts';
import { openServiceOutbox } from './service-outbox.ts';
import { sessionRecords } from './session-records.ts';
import { startMasking } from './start-masking.ts';

/**
 * One gateway: proxies calls and hands each to Kafka by way of its outbox in the data directory. It starts, and goes on,
 * while Kafka and ClickHouse are down: events wait in the outbox, keys are those of the last time, and calls with a key
 * that is not among them wait until it can be looked up.
 */
export async function openGatewayService(context: ServiceContext): Promise<void> {
  const { config, env, logger, metrics, opened, stopping } = context;
  requireServers(config);
  const tracer = await context.startTracing('throughline/gateway');
  const dataDir = openOutboxDir(config.THROUGHLINE_DATA_DIR);
  const analytics = connectHttpAnalytics(analyticsConfig(config));
  opened.defer(() => analytics.close());
  const uses = openKeyUses({ analytics, logger });
  opened.defer(() => uses.close());
  const keys = await openKeyCache({
    analytics,
    logger,
    file: join(dataDir, 'keys.json'),
    onUse: (key) => uses.note(key),
  });
  opened.defer(() => keys.close());

  const bodies = await openBodyStore(config);
  opened.defer(async () => bodies?.close());
  sayWhereBodiesGo(bodies, logger);

  const kafka = createKafka(kafkaOptions(config, logger));
  await requirePartitions(() => topicPartitions(kafka, config.KAFKA_TOPIC), config.KAFKA_PARTITIONS, {
    logger,
    signal: stopping,
  });
  const crashPoint = crashPointHook(env);
  const appender = await openServiceOutbox(context, {
    kafka,
    dataDir,
    folder: 'outbox',
    partitions: config.KAFKA_PARTITIONS ?? PARTITIONS_DEFAULT,
    tracer,
    readKeys: () => keys.writers(),
    ...(bodies && { beforeSend: sendBodiesTo(bodies, config, metrics) }),
  });

  const providers = {
    ...createProviderDirectory(config.providerOrigins),
    trustedOrigins: new Set(Object.values(config.providerOrigins)),
  };
  const masking = await startMasking(config, metrics, logger);
  // Connected with the first call that needs it: a gateway starts and goes on while Redis is down.
  const callState = openRedisCallState({
    url: config.REDIS_URL,
    namespace: config.KAFKA_TOPIC,
    cacheBytesMax: config.RESPONSE_CACHE_BYTES_MAX,
  });
  opened.defer(() => callState.close());
  const gateway = createGatewayRouter({
    appender,
    keys,
    masking,
    records: sessionRecords(analytics),
    callState,
    park: (event, keyHash, shorter) => appender.park(event, keyHash, shorter),
    providers,
    metrics,
    tracer,
    logger,
    clock: Date,
    ...(crashPoint && { crashPoint }),
    config: {
      loopback: isLoopback(config.HOST),
      requireKey: config.REQUIRE_KEY,
      browserOrigins: config.CORS_ORIGINS,
      allowedTargets: config.ALLOWED_TARGETS,
      sessionRules: config.SESSION_RULES,
      ...callLimits(config),
      estimatesTokens: config.ESTIMATE_TOKENS,
      captureBytesMax: config.CAPTURE_BYTES_MAX,
      captureTotalBytesMax: config.CAPTURE_TOTAL_BYTES_MAX,
      headersTimeoutMs: config.UPSTREAM_TIMEOUT_MS,
      bodyIdleTimeoutMs: config.UPSTREAM_TIMEOUT_MS,
    },
  });
  // Only now: nothing but an answer of its own could be given to a call before.
  const http = await listen(context, gateway.upgrades);
  http.takeKeys(keys);
  http.use(gateway.router);
  // First no new calls, then an end to those under way, then the outbox has all that there is.
  opened.defer(async () => {
    const drained = http.drain();
    await gateway.drain();
    http.server.closeAllConnections();
    await drained;
  });
  http.addCheck({
    name: 'outbox',
    check: async () =>
      appender.writable ? undefined : 'the outbox takes no events: it is full, too old, or its disk is',
  });
  http.waitFor(undefined);
}
