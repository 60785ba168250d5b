import { connectHttpAnalytics, type HttpAnalyticsStore } from '@throughline/analytics/http/connect-http-analytics';
import type { LogBounds, RebasableLog } from '@throughline/event-log/event-log';
import { createKafka } from '@throughline/event-log/kafka/kafka-options';
import { openKafkaRebasableLog } from '@throughline/event-log/kafka/rebasable-log';
import {
  openRedisSessionTotals,
  type RedisSessionTotals,
} from '@throughline/session-totals/redis/redis-session-totals';
import type { Logger } from '@throughline/telemetry/logger';
import type { Config } from '../config.ts';
import { analyticsConfig, kafkaOptions, requireServers } from './servers.ts';

/** The three servers as commands use them, beside the services that run. */
export interface Servers extends AsyncDisposable {
  readonly analytics: HttpAnalyticsStore;
  readonly totals: RedisSessionTotals;
  readonly log: RebasableLog;
  /** What the log held when it was opened, per partition; undefined: it has no positions yet. */
  readonly bounds: ReadonlyMap<number, LogBounds | undefined>;
}

/** @throws whatever the first server says that cannot be used. */
export async function openServers(config: Config, logger: Logger): Promise<Servers> {
  requireServers(config);
  await using opening = new AsyncDisposableStack();
  const log = openKafkaRebasableLog(createKafka(kafkaOptions(config, logger)), config.KAFKA_TOPIC);
  opening.defer(() => log.close());
  const bounds = await log.look();
  const analytics = connectHttpAnalytics(analyticsConfig(config));
  opening.defer(() => analytics.close());
  await analytics.checkSchema();
  const totals = await openRedisSessionTotals({
    url: config.REDIS_URL,
    namespace: config.KAFKA_TOPIC,
    partitions: bounds.size,
    onWarning: (message, cause) => logger.warn({ err: cause }, message),
  });
  opening.defer(() => totals.close());
  const opened = opening.move();
  return { analytics, totals, log, bounds, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}
