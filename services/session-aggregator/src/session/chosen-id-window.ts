/**
 * The last so many caller-chosen request ids of a session by the offset of their use: what a retry is told from. Adding
 * in any order gives the same ids.
 */
export class ChosenIdWindow {
  readonly #start: ReadonlyMap<string, number>;
  readonly #max: number;
  /** Ascending by offset while `#isOrdered`. */
  #offsets: Map<string, number> | undefined;
  #lastOffset = -1;
  #isOrdered = true;

  /** @param start ascending by offset, as states keep them. */
  constructor(start: ReadonlyMap<string, number>, max: number) {
    this.#start = start;
    this.#max = max;
  }

  add(id: string, offset: number): void {
    const offsets = this.#offsets ?? this.#copyStart();
    const before = offsets.get(id);
    if (before !== undefined) {
      // Used, forgotten and used again: the later use is the one that counts from then on.
      if (offset < before) return;
      offsets.delete(id);
    }
    offsets.set(id, offset);
    if (offset < this.#lastOffset) this.#isOrdered = false;
    else this.#lastOffset = offset;
    if (offsets.size <= this.#max) return;
    if (this.#isOrdered) offsets.delete(offsets.keys().next().value!);
    // Out of order the oldest is not the first: sort, but not at each addition.
    else if (offsets.size > this.#max * 2) this.#sort();
  }

  result(): ReadonlyMap<string, number> {
    if (this.#offsets === undefined) return this.#start;
    if (!this.#isOrdered) this.#sort();
    return this.#offsets;
  }

  #copyStart(): Map<string, number> {
    this.#offsets = new Map(this.#start);
    for (const offset of this.#start.values()) this.#lastOffset = offset;
    return this.#offsets;
  }

  #sort(): void {
    const entries = [...this.#offsets!].sort((a, b) => a[1] - b[1]);
    this.#offsets = new Map(entries.slice(-this.#max));
  }
}
