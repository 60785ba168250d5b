import { type TransferListItem, Worker } from 'node:worker_threads';
import type { Logger } from '@throughline/telemetry/logger';
import { createSeldom } from '@throughline/telemetry/seldom';

/** Why a job came to nothing. */
export type JobFailure =
  /** More waits for the thread than it may, or for longer. */
  | 'overloaded'
  /** The thread has died, does not come to an end, or said that it failed. */
  | 'failed';

/** What a thread answers a job with: what it made of it, or the name of an error. */
export type JobAnswer<Result extends object> =
  | ({ readonly id: number; readonly failure?: undefined } & Result)
  | FailedJob;

export interface FailedJob {
  readonly id: number;
  /** Of an error, whose message could quote a body. */
  readonly failure: string;
}

export interface JobThreadOptions {
  readonly name: string;
  /** The thread's code. */
  readonly entry: URL;
  /** What it is started with. */
  readonly data?: unknown;
  /** Of what waits for the thread, together. */
  readonly queueBytesMax: number;
  /** So long a job waits for its turn at most. */
  readonly waitMs?: number | undefined;
  /** Without an answer for so long, the thread is ended and another one started. */
  readonly stallMs?: number | undefined;
  /** Said in the log when a job fails. */
  readonly complaint: string;
  readonly logger: Logger;
}

/** Longer than the largest bodies take. */
const WAIT_MS = 10_000;
const STALL_MS = 60_000;
/** Ten times what the largest bodies need; beyond it the thread is ended, not the process. */
const HEAP_MB_MAX = 1_024;
const RESTART_MS = 1_000;
/** Within the time that is waited: it is kept to a quarter more. */
const CHECKS = 4;
const WARN_EVERY_MS = 10_000;

interface Waiting<Result> {
  readonly bytes: number;
  readonly resolve: (outcome: Result | JobFailure) => void;
  /** `performance.now`. */
  readonly since: number;
  /** Nobody waits for it any more; the thread has it still. */
  isGivenUp: boolean;
}

/** A thread for what takes longer than other calls should wait: one job after the other, in bounds of bytes and time. */
export class JobThread<Job extends object, Result extends object> {
  readonly #options: JobThreadOptions;
  readonly #waiting = new Map<number, Waiting<Result>>();
  #waitingBytes = 0;
  #nextId = 0;
  #thread: Worker | undefined;
  #startedAt = Number.NEGATIVE_INFINITY;
  #answeredAt = 0;
  #watch: NodeJS.Timeout | undefined;
  readonly #isTimeToWarn = createSeldom(WARN_EVERY_MS);
  #isClosed = false;

  constructor(options: JobThreadOptions) {
    this.#options = options;
    this.#start();
  }

  /** Bytes that wait for the thread. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /**
   * Never rejects.
   *
   * @param bytes that the job holds. @param open makes the job and what is handed over with it, once there is room for it.
   */
  run(bytes: number, open: () => { job: Job; transfer: readonly TransferListItem[] }): Promise<Result | JobFailure> {
    if (this.#waitingBytes + bytes > this.#options.queueBytesMax) return Promise.resolve('overloaded');
    this.#start();
    const thread = this.#thread;
    if (!thread) return Promise.resolve('failed');
    return new Promise((resolve) => {
      const id = this.#nextId++;
      if (this.#waiting.size === 0) this.#watchThread();
      this.#waiting.set(id, { bytes, resolve, since: performance.now(), isGivenUp: false });
      this.#waitingBytes += bytes;
      const { job, transfer } = open();
      thread.postMessage({ ...job, id }, transfer);
    });
  }

  /** Ends the thread. What still waits for it has failed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const thread = this.#thread;
    this.#thread = undefined;
    this.#failAll();
    await thread?.terminate();
  }

  #start(): void {
    const now = performance.now();
    if (this.#thread || this.#isClosed || now - this.#startedAt < RESTART_MS) return;
    this.#startedAt = now;
    const { name, entry, data } = this.#options;
    const thread = new Worker(entry, {
      name,
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
    });
    // Nobody stays for it alone.
    thread.unref();
    thread.on('message', (answer: JobAnswer<Result>) => this.#onAnswer(answer));
    thread.on('error', (error) => this.#onFailure(thread, error.name));
    thread.on('exit', () => this.#onFailure(thread, 'exit'));
    this.#thread = thread;
  }

  #onAnswer(answer: JobAnswer<Result>): void {
    this.#answeredAt = performance.now();
    const waiting = this.#waiting.get(answer.id);
    if (!waiting) return;
    this.#waiting.delete(answer.id);
    this.#waitingBytes -= waiting.bytes;
    if (this.#waiting.size === 0) clearInterval(this.#watch);
    if (waiting.isGivenUp) return;
    if (answer.failure === undefined) waiting.resolve(answer);
    else {
      this.#warn(answer.failure);
      waiting.resolve('failed');
    }
  }

  #onFailure(thread: Worker, name: string): void {
    if (thread !== this.#thread) return;
    this.#thread = undefined;
    this.#warn(name);
    this.#failAll();
    void thread.terminate();
  }

  #watchThread(): void {
    const { stallMs = STALL_MS, waitMs = WAIT_MS } = this.#options;
    this.#answeredAt = performance.now();
    const check = () => {
      const now = performance.now();
      if (this.#thread && now - this.#answeredAt > stallMs) return this.#onFailure(this.#thread, 'stalled');
      for (const waiting of this.#waiting.values()) {
        // In the order in which they came.
        if (now - waiting.since <= waitMs) break;
        if (waiting.isGivenUp) continue;
        waiting.isGivenUp = true;
        waiting.resolve('overloaded');
      }
    };
    this.#watch = setInterval(check, Math.min(stallMs, waitMs) / CHECKS).unref();
  }

  #failAll(): void {
    clearInterval(this.#watch);
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#waitingBytes = 0;
    for (const { resolve, isGivenUp } of all) if (!isGivenUp) resolve('failed');
  }

  /** At most one line in ten seconds. @param name of the error: its message could quote a body. */
  #warn(name: string): void {
    if (this.#isClosed || !this.#isTimeToWarn()) return;
    const { complaint, logger } = this.#options;
    logger.error({ error: name }, complaint);
  }
}
