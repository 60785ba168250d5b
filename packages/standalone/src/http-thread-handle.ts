import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { NewEvent } from '@throughline/contracts/request-event';
import type { Position } from '@throughline/event-log/event-log';
import type { SharedLog } from '@throughline/event-log/files/shared-log';
import { StartError } from './start-error.ts';
import type { AppendAnswer, FromHttpThread, HttpThreadData, ToHttpThread } from './thread-messages.ts';

/** The thread of `http-thread.ts`, from outside. It loads its code at once, and waits for `configure`. */
export interface HttpThread {
  configure(data: HttpThreadData, onFatal: (error: Error) => void): void;
  send(message: Exclude<ToHttpThread, { type: 'append' | 'refresh-keys' | 'login-token' }>): void;
  /** Rejects when the log does not take it. */
  append(event: NewEvent): Promise<Position>;
  /** Resolves when calls are judged by the keys that are stored now, or the thread has tried to read them. */
  refreshKeys(): Promise<void>;
  /** A token that signs in once. */
  loginToken(): Promise<string>;
  /** These two reject when the thread fails before it listens. */
  readonly logOpen: Promise<SharedLog>;
  readonly listening: Promise<number>;
  readonly drained: Promise<void>;
  readonly ended: Promise<void>;
  /** Ends it at once, as long as it has opened nothing. */
  abandon(): Promise<void>;
}

export function startHttpThread(): HttpThread {
  const worker = new Worker(new URL('./http-thread-entry.js', import.meta.url), { name: 'http' });
  const logOpen = Promise.withResolvers<SharedLog>();
  const listening = Promise.withResolvers<number>();
  const drained = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  let isOpen = false;
  let onFatal: (error: Error) => void = () => {};
  const fail = (error: Error) => {
    if (isOpen) onFatal(error);
    logOpen.reject(error);
    listening.reject(error);
  };
  // Whoever awaits one of them sees its rejection; the other one must not count as unhandled.
  logOpen.promise.catch(() => {});
  listening.promise.catch(() => {});
  worker.on('message', (message: FromHttpThread) => {
    switch (message.type) {
      case 'log-open':
        return logOpen.resolve(message.shared);
      case 'listening':
        isOpen = true;
        return listening.resolve(message.port);
      case 'drained':
        return drained.resolve();
      case 'failed':
        return fail(new StartError(message.message));
    }
  });
  worker.on('error', fail);
  worker.on('exit', () => {
    drained.resolve();
    ended.resolve();
  });
  return {
    configure(data, fatal) {
      onFatal = fatal;
      worker.postMessage({ type: 'configure', data } satisfies ToHttpThread, [data.analyticsPort, data.metricsPort]);
    },
    send: (message) => worker.postMessage(message),
    async append(event) {
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ type: 'append', event, answerTo: port2 } satisfies ToHttpThread, [port2]);
      const [answer] = (await once(port1, 'message')) as [AppendAnswer];
      if ('error' in answer) throw new Error(answer.error);
      return answer;
    },
    async refreshKeys() {
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ type: 'refresh-keys', answerTo: port2 } satisfies ToHttpThread, [port2]);
      await once(port1, 'message');
    },
    async loginToken() {
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ type: 'login-token', answerTo: port2 } satisfies ToHttpThread, [port2]);
      const [token] = (await once(port1, 'message')) as [string];
      return token;
    },
    logOpen: logOpen.promise,
    listening: listening.promise,
    drained: drained.promise,
    ended: ended.promise,
    abandon: async () => void (await worker.terminate()),
  };
}
