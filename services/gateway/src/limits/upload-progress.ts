/** Less than this in the time given is no progress: a thousandth of what a slow telephone sends. */
export const PROGRESS_BYTES = 1_024;

/** Whether a request body gets on, looked at every now and then: no timer for each of them. */
export class UploadProgress {
  #bytes = 0;
  #at: number;

  /** @param now `performance.now`. */
  constructor(now: number) {
    this.#at = now;
  }

  /**
   * @param bytes received so far. @param isHeld nobody reads at present, so that nothing can come.
   * @returns false when less than `PROGRESS_BYTES` came for longer than `idleMs`.
   */
  isMoving(bytes: number, isHeld: boolean, idleMs: number, now: number): boolean {
    if (isHeld || bytes - this.#bytes >= PROGRESS_BYTES) {
      this.#bytes = bytes;
      this.#at = now;
      return true;
    }
    return now - this.#at <= idleMs;
  }
}
