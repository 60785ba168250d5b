import type { Consumer, Kafka } from 'kafkajs';
import { EventLogError } from '../event-log.ts';
import { disconnect } from './disconnect.ts';
import type { FetchControl, Fetched } from './kafka-partition-reader.ts';
import { type Held, stickyAssigner } from './sticky-assigner.ts';

export interface GroupMemberOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly groupId: string;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  /** Called at each join, from inside the client: nothing is fetched before it returns. All of them are paused. */
  readonly onAssigned: (partitions: readonly number[]) => void;
  /** The group shares its partitions anew: until `onAssigned` this member does not know what it has. */
  readonly onRebalancing: () => void;
  /** @returns Kafka offset of the last record taken; undefined: none, and the partition has been sought or paused. */
  readonly onRecords: (partition: number, fetched: Fetched) => number | undefined;
  readonly held: () => Held;
}

/**
 * A fetch is answered when so much has come for this member's partitions of a broker, or after so long. Fetching each
 * event by itself costs more than everything else does with it; a tenth of a second is a small part of a cycle.
 */
const FETCH_BYTES_MIN = 32 * 1024;
const FETCH_WAIT_MS = 100;
/** Compressed; bodies of one conversation are a tenth of their size. A larger record comes alone. */
const FETCH_BYTES_MAX = 4 * 1024 * 1024;
const FETCH_PARTITION_BYTES_MAX = 512 * 1024;
/** How long the group waits for a member to join again; a dead one is out after its session. */
const REBALANCE_TIMEOUT_MS = 15_000;
/** A change of leaders is noticed by errors; this finds what brings none, such as added partitions. */
const METADATA_AGE_MAX_MS = 30_000;
/** Without a sign of life of the client for so long, it has stopped for good and another one takes its place. */
const STUCK_AFTER_MS = 60_000;

/**
 * One membership of the group, from joining to the end of it. kafkajs's client is not used again after it has stopped:
 * what its own restarts keep is not known well enough, and a new one costs nothing.
 */
export class GroupMember implements FetchControl {
  /** Resolves with the reason when the membership is over and this side did not end it. */
  readonly ended: Promise<unknown>;
  readonly #consumer: Consumer;
  readonly #options: GroupMemberOptions;
  readonly #topic: string;
  readonly #ended = Promise.withResolvers<unknown>();
  #lastSignAt = performance.now();
  readonly #watchdog: NodeJS.Timeout;
  #isOver = false;

  constructor(options: GroupMemberOptions) {
    const { kafka, topic } = options;
    this.#options = options;
    this.#topic = topic;
    this.ended = this.#ended.promise;
    const consumer = kafka.consumer({
      groupId: options.groupId,
      partitionAssigners: [stickyAssigner(options.held)],
      sessionTimeout: options.sessionTimeoutMs,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      heartbeatInterval: options.heartbeatIntervalMs,
      minBytes: FETCH_BYTES_MIN,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      maxBytes: FETCH_BYTES_MAX,
      maxBytesPerPartition: FETCH_PARTITION_BYTES_MAX,
      metadataMaxAge: METADATA_AGE_MAX_MS,
      allowAutoTopicCreation: false,
      retry: { restartOnFailure: async () => false },
    });
    this.#consumer = consumer;
    const { events } = consumer;
    const alive = () => {
      this.#lastSignAt = performance.now();
    };
    consumer.on(events.FETCH, alive);
    consumer.on(events.HEARTBEAT, alive);
    // The client forgets its group at this moment and throws at whoever steers it; why it stopped is said afterwards.
    consumer.on(events.STOP, () => {
      this.#isOver = true;
    });
    consumer.on(events.CRASH, ({ payload }) => this.#end(payload.error));
    consumer.on(events.REBALANCING, () => {
      if (!this.#isOver) options.onRebalancing();
    });
    consumer.on(events.GROUP_JOIN, ({ payload }) => {
      alive();
      if (this.#isOver) return;
      const partitions = payload.memberAssignment[topic] ?? [];
      // Now, before the client goes on: its first fetch would else begin wherever the group's offset is.
      consumer.pause([{ topic, partitions }]);
      options.onAssigned(partitions);
    });
    this.#watchdog = setInterval(() => {
      if (performance.now() - this.#lastSignAt < STUCK_AFTER_MS) return;
      this.#end(new EventLogError('failed', `the Kafka client gave no sign of life for ${STUCK_AFTER_MS / 1000} s`));
    }, STUCK_AFTER_MS / 10).unref();
  }

  /** @throws what kafkajs does when it cannot connect, or does not know the topic. */
  async join(): Promise<void> {
    const { topic, onRecords } = this.#options;
    const consumer = this.#consumer;
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // Returns at once: while it runs, neither heartbeats nor the other partitions of its broker go on.
      eachBatch: async ({ batch, resolveOffset, isStale }) => {
        if (this.#isOver || isStale()) return;
        // Kept by the client's batches since its first versions, though its types do not name it.
        const { fetchedOffset } = batch as typeof batch & { readonly fetchedOffset: string };
        const taken = onRecords(batch.partition, {
          records: batch.messages,
          high: Number(batch.highWatermark),
          asked: Number(fetchedOffset),
        });
        if (taken !== undefined) resolveOffset(String(taken));
      },
    });
  }

  seek(partition: number, kafkaOffset: number): void {
    if (!this.#isOver) this.#consumer.seek({ topic: this.#topic, partition, offset: String(kafkaOffset) });
  }

  pause(partition: number): void {
    if (!this.#isOver) this.#consumer.pause([{ topic: this.#topic, partitions: [partition] }]);
  }

  resume(partition: number): void {
    if (!this.#isOver) this.#consumer.resume([{ topic: this.#topic, partitions: [partition] }]);
  }

  /** The group's offsets: where each partition goes on, as a hint for whoever looks at the group. */
  async commit(offsets: ReadonlyMap<number, number>): Promise<void> {
    if (this.#isOver || offsets.size === 0) return;
    await this.#consumer.commitOffsets(
      [...offsets].map(([partition, offset]) => ({ topic: this.#topic, partition, offset: String(offset) })),
    );
  }

  /** Leaves the group, so that its partitions need not wait for the session to end. */
  async leave(): Promise<void> {
    this.#isOver = true;
    clearInterval(this.#watchdog);
    await disconnect(this.#consumer);
  }

  #end(reason: unknown): void {
    this.#isOver = true;
    clearInterval(this.#watchdog);
    this.#ended.resolve(reason);
  }
}
