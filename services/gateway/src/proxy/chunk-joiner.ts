/** Shorter chunks go with the one behind them (wire contract 1.4). */
export const SHORT_BYTES = 50;

/**
 * Chunks of a stream, so that a short one and the one behind it are one: for clients that take each chunk for a whole event.
 * None waits for more than the next chunk, or the end.
 */
export class ChunkJoiner {
  #short: Buffer | undefined;

  /** @returns what goes on now. */
  push(chunk: Buffer): Buffer | undefined {
    const short = this.#short;
    if (short) {
      this.#short = undefined;
      return Buffer.concat([short, chunk]);
    }
    if (chunk.length >= SHORT_BYTES) return chunk;
    this.#short = chunk;
    return undefined;
  }

  /** @returns what nothing came behind. */
  end(): Buffer | undefined {
    const short = this.#short;
    this.#short = undefined;
    return short;
  }
}
