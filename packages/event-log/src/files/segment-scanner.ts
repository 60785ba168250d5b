import fs from 'node:fs';
import {
  FRAME_HEADER_BYTES,
  FRAME_MARK_BYTES,
  frameLength,
  frameOffset,
  frameReceivedAtMs,
  isIntact,
} from './frame.ts';

/** Bytes read at a time: large enough that a system call per chunk does not matter, small enough not to stall. */
const CHUNK_BYTES = 1024 * 1024;

/** Bytes of a segment that hold no good frame. */
export interface DamagedRange {
  readonly from: number;
  readonly to: number;
}

export interface ScannedFrame {
  readonly offset: number;
  readonly receivedAtMs: number;
  /** View into the bytes read, not a copy. */
  readonly payload: Buffer;
  /** Byte position behind the frame. */
  readonly end: number;
  /** What was skipped to find this frame. */
  readonly damage: DamagedRange | undefined;
}

/** There is no good frame between the position and the end of the file, or the first frame beyond the limit. */
export interface NoFrame {
  readonly payload?: undefined;
  readonly isAtEnd: boolean;
  readonly damage: DamagedRange | undefined;
}

/**
 * Walks the good frames of one segment file. Damaged bytes (no mark, wrong CRC, impossible length or offset) are skipped
 * to the next good frame. Bytes are read again after each `refresh`, because those behind the synced end may change.
 */
export class SegmentScanner {
  readonly base: number;
  readonly #fd: number;
  readonly #mark: Buffer;
  readonly #chunkBytes: number;
  #position = 0;
  #size = 0;
  #nextOffsetMin: number;
  #chunk: Buffer = Buffer.alloc(0);
  #chunkStart = 0;

  constructor(fd: number, base: number, mark: Buffer, chunkBytes = CHUNK_BYTES) {
    this.#fd = fd;
    this.#chunkBytes = chunkBytes;
    this.base = base;
    this.#mark = mark;
    this.#nextOffsetMin = base;
    this.refresh();
  }

  /** Byte position behind the last frame taken. */
  get position(): number {
    return this.#position;
  }

  get size(): number {
    return this.#size;
  }

  /** Look at the file as it is now. */
  refresh(): void {
    this.#size = fs.fstatSync(this.#fd).size;
    this.#chunk = Buffer.alloc(0);
  }

  /**
   * The next good frame below `offsetEnd`. When there is none, the position stays where it was, so that the same bytes
   * are looked at again after a refresh.
   */
  next(offsetEnd: number): ScannedFrame | NoFrame {
    let at = this.#position;
    const damageUpTo = (to: number) => (to > this.#position ? { from: this.#position, to } : undefined);
    while (this.#size - at >= FRAME_HEADER_BYTES) {
      const length = frameLength(this.#bytes(at, FRAME_HEADER_BYTES), this.#mark);
      if (length !== undefined && length <= this.#size - at) {
        const frame = this.#bytes(at, length);
        const offset = frameOffset(frame);
        if (this.#isPlausible(offset, at) && isIntact(frame)) {
          const damage = damageUpTo(at);
          if (offset >= offsetEnd) return { isAtEnd: false, damage };
          this.#position = at + length;
          this.#nextOffsetMin = offset + 1;
          const payload = frame.subarray(FRAME_HEADER_BYTES);
          return { offset, receivedAtMs: frameReceivedAtMs(frame), payload, end: this.#position, damage };
        }
      }
      at = this.#findMark(at + 1);
    }
    return { isAtEnd: true, damage: damageUpTo(this.#size) };
  }

  // Offsets are dense within a segment, so a frame's place in the file bounds its number.
  #isPlausible(offset: number, at: number): boolean {
    return offset >= this.#nextOffsetMin && offset <= this.base + Math.floor(at / FRAME_HEADER_BYTES);
  }

  #findMark(from: number): number {
    let at = from;
    while (this.#size - at >= FRAME_HEADER_BYTES) {
      const window = this.#bytes(at, Math.min(this.#chunkBytes, this.#size - at));
      const found = window.indexOf(this.#mark);
      if (found >= 0) return at + found;
      at += window.length - (FRAME_MARK_BYTES - 1);
    }
    return this.#size;
  }

  #bytes(at: number, length: number): Buffer {
    const start = at - this.#chunkStart;
    if (start >= 0 && start + length <= this.#chunk.length) return this.#chunk.subarray(start, start + length);
    const wanted = Math.min(Math.max(length, this.#chunkBytes), this.#size - at);
    const chunk = Buffer.allocUnsafeSlow(wanted);
    let filled = 0;
    while (filled < wanted) {
      const count = fs.readSync(this.#fd, chunk, filled, wanted - filled, at + filled);
      // The writer cut its unfinished tail since the refresh.
      if (count === 0) break;
      filled += count;
    }
    this.#chunk = chunk.fill(0, filled);
    this.#chunkStart = at;
    return this.#chunk.subarray(0, length);
  }
}
