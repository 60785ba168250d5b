import fs from 'node:fs';
import { EventLogError, type LogEntry } from '../event-log.ts';
import { listSegments, type SegmentFile } from './segment-files.ts';
import { SegmentScanner } from './segment-scanner.ts';

interface OpenSegment {
  readonly file: SegmentFile;
  readonly fd: number;
  readonly scanner: SegmentScanner;
}

/**
 * A position in the segments of a folder that moves forward. Events are views into the bytes read, which nothing else
 * uses.
 *
 * Between two good events offsets may be missing, because bytes are damaged or because the log lost its tail and went on
 * at a higher number: the range is delivered as `lost`, in its place, with the reason.
 */
export class SegmentCursor {
  readonly #dir: string;
  readonly #mark: Buffer;
  readonly #bounds: () => { readonly low: number; readonly end: number };
  readonly #onError: (message: string) => void;
  #position: number;
  #segment: OpenSegment | undefined;
  /** Damage passed since the last event delivered. */
  #damage: string | undefined;

  /** @param options.bounds what the folder holds at the moment: retention raises `low` before it deletes a segment. */
  constructor(options: {
    dir: string;
    mark: Buffer;
    position: number;
    bounds: () => { readonly low: number; readonly end: number };
    onError: (message: string) => void;
  }) {
    this.#dir = options.dir;
    this.#mark = options.mark;
    this.#position = options.position;
    this.#bounds = options.bounds;
    this.#onError = options.onError;
  }

  /** Offset of the next entry. */
  get position(): number {
    return this.#position;
  }

  moveTo(offset: number): void {
    this.release();
    this.#position = offset;
  }

  /** Closes the file it reads. */
  release(): void {
    if (this.#segment) fs.closeSync(this.#segment.fd);
    this.#segment = undefined;
    this.#damage = undefined;
  }

  /**
   * The next entries below `end`, at most `eventsMax` and about `bytesMax`; at least one when the position is below `end`.
   *
   * @param end everything below it is in the files, or lost.
   * @throws EventLogError `out-of-range`: retention has deleted the position. `failed`: a segment cannot be read.
   */
  take(end: number, limit: { readonly eventsMax: number; readonly bytesMax: number }): LogEntry[] {
    const entries: LogEntry[] = [];
    let bytes = 0;
    this.#segment?.scanner.refresh();
    while (this.#position < end && entries.length < limit.eventsMax && bytes < limit.bytesMax) {
      this.#segment ??= this.#openAt(this.#position);
      const frame = this.#segment?.scanner.next(end);
      if (frame?.damage) this.#note(frame.damage);
      if (frame?.payload === undefined) {
        if (frame?.isAtEnd && this.#goOn()) continue;
        entries.push(this.#lose(end - 1));
        continue;
      }
      // After a move, the segment is walked from its beginning.
      if (frame.offset < this.#position) {
        this.#damage = undefined;
        continue;
      }
      if (frame.offset > this.#position) {
        entries.push(this.#lose(frame.offset - 1));
        if (entries.length === limit.eventsMax) {
          // No room for the event behind it: the next call finds it again.
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
    const { low, end } = this.#bounds();
    if (offset < low) throw outOfRange(offset, low, end);
    try {
      const fd = fs.openSync(file.path, 'r');
      return { file, fd, scanner: new SegmentScanner(fd, file.base, this.#mark) };
    } catch (cause) {
      // Retention has raised `low` before it deleted the file.
      const now = this.#bounds();
      if (offset < now.low) throw outOfRange(offset, now.low, end);
      throw new EventLogError('failed', `cannot read ${file.path}: ${(cause as Error).message}`, { cause });
    }
  }
}

export function outOfRange(offset: number, low: number, end: number): EventLogError {
  return new EventLogError('out-of-range', `offset ${offset} is not in the log, which holds ${low} to ${end}`);
}
