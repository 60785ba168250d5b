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
  #isChanged = false;
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
    const { values } = this.#start;
    if (this.#set === undefined && values.length <= SCAN_MAX && values.includes(value)) return;
    this.#smallest ??= new SmallestByHash(this.#bound.countMax, this.#start);
    if (this.#set === undefined) {
      // A value of its own in each call is told from one kept by its hash alone, once the set is full.
      if (values.length >= this.#bound.countMax && this.#smallest.excludes(value)) {
        this.#overflowed = true;
        return;
      }
      this.#set = new Set(values);
    }
    const set = this.#set;
    if (set.has(value)) return;
    const leaver = this.#smallest.admit(value, set);
    if (leaver !== undefined) this.#overflowed = true;
    if (leaver === value) return;
    if (leaver !== undefined) set.delete(leaver);
    set.add(value);
    this.#isChanged = true;
  }

  /** The set it started from when nothing changed. */
  result(): BoundedStrings {
    const isSame = !this.#isChanged && this.#overflowed === this.#start.overflowed;
    const values = this.#isChanged ? [...this.#set!].sort() : this.#start.values;
    const result = isSame ? this.#start : { values, overflowed: this.#overflowed };
    if (values.length >= this.#bound.countMax) this.#smallest?.remember(result);
    return result;
  }
}

/** Up to this many members, comparing them in turn is faster than making a `Set` of them. */
const SCAN_MAX = 16;

/** Full sets and maps that were ranked once → their largest key, so that the next batch need not rank them again. */
const largestOf = new WeakMap<object, Ranked>();

/** The keys of a map or set that may stay when there is room for `countMax`: those smallest by (hash, key). */
export class SmallestByHash {
  readonly #countMax: number;
  /** Ascending, complete; made when a key first comes to a full map, because until then nothing needs a hash. */
  #ranked: Ranked[] | undefined;
  /** Of a full map: no key beyond it has a place. */
  #largest: Ranked | undefined;

  /** @param start what holds the keys at first, when it may have been another collector's result. */
  constructor(countMax: number, start?: object) {
    this.#countMax = countMax;
    this.#largest = start && largestOf.get(start);
  }

  /** True when the map is known to be full of smaller keys: `key` is not held and has no place. */
  excludes(key: string): boolean {
    return this.#largest !== undefined && compareRank({ hash: hashOf(key), key }, this.#largest) > 0;
  }

  /**
   * @param key one that is not held. @param held the keys held; only this object removes any once it is full.
   * @returns the key that has to go: `key` itself or one held. Undefined while there is room.
   */
  admit(key: string, held: { readonly size: number; keys(): Iterable<string> }): string | undefined {
    if (held.size < this.#countMax) return undefined;
    const candidate = { hash: hashOf(key), key };
    if (this.#largest !== undefined && compareRank(candidate, this.#largest) > 0) return key;
    if (this.#ranked === undefined) {
      this.#ranked = Array.from(held.keys(), (heldKey) => ({ hash: hashOf(heldKey), key: heldKey }));
      this.#ranked.sort(compareRank);
    }
    const ranked = this.#ranked;
    ranked.splice(insertionPoint(ranked, candidate), 0, candidate);
    const leaver = ranked.pop()!;
    this.#largest = ranked.at(-1);
    return leaver.key;
  }

  /** @param result what holds the keys from now on, full; it never changes. */
  remember(result: object): void {
    if (this.#largest !== undefined) largestOf.set(result, this.#largest);
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
