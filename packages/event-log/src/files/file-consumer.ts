import { type EventLogConsumer, EventLogError, type PartitionReader } from '../event-log.ts';
import { FilePartitionReader } from './file-partition-reader.ts';
import { LOCAL_PARTITION } from './frame-groups.ts';
import { readLogMeta } from './log-meta.ts';
import { type SharedLog, SharedLogState } from './shared-log.ts';

/** A log folder as a reader finds it. `shared` comes from the appender that has the folder open in this process. */
export interface FileConsumerOptions {
  readonly dir: string;
  readonly shared: SharedLog;
  /** Events cannot be read and are delivered as `lost`: once per range and reading. */
  readonly onError?: (message: string) => void;
}

/**
 * Reads a log that another thread of this process (or this one) writes. The one partition is owned from `run` to `close`.
 *
 * @throws EventLogError `mismatch`: the folder holds another log than the appender's.
 */
export function openFileConsumer(options: FileConsumerOptions): EventLogConsumer {
  const meta = readLogMeta(options.dir);
  if (meta?.logId !== options.shared.logId) {
    throw new EventLogError('mismatch', `${options.dir} does not hold the log ${options.shared.logId}`);
  }
  return new FileConsumer(options, meta.mark);
}

class FileConsumer implements EventLogConsumer {
  readonly #dir: string;
  readonly #mark: Buffer;
  readonly #shared: SharedLog;
  readonly #onError: (message: string) => void;
  readonly #revocation = new AbortController();
  #running: Promise<void> | undefined;

  constructor({ dir, shared, onError }: FileConsumerOptions, mark: Buffer) {
    this.#dir = dir;
    this.#mark = mark;
    this.#shared = shared;
    this.#onError = onError ?? (() => {});
  }

  run(
    owner: (reader: PartitionReader) => Promise<void>,
    onError: (partition: number, error: unknown) => void,
  ): Promise<void> {
    if (this.#running) throw new EventLogError('failed', 'this consumer runs already');
    this.#running = this.#own(owner, onError);
    return this.#running;
  }

  async close(): Promise<void> {
    this.#revocation.abort();
    await this.#running;
  }

  async #own(
    owner: (reader: PartitionReader) => Promise<void>,
    onError: (partition: number, error: unknown) => void,
  ): Promise<void> {
    if (this.#revocation.signal.aborted) return;
    const reader = new FilePartitionReader({
      dir: this.#dir,
      logId: this.#shared.logId,
      mark: this.#mark,
      state: new SharedLogState(this.#shared.memory),
      revoked: this.#revocation.signal,
      onError: this.#onError,
    });
    try {
      await owner(reader);
    } catch (error) {
      onError(LOCAL_PARTITION, error);
    } finally {
      reader.release();
    }
  }
}
