import { Worker } from 'node:worker_threads';
import type { TokenEncoding } from './token-encoding.ts';
import { scaledTokens, type TokenText } from './token-text.ts';
import type { CountAnswer, CountRequest } from './token-worker.ts';

/** Counts tokens in a thread of its own, which is started with the first text that comes. */
export interface TokenCounter {
  /**
   * Tokens of each text, in order. The same texts have the same counts, whenever and wherever they are counted.
   *
   * @throws TokenCounterError, retryable, when the thread has failed, which says nothing about the texts, and once the signal
   *   is aborted.
   */
  count(encoding: TokenEncoding, texts: readonly TokenText[], signal?: AbortSignal): Promise<number[]>;
  /** Ends the thread; what is being counted fails. */
  close(): Promise<void>;
}

export class TokenCounterError extends Error {
  override readonly name = 'TokenCounterError';
  readonly retryable = true;
}

function noLongerWaited(): TokenCounterError {
  return new TokenCounterError('the count is no longer waited for');
}

export function createTokenCounter(): TokenCounter {
  const pending = new Map<number, PromiseWithResolvers<readonly number[]>>();
  let worker: Worker | undefined;
  let requests = 0;

  function fail(failed: Worker, reason: string): void {
    if (worker === failed) worker = undefined;
    for (const { reject } of pending.values()) reject(new TokenCounterError(reason));
    pending.clear();
  }

  function start(): Worker {
    const started = new Worker(new URL('./token-worker.ts', import.meta.url), { name: 'tokens' });
    // A process that has nothing else to do does not stay for it.
    started.unref();
    started.on('message', (answer: CountAnswer) => {
      const waiting = pending.get(answer.id);
      pending.delete(answer.id);
      if ('counts' in answer) waiting?.resolve(answer.counts);
      else waiting?.reject(new TokenCounterError(`tokens could not be counted: ${answer.error}`));
    });
    started.on('error', (error: Error) => fail(started, `the thread that counts tokens has failed: ${error.message}`));
    started.on('exit', () => fail(started, 'the thread that counts tokens has ended'));
    return started;
  }

  return {
    async count(encoding, texts, signal) {
      if (signal?.aborted) throw noLongerWaited();
      const id = requests++;
      const counted = Promise.withResolvers<readonly number[]>();
      const leave = () => {
        pending.delete(id);
        counted.reject(noLongerWaited());
      };
      signal?.addEventListener('abort', leave, { once: true });
      pending.set(id, counted);
      try {
        worker ??= start();
        worker.postMessage({ id, encoding, texts: texts.map(({ pieces }) => pieces) } satisfies CountRequest);
        return (await counted.promise).map((count, at) => scaledTokens(texts[at]!, count));
      } finally {
        pending.delete(id);
        signal?.removeEventListener('abort', leave);
      }
    },
    async close() {
      const closing = worker;
      worker = undefined;
      await closing?.terminate();
    },
  };
}
