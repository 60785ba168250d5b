import fs from 'node:fs';
import path from 'node:path';
import { EventLogError } from '../event-log.ts';
import type { LogFileSystem } from './log-file-system.ts';

/** More than any control event needs, so that a disk with a few bytes left does not look free. */
const PROBE_BYTES = 256 * 1024;

const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Why the log cannot be written at the moment; tries by itself whether it can again. */
export class WriteObstacle {
  readonly #dir: string;
  readonly #probeIntervalMs: number;
  readonly #onRaised: (message: string) => void;
  readonly #onCleared: () => void;
  readonly #retry: () => Promise<boolean>;
  #error: EventLogError | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  /** @param options.retry whether it works again; must not reject. `onRaised`: once per incident. */
  constructor(options: {
    dir: string;
    probeIntervalMs: number;
    retry: () => Promise<boolean>;
    onRaised: (message: string) => void;
    onCleared: () => void;
  }) {
    this.#dir = options.dir;
    this.#probeIntervalMs = options.probeIntervalMs;
    this.#retry = options.retry;
    this.#onRaised = options.onRaised;
    this.#onCleared = options.onCleared;
  }

  get error(): EventLogError | undefined {
    return this.#error;
  }

  /** @returns what appends are refused with from now on: `full` when the disk has no room, else `failed`. */
  raise(what: string, cause: unknown): EventLogError {
    const reason = cause as NodeJS.ErrnoException;
    const message = `${what} in ${this.#dir}: ${reason.message}`;
    const code = NO_ROOM.has(reason.code ?? '') ? 'full' : 'failed';
    if (this.#error === undefined) this.#onRaised(`${message}; calls are not recorded until it can`);
    this.#error = new EventLogError(code, message, { cause, retryable: true });
    this.#scheduleRetry();
    return this.#error;
  }

  async retryNow(): Promise<void> {
    if (this.#error === undefined || !(await this.#retry())) return;
    this.#error = undefined;
    this.#onCleared();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #scheduleRetry(): void {
    if (this.#timer !== undefined || this.#isStopped) return;
    this.#timer = setTimeout(async () => {
      await this.retryNow();
      this.#timer = undefined;
      if (this.#error) this.#scheduleRetry();
    }, this.#probeIntervalMs).unref();
  }
}

/**
 * Writes a small file and deletes it again: only a write that is really made knows of quotas and reserved blocks.
 *
 * @throws when the disk does not take it.
 */
export function probeDisk(files: LogFileSystem, dir: string): void {
  const file = path.join(dir, 'probe');
  const fd = files.openSync(file, fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_TRUNC);
  try {
    if (files.writevSync(fd, [Buffer.alloc(PROBE_BYTES)], 0) < PROBE_BYTES) throw new Error('no room');
  } finally {
    files.closeSync(fd);
    files.unlinkSync(file);
  }
}
