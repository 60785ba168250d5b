/** How many calls each key has under way. */
export class OpenCallsPerKey {
  readonly #max: number;
  readonly #open = new Map<string, number>();

  /** @param max 0: no bound, and nothing is counted. */
  constructor(max: number) {
    this.#max = max;
  }

  /** @param key id of a key; `''` for all calls without a valid one. @returns false when it has as many as it may. */
  take(key: string): boolean {
    if (this.#max === 0) return true;
    const open = this.#open.get(key) ?? 0;
    if (open >= this.#max) return false;
    this.#open.set(key, open + 1);
    return true;
  }

  /** Once for each call that was let in. */
  give(key: string): void {
    if (this.#max === 0) return;
    const open = this.#open.get(key)! - 1;
    if (open === 0) this.#open.delete(key);
    else this.#open.set(key, open);
  }
}
