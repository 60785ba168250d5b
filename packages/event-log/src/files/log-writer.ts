import { randomUUID } from 'node:crypto';
import { newEventId } from '@throughline/contracts/ids';
import { DEFAULT_TENANT, EVENT_SCHEMA_VERSION, type NewEvent } from '@throughline/contracts/request-event';
import { type Appended, type AppenderStats, EventLogError, type EventLogErrorCode } from '../event-log.ts';
import { BackgroundSync } from './background-sync.ts';
import type { CompleteOptions, FileEventAppender, RetentionPolicy } from './file-appender-options.ts';
import type { FolderLock } from './folder-lock.ts';
import {
  type FrameGroup,
  FrameGroups,
  GROUP_BYTES_MAX,
  LOCAL_PARTITION,
  type PendingEvent,
  tooLarge,
} from './frame-groups.ts';
import type { LogMeta } from './log-meta.ts';
import { Refusals } from './refusals.ts';
import { SegmentRetention } from './retention.ts';
import type { SegmentInfo } from './segment-files.ts';
import type { SegmentWriter } from './segment-writer.ts';
import type { SharedLog, SharedLogState } from './shared-log.ts';
import type { SyncedEnd } from './synced-end-file.ts';
import { probeDisk, WriteObstacle } from './write-obstacle.ts';

/** Waiting for a sync (`disk`): more than this means that the disk has stopped answering. */
const QUEUE_BYTES_MAX = 128 * 1024 * 1024;
/** What an event weighs beside its bodies, for the limits that are checked before it is encoded. */
const EVENT_OVERHEAD_BYTES = 1024;
/** A log that was over its limit takes events again below this part of it. */
const RESUME_BELOW = 0.99;
const RETAIN_INTERVAL_MS = 60_000;
const RETAIN_INTERVAL_FULL_MS = 1_000;
/** A quiet log begins a new segment after this part of the time that segments are kept, so that they can expire. */
const SEGMENT_AGE_PARTS = 24;

interface LogParts {
  readonly options: CompleteOptions;
  readonly meta: LogMeta;
  readonly segments: SegmentInfo[];
  readonly segmentWriter: SegmentWriter;
  readonly syncedEndFile: SyncedEnd;
  readonly shared: SharedLog;
  readonly state: SharedLogState;
  readonly nextOffset: number;
  readonly lock: FolderLock;
}

interface GroupOutcome {
  /** The first so many of the group are in the log, the others are not. */
  readonly written: number;
  readonly error?: EventLogError | undefined;
}

/** The writing side of a log folder that is open and locked; `openFileAppender` makes it. */
export class LogWriter implements FileEventAppender {
  readonly producerId: string;
  readonly partitions: number;
  readonly logId: string;
  readonly shared: SharedLog;
  readonly #parts: LogParts;
  readonly #options: CompleteOptions;
  readonly #retention: SegmentRetention;
  readonly #groups: FrameGroups;
  readonly #sync: BackgroundSync;
  readonly #obstacle: WriteObstacle;
  readonly #refusals: Refusals;
  readonly #maintenance: NodeJS.Timeout;
  #nextOffset: number;
  readonly #lastSeq: number[];
  #queue: PendingEvent[] = [];
  #queuedBytes = 0;
  #flushing: Promise<void> | undefined;
  #isFlushScheduled = false;
  #isSyncFailed = false;
  #isOverLimit = false;
  #retainedAtMs = performance.now();
  #closing: Promise<void> | undefined;
  #isClosed = false;
  #appended = 0;
  #refused = 0;

  constructor(parts: LogParts) {
    const { options, meta, state, segments } = parts;
    this.#parts = parts;
    this.#options = options;
    this.producerId = options.outbox?.producerId ?? randomUUID();
    this.partitions = options.partitions;
    this.#lastSeq = Array<number>(options.partitions).fill(-1);
    this.#refusals = new Refusals(options.partitions);
    this.#nextOffset = parts.nextOffset;
    this.logId = meta.logId;
    this.shared = parts.shared;
    this.#retention = new SegmentRetention({ options, state, segments });
    const next = {
      producerId: this.producerId,
      mark: meta.mark,
      offset: () => this.#nextOffset,
      lastSeq: (partition: number) => this.#lastSeq[partition]!,
    };
    this.#groups = new FrameGroups(next, options);
    this.#sync = new BackgroundSync(options.syncIntervalMs, () => this.#syncOnce());
    this.#obstacle = new WriteObstacle({
      dir: options.dir,
      probeIntervalMs: options.probeIntervalMs,
      retry: () => this.#canWriteAgain(),
      onRaised: options.onError,
      onCleared: () => this.#onCleared(),
    });
    this.#maintenance = setInterval(() => this.#maintain(), RETAIN_INTERVAL_FULL_MS).unref();
    // Makes the folder's entries durable before the first event is.
    this.#sync.request();
  }

  get writable(): boolean {
    return this.#closing === undefined && this.refusing === undefined;
  }

  get refusing(): EventLogErrorCode | undefined {
    return this.#obstacle.error?.code ?? (this.#isOverLimit ? 'full' : undefined);
  }

  get stats(): AppenderStats {
    const { bytes } = this.#retention;
    return { appended: this.#appended, refused: this.#refused, bytes, lastSeq: this.#lastSeq.slice() };
  }

  append(event: NewEvent, shorter?: () => NewEvent): Promise<Appended> {
    if (this.#closing) return Promise.reject(new EventLogError('closed', 'the log is closed'));
    const bytes = weigh(event);
    if (shorter && bytes - EVENT_OVERHEAD_BYTES > this.#options.eventBytesMax) return this.append(shorter());
    const refusal = this.#reasonToRefuse(bytes);
    if (refusal) {
      this.#refuse(event, refusal);
      return Promise.reject(refusal);
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ event, shorter, bytes, isOwn: false, resolve, reject });
      this.#queuedBytes += bytes;
      // In `process` mode there is nothing to wait for: memory need not hold more than one write takes.
      if (this.#queuedBytes > GROUP_BYTES_MAX && this.#options.durability === 'process') this.#flush();
      else this.#scheduleFlush();
    });
  }

  retain(policy: Partial<RetentionPolicy> & { readonly behindFence?: number } = {}): number {
    this.#retainedAtMs = performance.now();
    const { current } = this.#parts.segmentWriter;
    const isDone = policy.behindFence === this.#nextOffset - 1 && current.bytes > 0;
    // Full, and all of it may go: the newest segment too, which only goes once there is a newer one.
    if (this.#isOverLimit && isDone && !this.#flushing && !this.#obstacle.error) this.#beginSegment();
    const deleted = this.#retention.deleteExpired(policy);
    if (this.#totalBytes < this.#options.logBytesMax * RESUME_BELOW && this.#whyClosed === undefined) {
      this.#isOverLimit = false;
    }
    if (this.#refusals.pending > 0 && this.writable) this.#scheduleFlush();
    return deleted;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #reasonToRefuse(bytes: number): EventLogError | undefined {
    const { eventBytesMax, logBytesMax, dir, onError } = this.#options;
    if (bytes - EVENT_OVERHEAD_BYTES > eventBytesMax) return tooLarge(bytes - EVENT_OVERHEAD_BYTES, eventBytesMax);
    if (this.#obstacle.error) return this.#obstacle.error;
    const whyOver = () => {
      const isOver = this.#totalBytes + this.#queuedBytes + bytes > logBytesMax;
      return isOver ? `${dir} has reached its ${logBytesMax} bytes` : this.#whyClosed;
    };
    if (!this.#isOverLimit && whyOver() !== undefined) {
      this.retain();
      const reason = whyOver();
      this.#isOverLimit = reason !== undefined;
      if (reason !== undefined) onError(`${reason}; calls are not recorded until that changes`);
    }
    if (this.#isOverLimit) return full(whyOver() ?? `${dir} has reached its ${logBytesMax} bytes`);
    return this.#queuedBytes + bytes > QUEUE_BYTES_MAX ? full(`the disk of ${dir} does not keep up`) : undefined;
  }

  get #totalBytes(): number {
    return this.#retention.bytes + (this.#options.outbox?.otherBytes() ?? 0);
  }

  get #whyClosed(): string | undefined {
    return this.#options.outbox?.whyClosed();
  }

  #refuse(event: NewEvent, error: EventLogError): void {
    const { onRefused } = this.#options.outbox ?? {};
    if (onRefused) {
      onRefused(event, error.code);
      return;
    }
    this.#refused++;
    this.#refusals.add(event, error.code, this.#options.clock());
    // Refused for its own sake (too large): others are still taken, so it is named at once.
    if (this.writable) this.#scheduleFlush();
  }

  #scheduleFlush(): void {
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    setImmediate(() => {
      this.#isFlushScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#isClosed) return;
    if (this.#options.durability === 'process') {
      for (const group of this.#takeGroups()) this.#settle(group, this.#write(group));
    } else {
      this.#flushing ??= this.#flushSynced().finally(() => {
        this.#flushing = undefined;
      });
    }
  }

  async #flushAll(): Promise<void> {
    while (this.#flushing) await this.#flushing;
    this.#flush();
    while (this.#flushing) await this.#flushing;
  }

  // `disk`: a group is written and synced before the next is written, so that a failed sync can take all of it back.
  async #flushSynced(): Promise<void> {
    while (this.#queue.length > 0 || this.#hasRefusalsToWrite()) {
      for (const group of this.#takeGroups()) {
        const before = this.#nextOffset;
        const outcome = this.#write(group);
        if (outcome.written > 0) await this.#sync.now();
        if (outcome.written > 0 && this.#isSyncFailed) {
          this.#nextOffset = before;
          this.#takeBackNumbers(group, outcome.written);
          this.#parts.segmentWriter.cutToSynced();
          this.#settle(group, { written: 0, error: this.#obstacle.error });
        } else this.#settle(group, outcome);
      }
    }
  }

  #takeBackNumbers(group: FrameGroup, written: number): void {
    for (const { appended } of group.events.slice(0, written).reverse()) {
      const { seq } = appended.stamp.producer;
      if (seq >= 0) this.#lastSeq[appended.partition] = seq - 1;
    }
  }

  #hasRefusalsToWrite(): boolean {
    return this.#refusals.pending > 0 && this.refusing === undefined;
  }

  /** Empties the queue; what was refused before comes first. */
  #takeGroups(): Generator<FrameGroup> {
    const refusals = !this.#hasRefusalsToWrite()
      ? []
      : this.#refusals.take().map(({ event, settle }) => {
          return { event, bytes: EVENT_OVERHEAD_BYTES, isOwn: true, resolve: settle, reject: () => {} };
        });
    const events = [...refusals, ...this.#queue];
    this.#queue = [];
    this.#queuedBytes = 0;
    return this.#groups.of(events, (pending, error) => this.#reject(pending, error));
  }

  /** Writes one group; numbers and offsets move on by what is in the file. */
  #write(group: FrameGroup): GroupOutcome {
    if (this.#obstacle.error) return { written: 0, error: this.#obstacle.error };
    const bytes = group.ends.at(-1)!;
    const { current } = this.#parts.segmentWriter;
    if (current.bytes > 0 && current.bytes + bytes > this.#options.segmentBytesMax) {
      const error = this.#beginSegment();
      if (error) return { written: 0, error };
    }
    const { written, error } = this.#parts.segmentWriter.write(group);
    this.#nextOffset += written;
    for (const { appended } of group.events.slice(0, written)) {
      const { seq } = appended.stamp.producer;
      if (seq >= 0) this.#lastSeq[appended.partition] = seq;
    }
    if (written > 0 && this.#options.durability === 'process') {
      this.#parts.state.end = this.#nextOffset;
      this.#options.outbox?.onWritten();
      this.#sync.request();
    }
    return error === undefined ? { written } : { written, error: this.#obstacle.raise('cannot write', error) };
  }

  #beginSegment(): EventLogError | undefined {
    try {
      this.#retention.add(this.#parts.segmentWriter.begin(this.#nextOffset));
    } catch (cause) {
      return this.#obstacle.raise('cannot begin a segment', cause);
    }
    this.retain();
    return undefined;
  }

  #settle(group: FrameGroup, outcome: GroupOutcome): void {
    for (const [index, { pending, appended }] of group.events.entries()) {
      if (index >= outcome.written) this.#reject(pending, outcome.error!);
      else {
        if (!pending.isOwn) this.#appended++;
        pending.resolve(appended);
      }
    }
  }

  #reject(pending: PendingEvent, error: EventLogError): void {
    if (!pending.isOwn) this.#refuse(pending.event, error);
    pending.reject(error);
  }

  async #syncOnce(): Promise<void> {
    const { segmentWriter, syncedEndFile, state } = this.#parts;
    const { crashPoint } = this.#options;
    const end = this.#nextOffset;
    try {
      crashPoint?.('log:before-sync');
      await segmentWriter.sync();
      crashPoint?.('log:after-sync');
      // Stored before it is published: no reader is ever ahead of what is stored.
      syncedEndFile.store(end);
      crashPoint?.('log:after-synced-end-stored');
    } catch (cause) {
      this.#isSyncFailed = true;
      this.#obstacle.raise('cannot sync', cause);
      return;
    }
    this.#isSyncFailed = false;
    if (state.syncedEnd >= end) return;
    if (state.end < end) state.end = end;
    state.syncedEnd = end;
    state.notifyChange();
    if (this.#options.durability === 'disk') this.#options.outbox?.onWritten();
    crashPoint?.('log:after-synced-end-published');
  }

  async #canWriteAgain(): Promise<boolean> {
    try {
      this.#parts.segmentWriter.repair();
      probeDisk(this.#options.files, this.#options.dir);
    } catch {
      return false;
    }
    if (this.#isSyncFailed) await this.#sync.now();
    return !this.#isSyncFailed;
  }

  #onCleared(): void {
    this.#options.onWarn(`${this.#options.dir} can be written again; ${this.#refusals.pending} events were refused`);
    if (this.#refusals.pending > 0) this.#scheduleFlush();
  }

  #maintain(): void {
    const sinceMs = performance.now() - this.#retainedAtMs;
    if (!this.#isOverLimit && sinceMs < RETAIN_INTERVAL_MS) return;
    const { firstAtMs } = this.#parts.segmentWriter.current;
    const ageMaxMs = this.#options.retention.keepMs / SEGMENT_AGE_PARTS;
    const isOld = firstAtMs !== undefined && this.#options.clock() - firstAtMs > ageMaxMs;
    if (isOld && !this.#flushing && !this.#obstacle.error) this.#beginSegment();
    else this.retain();
  }

  async #close(): Promise<void> {
    clearInterval(this.#maintenance);
    await this.#flushAll();
    // One more attempt, should the disk have room again.
    await this.#obstacle.retryNow();
    this.#obstacle.stop();
    if (this.#options.outbox) await this.#flushAll();
    else if (this.#lastSeq[LOCAL_PARTITION]! >= 0 || this.#hasRefusalsToWrite()) {
      this.#options.crashPoint?.('log:before-closed');
      await this.#flushAll();
      await this.#appendClosed();
      this.#options.crashPoint?.('log:after-closed');
    }
    await this.#sync.stop(this.#obstacle.error === undefined);
    if (this.#refusals.pending > 0) {
      this.#options.onError(`${this.#refusals.pending} refused events could not be named in the log before it closed`);
    }
    this.#isClosed = true;
    this.#parts.segmentWriter.close();
    this.#parts.syncedEndFile.close();
    this.#parts.lock.release();
    this.#parts.state.notifyChange();
  }

  async #appendClosed(): Promise<void> {
    const event: NewEvent = {
      kind: 'closed',
      schema_version: EVENT_SCHEMA_VERSION,
      event_id: newEventId(LOCAL_PARTITION, this.#options.clock()),
      tenant_id: DEFAULT_TENANT,
      last_seq: this.#lastSeq[LOCAL_PARTITION]!,
    };
    const settled = new Promise<unknown>((resolve) => {
      this.#queue.push({ event, bytes: EVENT_OVERHEAD_BYTES, isOwn: true, resolve, reject: resolve });
    });
    await this.#flushAll();
    await settled;
  }
}

function full(message: string): EventLogError {
  return new EventLogError('full', message, { retryable: true });
}

function weigh(event: NewEvent): number {
  if (event.kind !== 'request') return EVENT_OVERHEAD_BYTES;
  return EVENT_OVERHEAD_BYTES + event.request_body.bytes.length + event.response_body.bytes.length;
}
