import { join } from 'node:path';
import { type KafkaAppenderOptions, openKafkaAppender } from '@throughline/event-log/kafka/kafka-appender';
import type { OutboxAppender } from '@throughline/event-log/outbox/outbox-appender';
import type { Tracer } from '@throughline/telemetry/tracer';
import { crashPointHook } from '../crash-point-hook.ts';
import { registerOutboxMetrics } from './outbox-metrics.ts';
import type { ServiceContext } from './run-service.ts';
import { traceSends } from './trace-sends.ts';

/** What differs between the services that append. */
export interface ServiceOutboxOptions
  extends Pick<KafkaAppenderOptions, 'kafka' | 'partitions' | 'readKeys' | 'beforeSend'> {
  readonly dataDir: string;
  /** Of the data directory: no two services share one. */
  readonly folder: string;
  readonly tracer: Tracer;
}

/** The way of a service's events to Kafka, as the settings say: in the metrics, and closed with the service. */
export async function openServiceOutbox(
  { config, env, logger, metrics, opened }: ServiceContext,
  { dataDir, folder, tracer, ...options }: ServiceOutboxOptions,
): Promise<OutboxAppender> {
  const crashPoint = crashPointHook(env);
  const appender = await openKafkaAppender({
    ...options,
    topic: config.KAFKA_TOPIC,
    compression: config.KAFKA_COMPRESSION,
    messageBytesMax: config.KAFKA_MESSAGE_BYTES_MAX,
    root: join(dataDir, folder),
    durability: config.DURABILITY,
    bytesMax: config.OUTBOX_BYTES_MAX,
    ageMaxHours: config.OUTBOX_AGE_MAX_HOURS,
    onNumbers: (numbers) => logger.info(numbers, 'numbers given'),
    onWarn: (text) => logger.warn(text),
    onError: (text) => logger.error(text),
    onSend: traceSends(tracer, config.KAFKA_TOPIC),
    ...(crashPoint && { crashPoint }),
  });
  opened.defer(() => appender.close());
  registerOutboxMetrics(metrics, appender);
  return appender;
}
