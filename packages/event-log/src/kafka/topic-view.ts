import type { Admin, Kafka } from 'kafkajs';
import { EventLogError } from '../event-log.ts';
import { disconnect } from './disconnect.ts';
import { toEventLogError } from './kafka-errors.ts';
import { readTopicMeta } from './read-topic-meta.ts';
import { sharedAnswer } from './shared-answer.ts';
import type { TopicMeta } from './topic-meta.ts';

/** Kafka offsets that a partition holds: from `low` up to, and without, `high`. */
export interface Watermarks {
  readonly low: number;
  readonly high: number;
}

/** What the brokers say about a topic. Each question is one request for all partitions; callers at the same time share it. */
export class TopicView {
  readonly #kafka: Kafka;
  readonly #topic: string;
  #admin: Promise<Admin> | undefined;
  #meta: TopicMeta | undefined;
  #isClosed = false;

  /**
   * As they are at some moment after the call.
   *
   * @throws EventLogError `failed`, retryable: not every leader answers.
   */
  readonly watermarks: () => Promise<ReadonlyMap<number, Watermarks>>;

  /**
   * As it is at some moment after the call.
   *
   * @throws EventLogError `mismatch`: there is none. `failed`, retryable: the brokers do not answer.
   */
  readonly freshMeta: () => Promise<TopicMeta>;

  constructor(kafka: Kafka, topic: string) {
    this.#kafka = kafka;
    this.#topic = topic;
    this.watermarks = sharedAnswer(() => this.#askWatermarks());
    this.freshMeta = sharedAnswer(() => this.#askMeta());
  }

  /** As it was read last, whenever that was. */
  async meta(): Promise<TopicMeta> {
    return this.#meta ?? (await this.freshMeta());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#disconnect();
  }

  async #askMeta(): Promise<TopicMeta> {
    this.#meta = await readTopicMeta(this.#kafka, this.#topic);
    if (this.#meta) return this.#meta;
    throw new EventLogError('mismatch', `there is no log on topic ${this.#topic}: run \`throughline migrate\` first`);
  }

  async #askWatermarks(): Promise<ReadonlyMap<number, Watermarks>> {
    if (this.#isClosed) throw new EventLogError('closed', 'the log is closed');
    try {
      this.#admin ??= this.#connect();
      const admin = await this.#admin;
      const partitions = await admin.fetchTopicOffsets(this.#topic);
      return new Map(
        partitions.map(({ partition, low, high }) => [partition, { low: Number(low), high: Number(high) }]),
      );
    } catch (cause) {
      await this.#disconnect();
      throw toEventLogError(`cannot ask for the offsets of ${this.#topic}`, cause);
    }
  }

  async #connect(): Promise<Admin> {
    const admin = this.#kafka.admin();
    await admin.connect();
    return admin;
  }

  /** kafkajs's connections do not always heal; a new client does. */
  async #disconnect(): Promise<void> {
    const admin = this.#admin;
    this.#admin = undefined;
    await admin?.then(disconnect).catch(() => {});
  }
}
