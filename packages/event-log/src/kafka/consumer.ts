import { setTimeout as sleep } from 'node:timers/promises';
import { EventLogError, type PartitionReader } from '../event-log.ts';
import {
  type CompleteConsumerOptions,
  type KafkaConsumer,
  type KafkaConsumerOptions,
  withConsumerDefaults,
} from './consumer-options.ts';
import { GroupMember } from './group-member.ts';
import { isRefused, toEventLogError } from './kafka-errors.ts';
import type { Fetched } from './kafka-partition-reader.ts';
import { PartitionOwnership } from './partition-ownership.ts';
import { TopicView } from './topic-view.ts';
import { passUnreadableBatches } from './unreadable-batch.ts';

/** Between two tries to join the group: doubles up to the second, jittered by half. */
const JOIN_WAIT_MS = 200;
const JOIN_WAIT_MAX_MS = 5_000;

/**
 * Reads the topic as a member of a group: each of its partitions has one owner among all members. Connects in `run`.
 *
 * **Whoever owns** is decided by the fence alone, which a new owner raises: a member that was away and comes back is
 * refused there. The group only says who should. So a member that hears of a new sharing and still has a partition goes
 * on with it where it was, one that is out of touch keeps what it has and fetches nothing, and one that lost a partition
 * has its owner finish the batch under way.
 *
 * **Outages** are waited out: reads return nothing, the member joins again by itself.
 *
 * `run` rejects with EventLogError `mismatch` when there is no log on the topic, and with `failed` when the brokers refuse
 * this client before it ever joined (credentials, rights, versions); later the same is reported and tried again.
 */
export function openKafkaConsumer(options: KafkaConsumerOptions): KafkaConsumer {
  passUnreadableBatches();
  return new KafkaEventLogConsumer(withConsumerDefaults(options));
}

type Owner = (reader: PartitionReader) => Promise<void>;
type OnError = (partition: number, error: unknown) => void;

class KafkaEventLogConsumer implements KafkaConsumer {
  readonly #options: CompleteConsumerOptions;
  readonly #view: TopicView;
  readonly #closing = new AbortController();
  readonly #owned = new Map<number, PartitionOwnership>();
  /** Revoked, and their owners have not returned yet. */
  readonly #leaving = new Map<number, Promise<void>>();
  #running: Promise<void> | undefined;
  #closed: Promise<void> | undefined;
  #member: GroupMember | undefined;
  #isJoined = false;
  #memberships = 0;
  #partitions = 0;
  #isLooking = false;
  readonly #hinted = new Map<number, number>();

  constructor(options: CompleteConsumerOptions) {
    this.#options = options;
    this.#view = new TopicView(options.kafka, options.topic);
  }

  get stats(): KafkaConsumer['stats'] {
    return {
      partitions: [...this.#owned.values()].map(({ stats }) => stats),
      isJoined: this.#isJoined,
      memberships: this.#memberships,
    };
  }

  run(owner: Owner, onError: OnError): Promise<void> {
    if (this.#running) throw new EventLogError('failed', 'this consumer runs already');
    this.#running = this.#run(owner, onError);
    return this.#running;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #run(owner: Owner, onError: OnError): Promise<void> {
    const looks = setInterval(() => void this.#look(), this.#options.lookIntervalMs);
    const hints = setInterval(() => void this.#giveHints(), this.#options.hintIntervalMs);
    try {
      await this.#stayInGroup(owner, onError);
    } finally {
      clearInterval(looks);
      clearInterval(hints);
      // After a dead end nobody else does it.
      await this.#revokeAll();
      await this.#view.close();
    }
  }

  async #stayInGroup(owner: Owner, onError: OnError): Promise<void> {
    const { logger } = this.#options;
    const { signal } = this.#closing;
    for (let waitMs = JOIN_WAIT_MS; !signal.aborted; waitMs = Math.min(2 * waitMs, JOIN_WAIT_MAX_MS)) {
      const before = this.#memberships;
      try {
        this.#partitions = (await this.#view.meta()).partitions;
        // Between two memberships anything may have happened to the topic.
        if (before > 0) void this.#checkLog();
        const reason = await this.#takePart(owner, onError);
        if (signal.aborted) return;
        throw reason;
      } catch (error) {
        if (signal.aborted) return;
        const translated = toEventLogError('not in the group', error);
        const isDeadEnd = isRefused(error) || translated.code === 'mismatch';
        if (isDeadEnd && this.#memberships === 0) throw translated;
        if (this.#memberships > before) waitMs = JOIN_WAIT_MS;
        logger?.[isDeadEnd ? 'error' : 'warn']({ err: translated }, 'out of the group, joins again');
        await sleep(waitMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
      }
    }
  }

  /** @returns why the membership ended; undefined when this side ended it. */
  async #takePart(owner: Owner, onError: OnError): Promise<unknown> {
    const { kafka, topic, groupId, sessionTimeoutMs, heartbeatIntervalMs } = this.#options;
    const member = new GroupMember({
      kafka,
      topic,
      groupId,
      sessionTimeoutMs,
      heartbeatIntervalMs,
      onAssigned: (partitions) => this.#assign(member, partitions, owner, onError),
      onRebalancing: () => this.#detach(),
      onRecords: (partition, fetched) => this.#receive(member, partition, fetched),
      held: () => new Map([...this.#owned].map(([partition, { since }]) => [partition, since])),
    });
    this.#member = member;
    try {
      await member.join();
      const reason = await Promise.race([member.ended, whenAborted(this.#closing.signal)]);
      if (this.#closing.signal.aborted) {
        // Still a member, so that nobody else begins while the owners finish.
        const ownerships = [...this.#owned.values()];
        await this.#revokeAll();
        await this.#giveHints(ownerships);
      }
      return reason;
    } finally {
      this.#detach();
      this.#member = undefined;
      await member.leave();
    }
  }

  #assign(member: GroupMember, partitions: readonly number[], owner: Owner, onError: OnError): void {
    if (this.#closing.signal.aborted) return;
    const options = this.#options;
    this.#memberships++;
    this.#isJoined = true;
    this.#hinted.clear();
    for (const ownership of [...this.#owned.values()]) {
      if (!partitions.includes(ownership.partition)) this.#revoke(ownership);
    }
    for (const partition of partitions) {
      const held = this.#owned.get(partition);
      if (held) {
        held.attach(member);
        continue;
      }
      if (partition >= this.#partitions) {
        options.logger?.error({ partition }, 'the topic has more partitions than the log: this one is not read');
        continue;
      }
      // Alone in the group, nobody hands anything over.
      const mayBeHandedOver = partitions.length < this.#partitions;
      const previous = this.#leaving.get(partition);
      const parts = { partition, options, view: this.#view, owner, onError, previous, mayBeHandedOver };
      this.#owned.set(partition, new PartitionOwnership(parts, member));
    }
  }

  #detach(): void {
    this.#isJoined = false;
    for (const ownership of this.#owned.values()) ownership.detach();
  }

  #revoke(ownership: PartitionOwnership): void {
    const { partition } = ownership;
    this.#owned.delete(partition);
    ownership.revoke();
    const leaving = ownership.done.finally(() => {
      if (this.#leaving.get(partition) === leaving) this.#leaving.delete(partition);
    });
    this.#leaving.set(partition, leaving);
  }

  async #revokeAll(): Promise<void> {
    for (const ownership of [...this.#owned.values()]) this.#revoke(ownership);
    await Promise.all(this.#leaving.values());
  }

  #receive(member: GroupMember, partition: number, fetched: Fetched): number | undefined {
    const reader = this.#owned.get(partition)?.reader;
    if (reader) return reader.receive(fetched);
    member.pause(partition);
    return undefined;
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    const readers = [...this.#owned.values()].flatMap(({ reader }) => reader ?? []);
    if (readers.length === 0) return;
    this.#isLooking = true;
    try {
      const before = readers.map(({ wanted }) => wanted);
      const marks = await this.#view.watermarks();
      for (const [index, reader] of readers.entries()) {
        const found = marks.get(reader.partition);
        if (found) reader.observe(before[index], found);
      }
    } catch {
      // The brokers do not answer: reads wait for them, and so does this.
    } finally {
      this.#isLooking = false;
    }
  }

  async #checkLog(): Promise<void> {
    try {
      const meta = await this.#view.freshMeta();
      for (const { reader } of this.#owned.values()) reader?.checkLog(meta);
    } catch {
      // Whoever owns a partition next asks again.
    }
  }

  async #giveHints(ownerships: readonly PartitionOwnership[] = [...this.#owned.values()]): Promise<void> {
    const offsets = new Map<number, number>();
    for (const { partition, reader } of ownerships) {
      const hint = reader?.hint;
      if (hint !== undefined && hint !== this.#hinted.get(partition)) offsets.set(partition, hint);
    }
    try {
      await this.#member?.commit(offsets);
      for (const [partition, hint] of offsets) this.#hinted.set(partition, hint);
    } catch (error) {
      this.#options.logger?.debug({ err: error }, 'the offsets of the group were not set');
    }
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    // Whoever called `run` hears of its failure.
    await this.#running?.catch(() => {});
    await this.#view.close();
  }
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
