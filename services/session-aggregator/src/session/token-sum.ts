/** A sum of whole numbers without limit: a bigint that most additions do not touch, because converting costs most. */
export class TokenSum {
  #whole: bigint;
  #pending = 0;

  constructor(start: bigint = 0n) {
    this.#whole = start;
  }

  /** @param value a whole number of 0–2^53. */
  add(value: number): void {
    if (this.#pending + value > Number.MAX_SAFE_INTEGER) this.#settle();
    this.#pending += value;
  }

  addBigint(value: bigint): void {
    this.#whole += value;
  }

  result(): bigint {
    if (this.#pending !== 0) this.#settle();
    return this.#whole;
  }

  #settle(): void {
    this.#whole += BigInt(this.#pending);
    this.#pending = 0;
  }
}

/** A count as rows may carry it, null for none said, → a whole number of 0–2^53 − 1: totals never fail on one odd row. */
export function wholeNumber(value: number | null): number {
  if (value === null || !(value > 0)) return 0;
  if (Number.isSafeInteger(value)) return value;
  return Math.min(Math.round(value), Number.MAX_SAFE_INTEGER);
}
