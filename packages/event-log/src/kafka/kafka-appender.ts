import type { Kafka } from 'kafkajs';
import { type OutboxAppender, openOutbox } from '../outbox/outbox-appender.ts';
import type { OutboxOptions } from '../outbox/outbox-options.ts';
import { type OnSend, watchedTarget } from '../outbox/watched-target.ts';
import { createKafkaTarget } from './kafka-target.ts';
import type { KafkaCompression } from './zstd-codec.ts';

export interface KafkaAppenderOptions extends Omit<OutboxOptions, 'target' | 'targetName'> {
  /** From `createKafka`. */
  readonly kafka: Kafka;
  readonly topic: string;
  /** `zstd`. */
  readonly compression?: KafkaCompression;
  /** What the topic takes at most in one batch (`max.message.bytes`). 1,000,000: below Kafka's own default. */
  readonly messageBytesMax?: number;
  /** Looks on at each request to Kafka. */
  readonly onSend?: OnSend | undefined;
}

/**
 * The writing side of the event log over Kafka: an outbox in `root`, emptied into the topic. Connects in the background.
 *
 * @throws as `openOutbox`.
 */
export function openKafkaAppender(options: KafkaAppenderOptions): Promise<OutboxAppender> {
  const { kafka, topic, compression = 'zstd', messageBytesMax = 1_000_000, onSend, ...outbox } = options;
  const target = createKafkaTarget({ kafka, topic, compression, messageBytesMax });
  return openOutbox({
    ...outbox,
    targetName: topic,
    target: onSend ? watchedTarget(target, onSend) : target,
  });
}
