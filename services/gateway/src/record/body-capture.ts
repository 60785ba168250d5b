import type { CapturedBody } from '@throughline/contracts/request-event';

/** Bytes that all calls under way hold together. */
export class CaptureBudget {
  readonly bytesMax: number;
  held = 0;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  /** Grants up to `bytes`. */
  take(bytes: number): number {
    const granted = Math.min(bytes, this.bytesMax - this.held);
    this.held += granted;
    return granted;
  }

  give(bytes: number): void {
    this.held -= bytes;
  }
}

/**
 * Keeps the beginning of one body: references to the chunks as they pass, no copies. Counts every byte, also those
 * beyond its bounds.
 */
export class BodyCapture {
  size = 0;
  truncated = false;
  #bytesMax: number;
  readonly #budget: CaptureBudget;
  #chunks: Uint8Array[] = [];
  #kept = 0;

  /** @param bytesMax 0 keeps nothing and only counts. */
  constructor(bytesMax: number, budget: CaptureBudget) {
    this.#bytesMax = bytesMax;
    this.#budget = budget;
  }

  push(chunk: Uint8Array): void {
    this.size += chunk.length;
    // What is kept is the beginning: after the first gap nothing more is.
    if (this.truncated) return;
    const wanted = Math.min(chunk.length, this.#bytesMax - this.#kept);
    const room = this.#budget.take(wanted);
    this.#kept += room;
    if (room < chunk.length) this.truncated = true;
    if (room > 0) this.#chunks.push(room === chunk.length ? chunk : chunk.subarray(0, room));
  }

  /** What is kept so far, in one piece. */
  bytes(): Uint8Array {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks, this.#kept)];
    return this.#chunks[0]!;
  }

  /** The body as captured. The chunks stay counted in the budget until `release`. */
  toBody(contentType: string, encoding: string): CapturedBody {
    const { size, truncated } = this;
    return { bytes: this.bytes(), size, truncated, content_type: contentType, encoding };
  }

  /** Lets go of the bytes, and keeps nothing of what still comes. May be called more than once. */
  release(): void {
    this.#bytesMax = 0;
    this.#budget.give(this.#kept);
    this.#kept = 0;
    this.#chunks = [];
  }
}
