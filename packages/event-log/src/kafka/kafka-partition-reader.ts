import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaMessage } from 'kafkajs';
import { EventLogError, type LogBounds, type LogEntry, type PartitionReader } from '../event-log.ts';
import type { KafkaLogger } from './kafka-log.ts';
import { boundsAt, toKafkaOffset, toPosition } from './partition-bounds.ts';
import { LOG_ID_HEADER, type PartitionStart, positionedLogId, type TopicMeta } from './topic-meta.ts';
import type { TopicView, Watermarks } from './topic-view.ts';
import { UNREADABLE_HEADER } from './unreadable-batch.ts';

export type FetchedRecord = Pick<KafkaMessage, 'offset' | 'value' | 'headers'>;

/** A broker's answer for one partition. Offsets are Kafka's. */
export interface Fetched {
  readonly records: readonly FetchedRecord[];
  /** End of the log. */
  readonly high: number;
  /** What the broker was asked for: the first record may lie behind it. */
  readonly asked: number;
}

/** Steers what one partition is fetched, in Kafka's offsets. Lives as long as one membership of the group. */
export interface FetchControl {
  seek(partition: number, kafkaOffset: number): void;
  pause(partition: number): void;
  resume(partition: number): void;
}

export interface KafkaPartitionReaderOptions {
  readonly partition: number;
  readonly revoked: AbortSignal;
  readonly view: TopicView;
  /** True: what was known of the log when this partition stopped is not relied on. */
  readonly isRetry: boolean;
  /** Bytes fetched ahead of `read` from which on nothing more is fetched. */
  readonly bufferBytesMax: number;
  readonly logger: KafkaLogger | undefined;
}

/** So many answers in a row must lack a record before it is called lost. */
const GAP_ANSWERS_MIN = 3;
/** Looks at the log in a row that must say that its end lies before the position: leaders change. */
const SHORT_LOOKS_MAX = 2;
const RETRY_WAIT_MS = 500;
/** Ids of other logs let pass, per ownership; each is told once. */
const FOREIGN_IDS_MAX = 100;

/** What the positions of this reader are relative to; the same from its first look at the log on. */
interface KnownLog {
  readonly id: string;
  readonly idBytes: Buffer;
  readonly start: PartitionStart;
  readonly positionedId: string;
}

/**
 * One partition of the topic, fetched by the group's member and handed on in order.
 *
 * Kafka's client resets a position that the broker does not have without a word, so nothing is taken for granted: each
 * record must be the next one and carry the log's id, and the log's bounds are looked at all the time (`observe`). What
 * does not fit is examined with the broker before anything is concluded: the same sight may be a batch fetched before a
 * seek. Positions that are truly gone end the reader with `out-of-range`, another log with `mismatch`.
 */
export class KafkaPartitionReader implements PartitionReader {
  readonly partition: number;
  readonly revoked: AbortSignal;
  readonly #view: TopicView;
  readonly #isRetry: boolean;
  readonly #bufferBytesMax: number;
  readonly #logger: KafkaLogger | undefined;
  readonly #foreignIds = new Set<string>();
  readonly #wake = new Set<() => void>();
  #log: KnownLog | undefined;
  #control: FetchControl | undefined;
  #isFlowing = false;
  #isExamining = false;
  /** Kafka offset of the next record wanted of the broker. */
  #wanted: number | undefined;
  #buffer: Buffered[] = [];
  #bufferedBytes = 0;
  #failure: EventLogError | undefined;
  #gap = { at: -1, answers: 0 };
  #shortLooks = 0;
  /** End of the log as seen last. */
  #high = 0;
  /** As `observe` saw it: only answers to one kind of question can be compared, others count what is being written. */
  #observedHigh = 0;
  #sought: number | undefined;
  #committed: number | undefined;

  constructor(options: KafkaPartitionReaderOptions) {
    this.partition = options.partition;
    this.revoked = options.revoked;
    this.#view = options.view;
    this.#isRetry = options.isRetry;
    this.#bufferBytesMax = options.bufferBytesMax;
    this.#logger = options.logger;
    this.revoked.addEventListener('abort', () => this.#changed());
  }

  async bounds(): Promise<LogBounds> {
    const { log, marks } = await this.#look();
    return boundsAt(log.id, log.start, marks);
  }

  async seek(offset: number): Promise<void> {
    const { low, high } = await this.bounds();
    if (!Number.isSafeInteger(offset) || offset < low || offset > high) {
      throw new EventLogError('out-of-range', `offset ${offset} is not in the log, which holds ${low} to ${high}`);
    }
    this.#failure = undefined;
    this.#shortLooks = 0;
    this.#buffer = [];
    this.#bufferedBytes = 0;
    this.#wanted = toKafkaOffset(this.#log!.start, offset);
    this.#sought = this.#wanted;
    this.#high = toKafkaOffset(this.#log!.start, high);
    this.#refetch();
  }

  async read(limit: { eventsMax: number; bytesMax: number; waitMs: number }): Promise<LogEntry[]> {
    const deadline = performance.now() + limit.waitMs;
    while (this.#buffer.length === 0) {
      if (this.revoked.aborted) return [];
      if (this.#failure) throw this.#failure;
      const isPlaced = this.#wanted !== undefined || (await this.#beginAtLow());
      const waitMs = deadline - performance.now();
      if (waitMs <= 0) return [];
      if (this.#buffer.length === 0) await this.#change(isPlaced ? waitMs : Math.min(waitMs, RETRY_WAIT_MS));
    }
    return this.revoked.aborted ? [] : this.#take(limit);
  }

  committed(offset: number): void {
    this.#committed = Math.max(this.#committed ?? offset, offset);
  }

  /** The member has the partition, paused: fetching goes on where it was. */
  attach(control: FetchControl): void {
    this.#control = control;
    this.#isFlowing = false;
    if (this.#wanted !== undefined) this.#refetch();
  }

  /** The member is between two assignments, or gone: what is buffered can still be read. */
  detach(): void {
    this.#control = undefined;
    this.#isFlowing = false;
  }

  /**
   * Take what was fetched, as far as it is what comes next.
   *
   * @returns Kafka offset of the last record taken, undefined for none.
   */
  receive({ records, high, asked }: Fetched): number | undefined {
    const { start, idBytes } = this.#log ?? {};
    if (start === undefined || this.#wanted === undefined || this.#failure || this.#isExamining) return undefined;
    const first = this.#wanted;
    let wanted = first;
    let doubt: Doubt | undefined;
    const taken: FetchedRecord[] = [];
    for (const record of records) {
      const offset = Number(record.offset);
      // Batches are fetched whole, also when the position lies within one.
      if (offset < wanted) continue;
      if (offset > wanted) {
        doubt = { kind: 'gap', found: offset, isAnswer: asked === wanted };
        break;
      }
      const id = record.headers?.[LOG_ID_HEADER];
      // Without one it is somebody else's record, which is a matter for whoever decodes it.
      if (Buffer.isBuffer(id) && !id.equals(idBytes!) && !this.#foreignIds.has(id.toString())) {
        doubt = { kind: 'foreign', id: id.toString() };
        break;
      }
      taken.push(record);
      wanted++;
    }
    this.#wanted = wanted;
    for (const item of entriesOf(taken, start)) {
      this.#buffer.push(item);
      this.#bufferedBytes += item.bytes;
      if (item.entry.lost) this.#sayLost(item.entry);
    }
    this.#high = Math.max(high, wanted);
    if (taken.length > 0) this.#changed();
    if (doubt) void this.#examine(doubt);
    else if (taken.length === 0) this.#refetch();
    else this.#adjustFlow();
    return taken.length > 0 ? wanted - 1 : undefined;
  }

  /** Where the reader wants to go on, for `observe`. */
  get wanted(): number | undefined {
    return this.#wanted;
  }

  /**
   * Compare with what the broker says it holds: a position that is gone brings no record that would give it away.
   *
   * @param wanted the position before the broker was asked.
   */
  observe(wanted: number | undefined, { low, high }: Watermarks): void {
    if (wanted === undefined || this.#failure || this.#isExamining || this.#control === undefined) return;
    const isShort = high < wanted || high < this.#observedHigh;
    this.#shortLooks = isShort ? this.#shortLooks + 1 : 0;
    if (!isShort) this.#observedHigh = high;
    this.#high = high;
    // What was fetched in the meantime is not gone.
    if (wanted < low && this.#wanted! < low) this.#fail(this.#goneBelow(low));
    else if (this.#shortLooks >= SHORT_LOOKS_MAX) this.#fail(this.#goneAbove(wanted, high));
  }

  /** The topic's meta was read again: another log in its place ends this reader. */
  checkLog(meta: TopicMeta): void {
    if (!this.#log) return;
    try {
      this.#requireSame(meta);
    } catch (error) {
      this.#fail(error as EventLogError);
    }
  }

  /** What the group's offset should be, as a hint: Kafka offset of the first record not in the stores. */
  get hint(): number | undefined {
    return this.#committed === undefined || !this.#log
      ? undefined
      : toKafkaOffset(this.#log.start, this.#committed) + 1;
  }

  /** Events in the log that are not in the stores yet; undefined until the reader has a position. */
  get lag(): number | undefined {
    const from = this.hint ?? this.#sought;
    return from === undefined ? undefined : Math.max(0, this.#high - from);
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  /** Lets go of what is buffered. */
  release(): void {
    this.detach();
    this.#buffer = [];
    this.#bufferedBytes = 0;
    this.#wanted = undefined;
  }

  async #look(): Promise<{ log: KnownLog; marks: Watermarks }> {
    this.#requireMembership();
    const meta = this.#log === undefined && this.#isRetry ? await this.#view.freshMeta() : await this.#view.meta();
    this.#requireSame(meta);
    const marks = (await this.#view.watermarks()).get(this.partition);
    if (!marks) throw new EventLogError('mismatch', `the topic has no partition ${this.partition}`);
    this.#requireMembership();
    return { log: this.#log!, marks };
  }

  /** Whoever is not in the group must not take a partition over: somebody else may have it. */
  #requireMembership(): void {
    if (this.revoked.aborted) {
      throw new EventLogError('closed', `partition ${this.partition} was taken away`, { retryable: true });
    }
    if (!this.#control) {
      throw new EventLogError('failed', `partition ${this.partition}: not in the group at the moment`, {
        retryable: true,
      });
    }
  }

  #requireSame(meta: TopicMeta): void {
    const start = meta.starts[this.partition];
    if (!start) {
      throw new EventLogError(
        'mismatch',
        `partition ${this.partition}: log ${meta.logId} has taken the place of another one, and its positions do not ` +
          'go on from that one yet: run `throughline rebase`',
      );
    }
    const positionedId = positionedLogId(meta.logId, start);
    if (this.#log && this.#log.positionedId !== positionedId) {
      throw new EventLogError(
        'mismatch',
        `partition ${this.partition}: the topic holds log ${positionedId} now, and no longer ${this.#log.positionedId}`,
      );
    }
    this.#log ??= { id: meta.logId, idBytes: Buffer.from(meta.logId), start, positionedId };
  }

  /** Whoever reads without having sought begins with the oldest event. False: nobody answers at the moment. */
  async #beginAtLow(): Promise<boolean> {
    try {
      await this.seek((await this.bounds()).low);
      return true;
    } catch (error) {
      if ((error as EventLogError).retryable) return false;
      throw error;
    }
  }

  #take(limit: { eventsMax: number; bytesMax: number }): LogEntry[] {
    let count = 0;
    let bytes = 0;
    while (count < this.#buffer.length && count < limit.eventsMax && bytes < limit.bytesMax) {
      bytes += this.#buffer[count++]!.bytes;
    }
    const entries = this.#buffer.splice(0, count).map(({ entry }) => entry);
    this.#bufferedBytes -= bytes;
    this.#adjustFlow();
    return entries;
  }

  /** Fetch from `wanted`, whatever the client thinks comes next. */
  #refetch(): void {
    this.#control?.seek(this.partition, this.#wanted!);
    this.#adjustFlow();
  }

  #adjustFlow(): void {
    if (!this.#control) return;
    // Half of it must have been read before more comes: each turn costs the client a line in its log.
    const isRoom = this.#bufferedBytes < (this.#isFlowing ? this.#bufferBytesMax : this.#bufferBytesMax / 2);
    const shouldFlow = isRoom && this.#wanted !== undefined && !this.#isExamining && this.#failure === undefined;
    if (shouldFlow === this.#isFlowing) return;
    this.#isFlowing = shouldFlow;
    if (shouldFlow) this.#control.resume(this.partition);
    else this.#control.pause(this.partition);
  }

  async #examine(doubt: Doubt): Promise<void> {
    this.#isExamining = true;
    this.#adjustFlow();
    try {
      const failure = await this.#untilAnswered(() =>
        doubt.kind === 'gap' ? this.#examineGap(doubt) : this.#examineForeign(doubt.id),
      );
      if (failure) this.#fail(failure);
    } finally {
      this.#isExamining = false;
      if (this.#wanted !== undefined) this.#refetch();
    }
  }

  async #examineGap({ found, isAnswer }: Gap): Promise<EventLogError | undefined> {
    const wanted = this.#wanted!;
    const { log, marks } = await this.#look();
    if (this.#wanted !== wanted) return undefined;
    if (wanted < marks.low) return this.#goneBelow(marks.low);
    if (wanted > marks.high) return this.#goneAbove(wanted, marks.high);
    // Only what was fetched from the missing record on says that it is missing.
    if (!isAnswer) return undefined;
    this.#gap = { at: wanted, answers: this.#gap.at === wanted ? this.#gap.answers + 1 : 1 };
    if (this.#gap.answers < GAP_ANSWERS_MIN || found > marks.high) return undefined;
    const lost = { through: toPosition(log.start, found - 1), reason: 'the topic holds no record at these offsets' };
    const entry = { offset: toPosition(log.start, wanted), lost };
    this.#sayLost(entry);
    this.#buffer.push({ entry, bytes: RECORD_BYTES });
    this.#bufferedBytes += RECORD_BYTES;
    this.#wanted = found;
    this.#changed();
    return undefined;
  }

  #sayLost({ offset: from, lost }: Extract<LogEntry, { lost: object }>): void {
    this.#logger?.error({ partition: this.partition, from, ...lost }, 'the log has lost offsets');
  }

  /** Records of another log lie in this one when it took that one's place, or when their producer has not heard of it. */
  async #examineForeign(id: string): Promise<EventLogError | undefined> {
    this.#requireMembership();
    try {
      this.#requireSame(await this.#view.freshMeta());
    } catch (error) {
      if (error instanceof EventLogError && !error.retryable) return error;
      throw error;
    }
    if (this.#foreignIds.size >= FOREIGN_IDS_MAX) this.#foreignIds.clear();
    this.#foreignIds.add(id);
    this.#logger?.warn(
      { partition: this.partition, found: id, logId: this.#log!.id },
      'a record was sent for another log than the one it lies in: it is taken, its producer should be restarted',
    );
    return undefined;
  }

  /** Undefined also when the partition was lost meanwhile. */
  async #untilAnswered<T>(ask: () => Promise<T>): Promise<T | undefined> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (this.revoked.aborted) return undefined;
        if (!(error instanceof EventLogError) || !error.retryable) {
          this.#fail(error as Error);
          return undefined;
        }
        await sleep(RETRY_WAIT_MS, undefined, { signal: this.revoked }).catch(() => {});
      }
    }
  }

  #fail(error: Error): void {
    this.#failure ??=
      error instanceof EventLogError ? error : new EventLogError('failed', error.message, { cause: error });
    this.#adjustFlow();
    this.#changed();
  }

  #goneBelow(low: number): EventLogError {
    const { start } = this.#log!;
    return new EventLogError(
      'out-of-range',
      `partition ${this.partition}: offset ${toPosition(start, this.#wanted!)} comes next, but the log begins at ` +
        `${toPosition(start, low)}: what lies between was deleted before it was read`,
    );
  }

  #goneAbove(wanted: number, high: number): EventLogError {
    const { start } = this.#log!;
    return new EventLogError(
      'out-of-range',
      `partition ${this.partition}: offset ${toPosition(start, wanted)} comes next, but the log ends at ` +
        `${toPosition(start, high)}: it is shorter than it was`,
    );
  }

  #changed(): void {
    for (const wake of [...this.#wake]) wake();
  }

  #change(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#wake.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, waitMs);
      this.#wake.add(wake);
    });
  }
}

interface Buffered {
  readonly entry: LogEntry;
  readonly bytes: number;
}

interface Gap {
  readonly kind: 'gap';
  readonly found: number;
  /** The broker was asked for the very record that is missing. */
  readonly isAnswer: boolean;
}

type Doubt = Gap | { readonly kind: 'foreign'; readonly id: string };

/** The objects of a buffered record. */
const RECORD_BYTES = 256;

function weightOf(value: Buffer | null): number {
  return RECORD_BYTES + (value?.length ?? 0);
}

/** Copied: what the client decodes are views into the whole answer of a broker, which one slow partition would keep. */
function entriesOf(records: readonly FetchedRecord[], start: PartitionStart): Buffered[] {
  const values = Buffer.concat(records.map(({ value }) => value ?? EMPTY));
  const buffered: Buffered[] = [];
  let end = 0;
  for (const { offset: kafkaOffset, value, headers } of records) {
    const begin = end;
    end += value?.length ?? 0;
    const offset = toPosition(start, Number(kafkaOffset));
    if (headers && UNREADABLE_HEADER in headers) {
      const lost = { through: offset, reason: 'compressed in a way that cannot be read' };
      const previous = buffered.at(-1)?.entry;
      if (previous?.lost) buffered.pop();
      buffered.push({ entry: { offset: previous?.lost ? previous.offset : offset, lost }, bytes: RECORD_BYTES });
    } else buffered.push({ entry: { offset, bytes: values.subarray(begin, end) }, bytes: weightOf(value) });
  }
  return buffered;
}

const EMPTY = Buffer.alloc(0);
