import type { OutboxCrashPointHook } from './crash-points.ts';
import { backOffMs, type DrainLimits, queueShare } from './drain-limits.ts';
import { OutboxReader, type Restamp } from './outbox-reader.ts';
import { type OutboxRecord, refusedInPlaceOf, weightOf } from './outbox-record.ts';
import { type OutboxBatch, OutboxSendError, type OutboxTarget } from './outbox-target.ts';
import { PartitionQueue } from './partition-queue.ts';
import type { PositionsFile } from './positions-file.ts';

/**
 * Gets every event before it is sent and returns what is sent in its place, usually the same bytes. May be called again
 * for the same event, after a restart too, and must then mean the same. Events of one partition wait for the ones before
 * them; other partitions do not.
 *
 * A rejection is tried again, for as long as it takes: an event that can never be sent is for the hook to make small.
 */
export type BeforeSend = (record: {
  readonly head: OutboxRecord['head'];
  readonly bytes: Uint8Array;
}) => Uint8Array | Promise<Uint8Array>;

export interface DrainerOptions {
  /** Folder of the segments. */
  readonly dir: string;
  readonly mark: Buffer;
  readonly bounds: () => { readonly low: number; readonly end: number };
  readonly partitions: number;
  readonly positions: PositionsFile;
  readonly restamp?: ((queues: readonly PartitionQueue[]) => Restamp) | undefined;
  readonly target: OutboxTarget;
  readonly limits: DrainLimits;
  readonly beforeSend?: BeforeSend | undefined;
  /** Everything below `low` is stored in the log, and the positions say so: segments may go. */
  readonly onStored: (low: number) => void;
  /** The log is not there any more; nothing is sent until `start` is called again. */
  readonly onLogMissing: (message: string) => void;
  readonly onWarn: (message: string) => void;
  readonly onError: (message: string) => void;
  readonly crashPoint?: OutboxCrashPointHook | undefined;
}

/** Counters since the start. */
export interface DrainerStats {
  /** Events stored in the log. */
  readonly sent: number;
  /** Events sent once more because it was not known whether they were stored. */
  readonly resent: number;
  /** Events that were replaced by a `refused` event because the log does not take them. */
  readonly replaced: number;
  /** Events that could not be read from the folder any more. */
  readonly lost: number;
  /** Parked events whose key turned out to be unknown. */
  readonly nobodys: number;
  /** Requests that failed. */
  readonly sendErrors: number;
  /** Events of the folder that are not stored in the log. */
  readonly unsent: number;
  /** When the oldest of them was received, epoch ms; undefined when there is none. */
  readonly oldestAt: number | undefined;
  /** Since when each partition has been failing, ms; 0 for those that are not. */
  readonly stuckMs: readonly number[];
}

/** Partitions that share requests; one request at a time. */
interface Lane {
  isBusy: boolean;
  failures: number;
  retryAt: number;
  lastSentAt: number;
}

/** Records read from the folder at a time: a thread that also serves calls is held for about a millisecond. */
const RECORDS_PER_TURN = 250;

/**
 * Empties one folder into the log: each partition in the order of its numbers, with one unresolved batch at a time, sent
 * again unchanged until it is known to be stored. What one partition waits for holds up no other.
 */
export class Drainer {
  readonly #options: DrainerOptions;
  readonly #queues: readonly PartitionQueue[];
  readonly #reader: OutboxReader;
  readonly #lanes = new Map<number, Lane>();
  /** Queues with something to send, in the order in which they get their turn. */
  readonly #active = new Set<PartitionQueue>();
  #logId: string | undefined;
  /** Records whose preparation has begun while those before them are sent. */
  readonly #begun = new WeakMap<OutboxRecord, Promise<Uint8Array>>();
  #isStopped = false;
  #underWay = 0;
  #timer: NodeJS.Timeout | undefined;
  #wakeAt = Number.POSITIVE_INFINITY;
  #immediate: NodeJS.Immediate | undefined;
  #lastStoreAt = Number.NEGATIVE_INFINITY;
  #isDirty = false;
  #done: number;
  #waiters: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];
  #stats = { sent: 0, resent: 0, replaced: 0, lost: 0, nobodys: 0, sendErrors: 0 };
  /** Offsets of events left out that lie above what is stored as `low`: a restart comes by them, and counts them, again. */
  #nobodys: number[] = [];

  constructor(options: DrainerOptions) {
    this.#options = options;
    const { positions, partitions, limits } = options;
    this.#done = Math.max(positions.stored.done, options.bounds().low);
    this.#queues = positions.stored.acked.map((acked, partition) => new PartitionQueue(partition, acked));
    this.#reader = new OutboxReader({
      dir: options.dir,
      mark: options.mark,
      bounds: options.bounds,
      low: Math.max(positions.stored.low, options.bounds().low),
      queues: this.#queues,
      queueBytesMax: queueShare(limits, partitions),
      detachAfterMs: limits.detachAfterMs,
      restamp: options.restamp?.(this.#queues),
      onLost: (count) => {
        this.#stats.lost += count;
        this.#done += count;
        this.#isDirty = true;
      },
      onNobodys: (offset) => {
        this.#stats.nobodys++;
        this.#nobodys.push(offset);
        this.#done++;
        this.#isDirty = true;
      },
      onError: options.onError,
    });
  }

  get stats(): DrainerStats {
    const now = performance.now();
    return {
      ...this.#stats,
      unsent: this.#unsent,
      oldestAt: this.#oldestAt(),
      stuckMs: this.#queues.map(({ failingSince }) => (failingSince === undefined ? 0 : now - failingSince)),
    };
  }

  /** Last number stored per partition, with the time of its event; those without one are left out. */
  get lastStored(): { readonly partition: number; readonly seq: number; readonly receivedAt: number }[] {
    return this.#queues.flatMap(({ partition, acked }) =>
      acked.seq < 0 ? [] : [{ partition, seq: acked.seq, receivedAt: acked.receivedAt }],
    );
  }

  /** Everything that lies in the folder is stored in the log. */
  get isEmpty(): boolean {
    return this.#active.size === 0 && this.#reader.isAtEnd;
  }

  /** Begins to send to this log, or goes on. */
  start(logId: string): void {
    this.#logId = logId;
    this.#wake();
  }

  /** Sends nothing more for now; what is under way goes on. */
  pause(): void {
    this.#logId = undefined;
  }

  /** Something has been written to the folder. */
  notify(): void {
    this.#wakeWithin(this.#options.limits.lingerMs);
  }

  /** Sends a record that does not lie in the folder, behind everything read so far. */
  push(record: OutboxRecord): void {
    const queue = this.#queues[record.head.partition]!;
    queue.push(record);
    this.#active.add(queue);
    this.#wake();
  }

  /** Resolves once the folder is empty and nothing pushed is unresolved. Never rejects. */
  whenEmpty(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push({ isMet: () => this.isEmpty, resolve });
      this.#wake();
    });
  }

  /** Waits for what is under way, `waitMs` at most, stores the positions and lets go of the folder. */
  async stop(waitMs: number): Promise<void> {
    this.pause();
    if (this.#underWay > 0) {
      const settled = new Promise<void>((resolve) => {
        this.#waiters.push({ isMet: () => this.#underWay === 0, resolve });
      });
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([settled, new Promise<void>((resolve) => (timer = setTimeout(resolve, waitMs)))]);
      clearTimeout(timer);
    }
    this.#isStopped = true;
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#store();
    this.#reader.close();
  }

  get #unsent(): number {
    return Math.max(0, this.#options.bounds().end - this.#done);
  }

  #oldestAt(): number | undefined {
    let oldest = this.#reader.oldestAt;
    for (const queue of this.#active) {
      const at = queue.oldest?.head.receivedAt;
      if (at !== undefined) oldest = Math.min(oldest ?? at, at);
    }
    return oldest;
  }

  #wake(): void {
    if (this.#isStopped) return;
    this.#immediate ??= setImmediate(() => {
      this.#immediate = undefined;
      this.#turn();
    });
  }

  #wakeWithin(ms: number): void {
    const at = performance.now() + ms;
    if (this.#isStopped || this.#immediate !== undefined || at >= this.#wakeAt) return;
    clearTimeout(this.#timer);
    this.#wakeAt = at;
    this.#timer = setTimeout(() => {
      this.#wakeAt = Number.POSITIVE_INFINITY;
      this.#turn();
    }, ms);
  }

  #turn(): void {
    if (this.#isStopped) return;
    try {
      if (this.#reader.fill(RECORDS_PER_TURN)) this.#wake();
      for (const queue of this.#queues) if (queue.length > 0) this.#active.add(queue);
    } catch (error) {
      this.#options.onError(`cannot read the outbox: ${(error as Error).message}`);
      this.#wakeWithin(this.#options.limits.retryMaxMs);
    }
    const now = performance.now();
    if (this.#logId !== undefined) this.#dispatch(this.#logId, now);
    this.#storeAtTimes(now);
    this.#settleWaiters();
  }

  #settleWaiters(): void {
    if (this.#waiters.length === 0) return;
    const met = this.#waiters.filter(({ isMet }) => isMet());
    this.#waiters = this.#waiters.filter((waiter) => !met.includes(waiter));
    for (const { resolve } of met) resolve();
  }

  #dispatch(logId: string, now: number): void {
    const shared = new Map<Lane, PartitionQueue[]>();
    for (const queue of [...this.#active]) {
      if (queue.isBusy) continue;
      if (queue.retryAt > now) {
        this.#wakeWithin(queue.retryAt - now);
      } else if (queue.isIsolated) {
        this.#send(logId, [queue], undefined, now);
      } else {
        const lane = this.#laneOf(queue.partition);
        const queues = shared.get(lane);
        if (queues) queues.push(queue);
        else shared.set(lane, [queue]);
      }
    }
    for (const [lane, queues] of shared) {
      if (lane.isBusy) continue;
      const waitMs = this.#waitOf(lane, queues, now);
      if (waitMs > 0) this.#wakeWithin(waitMs);
      else this.#send(logId, queues, lane, now);
    }
  }

  #laneOf(partition: number): Lane {
    const id = this.#options.target.laneOf(partition);
    let lane = this.#lanes.get(id);
    if (lane === undefined) {
      lane = { isBusy: false, failures: 0, retryAt: Number.NEGATIVE_INFINITY, lastSentAt: Number.NEGATIVE_INFINITY };
      this.#lanes.set(id, lane);
    }
    return lane;
  }

  /** Requests of a lane are at least the linger apart, unless there is enough for one. */
  #waitOf(lane: Lane, queues: readonly PartitionQueue[], now: number): number {
    const { lingerMs, lingerEventsMax } = this.#options.limits;
    if (lane.retryAt > now) return lane.retryAt - now;
    let events = 0;
    for (const queue of queues) {
      events += queue.length;
      if (queue.batch !== undefined || events >= lingerEventsMax) return 0;
    }
    return lane.lastSentAt + lingerMs - now;
  }

  /** @param lane undefined: the one queue is isolated. */
  #send(logId: string, queues: readonly PartitionQueue[], lane: Lane | undefined, now: number): void {
    const { target, limits, crashPoint } = this.#options;
    const bytesMax = Math.min(limits.batchBytesMax, target.batchBytesMax);
    const batches: OutboxBatch[] = [];
    const sent: PartitionQueue[] = [];
    let bytes = 0;
    for (const queue of queues) {
      if (bytes >= limits.requestBytesMax) break;
      const records = this.#prepared(queue, { eventsMax: limits.batchEventsMax, bytesMax });
      if (records === undefined) continue;
      for (const record of records) {
        if (record.attempts++ > 0) this.#stats.resent++;
        bytes += weightOf(record);
      }
      batches.push({ partition: queue.partition, records });
      sent.push(queue);
      queue.isBusy = true;
      // To the end of those who wait for their turn.
      this.#active.delete(queue);
      this.#active.add(queue);
    }
    if (batches.length === 0) return;
    if (lane) {
      lane.isBusy = true;
      lane.lastSentAt = now;
    }
    this.#underWay++;
    crashPoint?.('outbox:before-send');
    target
      .send(batches, { logId, isolated: lane === undefined })
      .then(
        () => {
          crashPoint?.('outbox:after-send');
          if (lane) lane.failures = 0;
          for (const queue of sent) this.#onStored(queue);
        },
        (error: unknown) => this.#onFailed(sent, lane, error),
      )
      .finally(() => {
        this.#underWay--;
        if (lane) lane.isBusy = false;
        for (const queue of sent) queue.isBusy = false;
        this.#settleWaiters();
        this.#wake();
      });
  }

  /** The next batch of a queue, as `beforeSend` wants it; undefined while that is not known. */
  #prepared(
    queue: PartitionQueue,
    limit: { readonly eventsMax: number; readonly bytesMax: number },
  ): readonly OutboxRecord[] | undefined {
    if (queue.batch !== undefined) return queue.batch;
    const { beforeSend } = this.#options;
    const slow: Promise<void>[] = [];
    let bytes = 0;
    for (const record of queue.waiting.slice(0, limit.eventsMax)) {
      bytes += weightOf(record);
      if (bytes > limit.bytesMax && slow.length > 0) break;
      if (record.isPrepared) continue;
      const result = beforeSend === undefined ? record.bytes : (this.#begun.get(record) ?? call(beforeSend, record));
      if (result instanceof Uint8Array) {
        queue.prepare(record, result);
        continue;
      }
      // What is ready goes first; then the slow ones are prepared together.
      if (slow.length === 0 && queue.waiting[0]!.isPrepared) {
        this.#begun.set(record, result);
        // Its failure is that of whoever comes to wait for it.
        result.catch(() => {});
        break;
      }
      this.#begun.delete(record);
      slow.push(result.then((prepared) => queue.prepare(record, prepared)));
    }
    if (slow.length === 0) return queue.takeBatch(limit);
    this.#awaitPrepared(queue, slow);
    return undefined;
  }

  #awaitPrepared(queue: PartitionQueue, slow: readonly Promise<void>[]): void {
    queue.isBusy = true;
    this.#underWay++;
    void Promise.allSettled(slow).then((results) => {
      this.#underWay--;
      queue.isBusy = false;
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) {
        const reason = (failed.reason as Error).message;
        this.#retryLater(queue, `an event of partition ${queue.partition} cannot be prepared: ${reason}`);
      } else if (!queue.isIsolated) {
        queue.failures = 0;
        queue.failingSince = undefined;
      }
      this.#settleWaiters();
      this.#wake();
    });
  }

  #onStored(queue: PartitionQueue): void {
    const wasFailing = queue.failingSince;
    const records = queue.resolve();
    const inFolder = records.filter(({ offset }) => offset >= 0).length;
    this.#stats.sent += inFolder;
    this.#done += inFolder;
    this.#isDirty = true;
    if (queue.length === 0) this.#active.delete(queue);
    if (wasFailing !== undefined) {
      const seconds = ((performance.now() - wasFailing) / 1000).toFixed(1);
      this.#options.onWarn(`partition ${queue.partition} takes events again, after ${seconds} s`);
    }
  }

  #onFailed(sent: readonly PartitionQueue[], lane: Lane | undefined, cause: unknown): void {
    this.#stats.sendErrors++;
    const now = performance.now();
    const { limits } = this.#options;
    const error = cause instanceof OutboxSendError ? cause : new OutboxSendError('unavailable', String(cause));
    if (error.code === 'no-such-log') {
      this.pause();
      this.#options.onLogMissing(error.message);
    }
    if (lane && (error.code === 'unreachable' || error.code === 'no-such-log')) {
      lane.retryAt = now + backOffMs(limits, lane.failures++);
      for (const queue of sent) this.#onFirstFailure(queue, error.message, () => queue.fail(now, now));
      return;
    }
    for (const queue of sent) {
      if (sent.length > 1) {
        // Each finds out for itself, alone, whether it was meant.
        queue.isIsolated = true;
      } else if (error.code === 'too-large' || error.code === 'rejected') {
        this.#makeWay(queue, error);
      } else {
        queue.isIsolated = true;
        this.#retryLater(queue, error.message);
      }
    }
  }

  /** Nothing was stored and one of the records is why: finds it by halving, and puts a `refused` event in its place. */
  #makeWay(queue: PartitionQueue, error: OutboxSendError): void {
    const batch = queue.batch!;
    queue.isIsolated = true;
    if (batch.length > 1) {
      queue.halve();
      return;
    }
    const [record] = batch;
    const { eventId, producer } = record!.head;
    if (record!.isOwn) {
      // Even the smallest event is not taken: it is not the event.
      this.#retryLater(queue, error.message);
      return;
    }
    this.#options.onError(
      `event ${eventId} (number ${producer.seq} of ${producer.id} in partition ${queue.partition}) cannot be stored and is counted as refused: ${error.message}`,
    );
    this.#stats.replaced++;
    queue.replace(refusedInPlaceOf(record!, error.code));
  }

  #retryLater(queue: PartitionQueue, reason: string): void {
    const now = performance.now();
    this.#onFirstFailure(queue, reason, () => queue.fail(now, now + backOffMs(this.#options.limits, queue.failures)));
  }

  /** One line when it begins; one more when it is over. */
  #onFirstFailure(queue: PartitionQueue, reason: string, fail: () => void): void {
    if (queue.failingSince === undefined) {
      this.#options.onWarn(`partition ${queue.partition} does not take events, they wait in the outbox: ${reason}`);
    }
    fail();
  }

  #storeAtTimes(now: number): void {
    if (!this.#isDirty) return;
    const dueInMs = this.#lastStoreAt + this.#options.limits.storeIntervalMs - now;
    if (dueInMs > 0) this.#wakeWithin(dueInMs);
    else this.#store();
  }

  #store(): void {
    if (!this.#isDirty) return;
    const { positions, onStored, onWarn, crashPoint } = this.#options;
    let low = this.#reader.low;
    for (const queue of this.#active) {
      const offset = queue.batch?.find((record) => record.offset >= 0)?.offset ?? queue.waiting[0]?.offset ?? -1;
      if (offset >= 0) low = Math.min(low, offset);
    }
    this.#lastStoreAt = performance.now();
    this.#nobodys = this.#nobodys.filter((offset) => offset >= low);
    const done = this.#done - this.#nobodys.length;
    try {
      crashPoint?.('outbox:before-positions');
      positions.store({ low, done, acked: this.#queues.map(({ acked }) => acked) });
      crashPoint?.('outbox:after-positions');
    } catch (error) {
      // More is sent again after a crash; a disk that is full also keeps events from being taken, which is said.
      onWarn(`cannot store how far the outbox has been emptied: ${(error as Error).message}`);
      this.#wakeWithin(this.#options.limits.retryMaxMs);
      return;
    }
    this.#isDirty = false;
    onStored(low);
  }
}

/** What a hook throws is a rejection. */
function call(beforeSend: BeforeSend, record: OutboxRecord): Uint8Array | Promise<Uint8Array> {
  try {
    return beforeSend({ head: record.head, bytes: record.bytes });
  } catch (error) {
    return Promise.reject(error);
  }
}
