import fs from 'node:fs';
import { EventLogError, type LogBounds, type LogEntry, type PartitionReader } from '../event-log.ts';
import { LOCAL_PARTITION } from './frame-groups.ts';
import { listSegments, type SegmentFile } from './segment-files.ts';
import { SegmentScanner } from './segment-scanner.ts';
import type { SharedLogState } from './shared-log.ts';

interface OpenSegment {
  readonly file: SegmentFile;
  readonly fd: number;
  readonly scanner: SegmentScanner;
}

/**
 * A position in a log folder. Events are views into the bytes read, which nothing else uses.
 *
 * Between two good events offsets may be missing, because bytes are damaged or because the log lost its tail and went on
 * at a higher number: the range is delivered as `lost`, in its place, with the reason.
 */
export class FilePartitionReader implements PartitionReader {
  readonly partition = LOCAL_PARTITION;
  readonly revoked: AbortSignal;
  readonly #dir: string;
  readonly #logId: string;
  readonly #mark: Buffer;
  readonly #state: SharedLogState;
  readonly #onError: (message: string) => void;
  #position: number;
  #segment: OpenSegment | undefined;
  /** Damage passed since the last event delivered. */
  #damage: string | undefined;

  constructor(options: {
    dir: string;
    logId: string;
    mark: Buffer;
    state: SharedLogState;
    revoked: AbortSignal;
    onError: (message: string) => void;
  }) {
    this.#dir = options.dir;
    this.#logId = options.logId;
    this.#mark = options.mark;
    this.#state = options.state;
    this.revoked = options.revoked;
    this.#onError = options.onError;
    this.#position = options.state.low;
    this.revoked.addEventListener('abort', () => this.#state.wakeUp());
  }

  async bounds(): Promise<LogBounds> {
    return { logId: this.#logId, low: this.#state.low, high: this.#state.end };
  }

  async seek(offset: number): Promise<void> {
    const { low, end } = this.#state;
    if (!Number.isSafeInteger(offset) || offset < low || offset > end) throw outOfRange(offset, low, end);
    this.release();
    this.#position = offset;
  }

  async read(limit: { eventsMax: number; bytesMax: number; waitMs: number }): Promise<LogEntry[]> {
    const deadlineMs = performance.now() + limit.waitMs;
    const isReady = () => this.revoked.aborted || this.#state.syncedEnd > this.#position;
    for (;;) {
      if (this.revoked.aborted) return [];
      // Read before the bytes are: everything below it is in the files by now.
      const syncedEnd = this.#state.syncedEnd;
      if (this.#position < syncedEnd) return this.#take(syncedEnd, limit);
      const waitMs = deadlineMs - performance.now();
      if (waitMs <= 0) return [];
      await this.#state.change(isReady, waitMs);
    }
  }

  committed(offset: number): void {
    if (offset > this.#state.committed) this.#state.committed = offset;
  }

  /** Closes the file it reads. */
  release(): void {
    if (this.#segment) fs.closeSync(this.#segment.fd);
    this.#segment = undefined;
    this.#damage = undefined;
  }

  #take(syncedEnd: number, limit: { eventsMax: number; bytesMax: number }): LogEntry[] {
    const entries: LogEntry[] = [];
    let bytes = 0;
    this.#segment?.scanner.refresh();
    while (this.#position < syncedEnd && entries.length < limit.eventsMax && bytes < limit.bytesMax) {
      this.#segment ??= this.#openAt(this.#position);
      const frame = this.#segment?.scanner.next(syncedEnd);
      if (frame?.damage) this.#note(frame.damage);
      if (frame?.payload === undefined) {
        if (frame?.isAtEnd && this.#goOn()) continue;
        entries.push(this.#lose(syncedEnd - 1));
        continue;
      }
      // After a seek, the segment is walked from its beginning.
      if (frame.offset < this.#position) {
        this.#damage = undefined;
        continue;
      }
      if (frame.offset > this.#position) {
        entries.push(this.#lose(frame.offset - 1));
        if (entries.length === limit.eventsMax) {
          // No room for the event behind it: the next read finds it again.
          this.release();
          break;
        }
      }
      entries.push({ offset: frame.offset, bytes: frame.payload });
      bytes += frame.payload.length;
      this.#position = frame.offset + 1;
      this.#damage = undefined;
    }
    return entries;
  }

  #lose(through: number): LogEntry {
    const reason = this.#damage ?? 'the log was cut off here and went on at a higher number';
    const entry = { offset: this.#position, lost: { through, reason } };
    this.#onError(`${this.#dir} has lost offsets ${entry.offset} to ${through}: ${reason}`);
    this.#position = through + 1;
    return entry;
  }

  #note(damage: { from: number; to: number }): void {
    const { base } = this.#segment!.file;
    this.#damage = `damaged bytes ${damage.from}–${damage.to} of segment ${base}`;
  }

  #openAt(offset: number): OpenSegment | undefined {
    const segments = listSegments(this.#dir);
    const file = segments.findLast(({ base }) => base <= offset) ?? segments[0];
    return file && this.#open(file, offset);
  }

  /** At the end of a segment: to what was written to it in the meantime, else to the next one, if there is one. */
  #goOn(): boolean {
    const { file, scanner } = this.#segment!;
    const next = listSegments(this.#dir).find(({ base }) => base > file.base);
    if (next === undefined) return false;
    // Now that there is a next one, nothing more is written to this one; something may have been since it was looked at.
    const size = scanner.size;
    scanner.refresh();
    if (scanner.size > size) return true;
    const damage = this.#damage;
    this.release();
    this.#damage = damage;
    this.#segment = this.#open(next, this.#position);
    return true;
  }

  #open(file: SegmentFile, offset: number): OpenSegment {
    const { low, end } = this.#state;
    if (offset < low) throw outOfRange(offset, low, end);
    try {
      const fd = fs.openSync(file.path, 'r');
      return { file, fd, scanner: new SegmentScanner(fd, file.base, this.#mark) };
    } catch (cause) {
      // Retention has raised `low` before it deleted the file.
      if (offset < this.#state.low) throw outOfRange(offset, this.#state.low, end);
      throw new EventLogError('failed', `cannot read ${file.path}: ${(cause as Error).message}`, { cause });
    }
  }
}

function outOfRange(offset: number, low: number, end: number): EventLogError {
  return new EventLogError('out-of-range', `offset ${offset} is not in the log, which holds ${low} to ${end}`);
}
