import type { Kafka } from 'kafkajs';
import type { EventLogConsumer } from '../event-log.ts';
import type { KafkaLogger } from './kafka-log.ts';

/** How a topic is read as a member of a group. Times in milliseconds; whatever is left out has the default named. */
export interface KafkaConsumerOptions {
  /** From `createKafka`. */
  readonly kafka: Kafka;
  readonly topic: string;
  /** All that share the partitions among them. Members' partitions are found by it, positions are not. */
  readonly groupId: string;
  readonly logger?: KafkaLogger;
  /**
   * Without a heartbeat for so long a member is taken for dead. 8 s: with joining and taking over, the partitions of one
   * that was killed are served again within 15 s; brokers allow 6 s and more.
   */
  readonly sessionTimeoutMs?: number;
  /** 1.5 s: also how long a member takes to hear that the group shares anew. */
  readonly heartbeatIntervalMs?: number;
  /** Fetched ahead of its owner, per partition; one fetch and one event more may come on top. 4 MiB. */
  readonly bufferBytesMax?: number;
  /** How often the log's bounds are looked at, for lag and for positions that are gone. 5 s. */
  readonly lookIntervalMs?: number;
  /** How often the group's offsets are set. 2 s: nothing rests on them. */
  readonly hintIntervalMs?: number;
  /** A partition whose owner failed is given to a new one after so long: what stopped it may have been put right. 30 s. */
  readonly retryStoppedAfterMs?: number;
  /**
   * So much later than assigned is a partition begun with that another member may have had: time for that one to finish
   * its batch, which would else be refused and repeated. 500 ms.
   */
  readonly handOverMs?: number;
}

/** One partition of this member, for metrics. */
export interface KafkaPartitionStats {
  readonly partition: number;
  /** Events in the log that are not in the stores yet; undefined until a position is known. */
  readonly lag: number | undefined;
  readonly bufferedBytes: number;
  /** `stopped`: its owner failed, and is tried again at times. */
  readonly state: 'waiting' | 'owned' | 'stopped';
}

export interface KafkaConsumer extends EventLogConsumer {
  readonly stats: {
    readonly partitions: readonly KafkaPartitionStats[];
    /** False while this member is outside the group, or the group is sharing anew. */
    readonly isJoined: boolean;
    /** Memberships so far, of this process. */
    readonly memberships: number;
  };
}

export type CompleteConsumerOptions = Required<Omit<KafkaConsumerOptions, 'logger'>> &
  Pick<KafkaConsumerOptions, 'logger'>;

export function withConsumerDefaults(given: KafkaConsumerOptions): CompleteConsumerOptions {
  return {
    kafka: given.kafka,
    topic: given.topic,
    groupId: given.groupId,
    logger: given.logger,
    sessionTimeoutMs: given.sessionTimeoutMs ?? 8_000,
    heartbeatIntervalMs: given.heartbeatIntervalMs ?? 1_500,
    bufferBytesMax: given.bufferBytesMax ?? 4 * 1024 * 1024,
    lookIntervalMs: given.lookIntervalMs ?? 5_000,
    hintIntervalMs: given.hintIntervalMs ?? 2_000,
    retryStoppedAfterMs: given.retryStoppedAfterMs ?? 30_000,
    handOverMs: given.handOverMs ?? 500,
  };
}
