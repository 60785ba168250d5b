/**
 * What the writer of a log tells its readers in other threads of the process. A plain object that can be posted to them
 * (`postMessage`, `workerData`): the memory is shared, not copied.
 */
export interface SharedLog {
  readonly logId: string;
  readonly memory: SharedArrayBuffer;
}

const SYNCED_END = 0;
const END = 1;
const LOW = 2;
const COMMITTED = 3;
const POSITIONS = 4;

/** A view of the shared memory. Positions are offsets; ends are exclusive. */
export class SharedLogState {
  readonly #positions: BigInt64Array;
  readonly #changes: Int32Array;
  #waiting = false;
  #onChange: (() => void) | undefined;

  static allocate(): SharedArrayBuffer {
    const memory = new SharedArrayBuffer(POSITIONS * 8 + 8);
    new BigInt64Array(memory, 0, POSITIONS)[COMMITTED] = -1n;
    return memory;
  }

  constructor(memory: SharedArrayBuffer) {
    this.#positions = new BigInt64Array(memory, 0, POSITIONS);
    this.#changes = new Int32Array(memory, POSITIONS * 8, 2);
  }

  /** Every event below it is synced: readers go so far. */
  get syncedEnd(): number {
    return this.#get(SYNCED_END);
  }
  set syncedEnd(end: number) {
    this.#set(SYNCED_END, end);
  }

  /** Offset of the next event. */
  get end(): number {
    return this.#get(END);
  }
  set end(end: number) {
    this.#set(END, end);
  }

  /** Oldest offset kept. */
  get low(): number {
    return this.#get(LOW);
  }
  set low(low: number) {
    this.#set(LOW, low);
  }

  /** Everything up to and including it is in the stores; −1 until a reader has said so. */
  get committed(): number {
    return this.#get(COMMITTED);
  }
  set committed(offset: number) {
    this.#set(COMMITTED, offset);
  }

  /** Wakes whoever waits, in every thread. */
  notifyChange(): void {
    Atomics.add(this.#changes, 0, 1);
    Atomics.notify(this.#changes, 0);
  }

  /**
   * Resolves at the next change, after `waitMs`, or at once when `isReady` already holds. One caller at a time. Costs
   * nothing while it waits.
   */
  async change(isReady: () => boolean, waitMs: number): Promise<void> {
    // Looked at after arming: a change in between has woken the waiter that is armed.
    if (!this.#arm() || isReady() || waitMs <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#onChange = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#onChange = undefined;
  }

  /** Ends this view's own wait. */
  wakeUp(): void {
    this.#onChange?.();
  }

  // One waiter stays armed over many timed-out waits: each would else be kept by the engine until the next change.
  #arm(): boolean {
    if (this.#waiting) return true;
    const wait = Atomics.waitAsync(this.#changes, 0, Atomics.load(this.#changes, 0));
    // The count changed between the two calls: there is something to look at already.
    if (!wait.async) return false;
    this.#waiting = true;
    void wait.value.then(() => {
      this.#waiting = false;
      this.#onChange?.();
    });
    return true;
  }

  #get(index: number): number {
    return Number(Atomics.load(this.#positions, index));
  }

  #set(index: number, value: number): void {
    Atomics.store(this.#positions, index, BigInt(value));
  }
}
