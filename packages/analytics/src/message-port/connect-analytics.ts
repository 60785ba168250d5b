import type { MessagePort } from 'node:worker_threads';
import { AnalyticsError, type AnalyticsStore } from '../analytics-store.ts';
import { parseRows } from '../json-rows.ts';
import type { AnalyticsAnswer, AnalyticsCall } from './messages.ts';

interface Pending {
  resolve(value: Uint8Array | string | undefined): void;
  reject(error: AnalyticsError): void;
}

/** A call as it is made here: `Omit` over each member of the union. */
type Unnumbered<Call> = Call extends AnalyticsCall ? Omit<Call, 'id'> : never;

/**
 * The store of another thread (`serveAnalytics`) as a store of this one. Rows travel as bytes and are parsed here.
 *
 * `close` closes the port, not the store behind it. When the other side closes, calls reject with `closed`.
 */
export function connectAnalytics(port: MessagePort): AnalyticsStore {
  const pending = new Map<number, Pending>();
  let nextId = 0;
  let closed = false;

  function call(message: Unnumbered<AnalyticsCall>, signal?: AbortSignal): Promise<Uint8Array | string | undefined> {
    if (closed) return Promise.reject(closedError());
    if (signal?.aborted) return Promise.reject(cancelled(signal));
    const id = nextId++;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        pending.delete(id);
        port.postMessage({ id, call: 'abort' } satisfies AnalyticsCall);
        reject(cancelled(signal!));
      };
      const settled = () => {
        pending.delete(id);
        signal?.removeEventListener('abort', onAbort);
      };
      pending.set(id, {
        resolve(value) {
          settled();
          resolve(value);
        },
        reject(error) {
          settled();
          reject(error);
        },
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      port.postMessage({ ...message, id } as AnalyticsCall);
    });
  }

  port.on('message', (answer: AnalyticsAnswer) => {
    const waiting = pending.get(answer.id);
    if (!waiting) return;
    if ('error' in answer) {
      const { code, message, retryable, engineCode } = answer.error;
      waiting.reject(new AnalyticsError(code, message, { retryable, engineCode }));
    } else {
      waiting.resolve(answer.value);
    }
  });
  port.on('close', () => {
    closed = true;
    for (const waiting of pending.values()) waiting.reject(closedError());
  });

  return {
    async insert(rows) {
      await call({ call: 'insert', rows });
    },
    async query<Row>({ signal, ...query }: Parameters<AnalyticsStore['query']>[0]) {
      return parseRows<Row>((await call({ call: 'query', query }, signal)) as Uint8Array);
    },
    async instanceId() {
      return (await call({ call: 'instance-id' })) as string;
    },
    async close() {
      closed = true;
      port.close();
    },
  };
}

function cancelled(signal: AbortSignal): AnalyticsError {
  return new AnalyticsError('cancelled', 'the query was cancelled by its caller', { cause: signal.reason });
}

function closedError(): AnalyticsError {
  return new AnalyticsError('closed', 'the analytics store is closed');
}
