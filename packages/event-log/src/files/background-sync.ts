/**
 * Runs one sync at a time: at once when none ran within the interval, else at its end. So a lone event is synced within
 * one `fdatasync`, and a busy log is synced once per interval.
 */
export class BackgroundSync {
  readonly #intervalMs: number;
  readonly #sync: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isWanted = false;
  #isStopped = false;
  #lastStartMs = Number.NEGATIVE_INFINITY;

  /** @param sync must not reject. */
  constructor(intervalMs: number, sync: () => Promise<void>) {
    this.#intervalMs = intervalMs;
    this.#sync = sync;
  }

  /** Something was written. */
  request(): void {
    this.#isWanted = true;
    if (this.#isStopped || this.#timer !== undefined || this.#running !== undefined) return;
    const waitMs = this.#lastStartMs + this.#intervalMs - performance.now();
    if (waitMs <= 0) this.#start();
    else {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#start();
      }, waitMs);
    }
  }

  /** A sync that begins after this call has ended. */
  async now(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#running) await this.#running;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#start();
  }

  /** No sync begins after this has resolved. @param isLastWanted whether one more is run first. */
  async stop(isLastWanted: boolean): Promise<void> {
    this.#isStopped = true;
    if (isLastWanted) await this.now();
    clearTimeout(this.#timer);
    await this.#running;
  }

  #start(): Promise<void> {
    this.#isWanted = false;
    this.#lastStartMs = performance.now();
    this.#running = this.#sync().finally(() => {
      this.#running = undefined;
      if (this.#isWanted) this.request();
    });
    return this.#running;
  }
}
