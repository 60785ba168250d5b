import { murmur3 } from '@throughline/contracts/partition';
import type { StringsBound } from './session-bounds.ts';
import type { BoundedStrings } from './session-state.ts';

export const NO_STRINGS: BoundedStrings = { values: [], overflowed: false };

/**
 * Adds strings to a bounded set, many at a time, without touching the set it started from.
 *
 * What is kept depends on the strings alone, not on their order or number: of all those at most `charsMax` long, the
 * `countMax` smallest by (murmur3 of their UTF-8, the string itself). A string in the final set is among the smallest of
 * any part of the input, so it was never dropped on the way.
 */
export class StringsCollector {
  readonly #start: BoundedStrings;
  readonly #bound: StringsBound;
  #set: Set<string> | undefined;
  #smallest: SmallestByHash | undefined;
  #overflowed: boolean;
  #last: string | undefined;

  constructor(start: BoundedStrings, bound: StringsBound) {
    this.#start = start;
    this.#bound = bound;
    this.#overflowed = start.overflowed;
  }

  add(value: string): void {
    // Calls of one session mostly repeat the value of the call before.
    if (value === this.#last) return;
    this.#last = value;
    if (value.length > this.#bound.charsMax) {
      this.#overflowed = true;
      return;
    }
    if (this.#set === undefined) {
      const { values } = this.#start;
      if (values.length <= SCAN_MAX && values.includes(value)) return;
      this.#set = new Set(values);
    }
    const set = this.#set;
    if (set.has(value)) return;
    this.#smallest ??= new SmallestByHash(this.#bound.countMax);
    const leaver = this.#smallest.admit(value, set);
    if (leaver !== undefined) this.#overflowed = true;
    if (leaver === value) return;
    if (leaver !== undefined) set.delete(leaver);
    set.add(value);
  }

  /** The set it started from when nothing changed. */
  result(): BoundedStrings {
    const changed = this.#set !== undefined || this.#overflowed !== this.#start.overflowed;
    if (!changed) return this.#start;
    return { values: this.#set ? [...this.#set].sort() : this.#start.values, overflowed: this.#overflowed };
  }
}

/** Up to this many members, comparing them in turn is faster than making a `Set` of them. */
const SCAN_MAX = 16;

/** The keys of a map or set that may stay when there is room for `countMax`: those smallest by (hash, key). */
export class SmallestByHash {
  readonly #countMax: number;
  /** Ascending, complete; made when a key first comes to a full map, because until then nothing needs a hash. */
  #ranked: Ranked[] | undefined;

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  /**
   * @param key one that is not held. @param held the keys held; only this object removes any once it is full.
   * @returns the key that has to go: `key` itself or one held. Undefined while there is room.
   */
  admit(key: string, held: { readonly size: number; keys(): Iterable<string> }): string | undefined {
    if (held.size < this.#countMax) return undefined;
    if (this.#ranked === undefined) {
      this.#ranked = Array.from(held.keys(), (heldKey) => ({ hash: hashOf(heldKey), key: heldKey }));
      this.#ranked.sort(compareRank);
    }
    const ranked = this.#ranked;
    const candidate = { hash: hashOf(key), key };
    if (ranked.length === 0 || compareRank(candidate, ranked[ranked.length - 1]!) > 0) return key;
    ranked.splice(insertionPoint(ranked, candidate), 0, candidate);
    return ranked.pop()!.key;
  }
}

interface Ranked {
  readonly hash: number;
  readonly key: string;
}

function compareRank(a: Ranked, b: Ranked): number {
  return a.hash - b.hash || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

function insertionPoint(ranked: readonly Ranked[], candidate: Ranked): number {
  let low = 0;
  let high = ranked.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareRank(ranked[middle]!, candidate) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Large enough for every string within the bounds of `session-bounds.ts`.
const scratch = Buffer.allocUnsafe(4_096);

function hashOf(text: string): number {
  if (text.length * 3 > scratch.length) return murmur3(Buffer.from(text, 'utf8'));
  return murmur3(scratch.subarray(0, scratch.write(text, 'utf8')));
}
