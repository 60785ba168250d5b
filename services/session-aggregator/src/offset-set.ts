/** Offsets as ranges, added in ascending order: a million of them in a row cost as much as one. */
export class OffsetSet {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #count = 0;

  /** How many offsets. */
  get count(): number {
    return this.#count;
  }

  /** Infinity when empty, so that it loses against any other. */
  get first(): number {
    return this.#starts[0] ?? Number.POSITIVE_INFINITY;
  }

  /** −Infinity when empty. */
  get last(): number {
    return this.#ends.at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  /** Adds [from, through]; what lies at or below the last offset added before is left out. */
  add(from: number, through: number): void {
    const start = Math.max(from, this.last + 1);
    if (start > through) return;
    if (start === this.last + 1) {
      this.#ends[this.#ends.length - 1] = through;
    } else {
      this.#starts.push(start);
      this.#ends.push(through);
    }
    this.#count += through - start + 1;
  }

  /** Adds what of [from, through] is not in `other`. */
  addExcept(from: number, through: number, other: OffsetSet): void {
    let next = from;
    for (let i = other.#indexFrom(from); i < other.#starts.length && other.#starts[i]! <= through; i++) {
      this.add(next, other.#starts[i]! - 1);
      next = Math.max(next, other.#ends[i]! + 1);
    }
    this.add(next, through);
  }

  has(offset: number): boolean {
    const index = this.#indexFrom(offset);
    return index < this.#starts.length && this.#starts[index]! <= offset;
  }

  /** Of the first range that ends at or behind `offset`. */
  #indexFrom(offset: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ends[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
