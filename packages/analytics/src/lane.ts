import { AnalyticsError } from './analytics-store.ts';

/** Connections that each run one task at a time, and a bounded queue in front of them. */
export interface Lane<Connection> {
  /**
   * Run a task on the next free connection, first come first served.
   *
   * The promise rejects with `cancelled` as soon as `signal` fires. A task that had begun keeps its connection until it
   * really ends; `onAbandoned` may hurry that.
   *
   * @throws AnalyticsError `unavailable` (retryable) when the queue is full, `closed` after `close`.
   */
  run<T>(
    task: (connection: Connection) => Promise<T>,
    options?: { readonly signal?: AbortSignal; readonly onAbandoned?: () => void },
  ): Promise<T>;
  /** Run a task of the caller's own while no other one runs. Those that come in the meantime wait, as in `run`. */
  runAlone<T>(task: () => Promise<T>): Promise<T>;
  readonly waiting: number;
  readonly running: number;
  /** Rejects what waits; resolves when nothing runs any more. */
  close(): Promise<void>;
}

interface Waiting<Connection> {
  start(connection: Connection): void;
  refuse(error: AnalyticsError): void;
}

export function createLane<Connection>(connections: readonly Connection[], queueMax: number): Lane<Connection> {
  const free = [...connections];
  const queue = new Set<Waiting<Connection>>();
  let closed = false;
  let idle: (() => void) | undefined;

  function release(connection: Connection): void {
    const [next] = queue;
    if (next) {
      queue.delete(next);
      next.start(connection);
      return;
    }
    free.push(connection);
    if (free.length === connections.length) idle?.();
  }

  function run<T>(
    task: (connection: Connection) => Promise<T>,
    { signal, onAbandoned }: { readonly signal?: AbortSignal; readonly onAbandoned?: () => void } = {},
  ): Promise<T> {
    if (closed) return Promise.reject(closedError());
    if (signal?.aborted) return Promise.reject(cancelled(signal));
    if (free.length === 0 && queue.size >= queueMax) {
      const message = `${queueMax} queries wait for the analytics store already; try again in a moment`;
      return Promise.reject(new AnalyticsError('unavailable', message, { retryable: true }));
    }
    return new Promise<T>((resolve, reject) => {
      let begun = false;
      const onAbort = () => {
        queue.delete(waiting);
        reject(cancelled(signal!));
        if (begun) onAbandoned?.();
      };
      const waiting: Waiting<Connection> = {
        refuse(error) {
          signal?.removeEventListener('abort', onAbort);
          reject(error);
        },
        start(connection) {
          begun = true;
          // Settling after an abort changes nothing: the promise is rejected already.
          attempt(task, connection)
            .then(resolve, reject)
            .finally(() => {
              signal?.removeEventListener('abort', onAbort);
              release(connection);
            });
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const connection = free.shift();
      if (connection === undefined) queue.add(waiting);
      else waiting.start(connection);
    });
  }

  async function runAlone<T>(task: () => Promise<T>): Promise<T> {
    const over = Promise.withResolvers<void>();
    const begun = connections.map(
      () =>
        new Promise<void>((resolve, reject) => {
          run(async () => {
            resolve();
            await over.promise;
          }).catch(reject);
        }),
    );
    try {
      await Promise.all(begun);
      return await task();
    } finally {
      over.resolve();
    }
  }

  return {
    run,
    runAlone,
    get waiting() {
      return queue.size;
    },
    get running() {
      return connections.length - free.length;
    },
    async close() {
      closed = true;
      for (const waiting of queue) waiting.refuse(closedError());
      queue.clear();
      if (free.length === connections.length) return;
      await new Promise<void>((resolve) => {
        idle = resolve;
      });
    },
  };
}

async function attempt<Connection, T>(task: (connection: Connection) => Promise<T>, connection: Connection) {
  return await task(connection);
}

function cancelled(signal: AbortSignal): AnalyticsError {
  return new AnalyticsError('cancelled', 'the query was cancelled by its caller', { cause: signal.reason });
}

function closedError(): AnalyticsError {
  return new AnalyticsError('closed', 'the analytics store is closed');
}
