import { COARSE_SLOTS, FINE_ENTRIES_MAX, UNITS_EACH_MAX } from './rate-limits.ts';

/**
 * What one key has counted: entries of (epoch ms, units), oldest first, and their sum.
 *
 * Entries lie in chunks. A chunk that is full does not change any more, so whoever stores a log writes its last ones only.
 */
export class UnitLog {
  readonly windowMs: number;
  readonly #chunks: LogChunk[];
  /** Within the first chunk: entries before it have left. */
  #from = 0;
  #sum = 0n;
  #length = 0;
  /** Of the youngest entry; −∞ where there is none. */
  #lastAt = Number.NEGATIVE_INFINITY;

  /** @param chunks stored before, by ascending number. */
  constructor(windowMs: number, chunks: readonly LogChunk[] = []) {
    this.windowMs = windowMs;
    this.#chunks = [...chunks];
    for (const { units } of chunks) {
      for (const one of units) this.#sum += BigInt(one);
      this.#length += units.length;
    }
    this.#lastAt = chunks.at(-1)?.times.at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  get length(): number {
    return this.#length;
  }

  /** Of what has not left at the last `moveTo`. */
  get sum(): bigint {
    return this.#sum;
  }

  /** Epoch ms; undefined where nothing is counted. */
  get oldest(): number | undefined {
    return this.#chunks[0]?.times[this.#from];
  }

  /**
   * Lets go what has left by `now`.
   *
   * @param gone called with each chunk that is empty now.
   * @returns the instant to count at: `now`, or that of the youngest entry where the clock was set back. Set back by more
   *   than the window, the log starts anew: else it would count until the clock is there again.
   */
  moveTo(now: number, gone: (chunk: LogChunk) => void): number {
    if (this.#lastAt - now > this.windowMs) {
      for (const chunk of this.#chunks.splice(0)) gone(chunk);
      this.#from = this.#length = 0;
      this.#sum = 0n;
      this.#lastAt = Number.NEGATIVE_INFINITY;
      return now;
    }
    const at = Math.max(now, this.#lastAt);
    const leavesBy = at - this.windowMs;
    for (;;) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) break;
      const { times, units } = chunk;
      while (this.#from < times.length && times[this.#from]! <= leavesBy) {
        this.#sum -= BigInt(units[this.#from]!);
        this.#from++;
        this.#length--;
      }
      if (this.#from < times.length) break;
      this.#from = 0;
      this.#chunks.shift();
      gone(chunk);
    }
    return at;
  }

  /** @param at of `moveTo`. @returns the chunk that has them. */
  add(at: number, units: number): LogChunk {
    this.#sum += BigInt(units);
    this.#lastAt = at;
    const slotMs = this.#length < FINE_ENTRIES_MAX ? 1 : Math.ceil(this.windowMs / COARSE_SLOTS);
    let chunk = this.#chunks[this.#chunks.length - 1];
    if (chunk !== undefined) {
      const i = chunk.times.length - 1;
      const together = chunk.units[i]! + units;
      const isSameSlot = Math.floor(chunk.times[i]! / slotMs) === Math.floor(at / slotMs);
      if (isSameSlot && together <= UNITS_EACH_MAX) {
        chunk.times[i] = at;
        chunk.units[i] = together;
        return chunk;
      }
    }
    if (chunk === undefined || chunk.times.length >= CHUNK_ENTRIES_MAX) {
      chunk = { number: chunk === undefined ? 0 : chunk.number + 1, times: [], units: [] };
      this.#chunks.push(chunk);
    }
    chunk.times.push(at);
    chunk.units.push(units);
    this.#length++;
    return chunk;
  }
}

/** Entries one after the other; at least one. */
export interface LogChunk {
  /** Ascending within a log. */
  readonly number: number;
  /** Epoch ms, ascending. */
  readonly times: number[];
  readonly units: number[];
}

/** A packed chunk of so many lies within one page of LMDB beside others. */
export const CHUNK_ENTRIES_MAX = 120;
