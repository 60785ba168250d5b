import type { MessagePort } from 'node:worker_threads';
import { type AnalyticsByteStore, AnalyticsError } from '../analytics-store.ts';
import type { AnalyticsAnswer, AnalyticsCall, AnalyticsFailure } from './messages.ts';

/**
 * Let another thread use the store through a MessagePort (`connectAnalytics` at its other end). Bounds, limits and
 * errors are the store's own. When the port closes, what it still waits for is aborted.
 *
 * @returns a function that closes the port.
 */
export function serveAnalytics(store: Omit<AnalyticsByteStore, 'query' | 'close'>, port: MessagePort): () => void {
  const running = new Map<number, AbortController>();

  async function answer(call: AnalyticsCall): Promise<Uint8Array | string | undefined> {
    switch (call.call) {
      case 'query': {
        const abort = new AbortController();
        running.set(call.id, abort);
        try {
          return await store.queryBytes({ ...call.query, signal: abort.signal });
        } finally {
          running.delete(call.id);
        }
      }
      case 'insert':
        await store.insert(call.rows);
        return undefined;
      case 'instance-id':
        return await store.instanceId();
      case 'abort':
        running.get(call.id)?.abort();
        return undefined;
    }
  }

  port.on('message', (call: AnalyticsCall) => {
    answer(call).then(
      (value) => {
        if (call.call !== 'abort') post(port, { id: call.id, value });
      },
      (error: unknown) => post(port, { id: call.id, error: failureOf(error) }),
    );
  });
  port.on('close', () => {
    for (const abort of running.values()) abort.abort();
  });
  return () => port.close();
}

function post(port: MessagePort, answer: AnalyticsAnswer): void {
  if (!('value' in answer) || !(answer.value instanceof Uint8Array)) {
    port.postMessage(answer);
    return;
  }
  // The engine's memory cannot be given away; one copy that can be is cheaper than the two of a clone.
  const bytes = new Uint8Array(answer.value);
  port.postMessage({ id: answer.id, value: bytes } satisfies AnalyticsAnswer, [bytes.buffer]);
}

function failureOf(error: unknown): AnalyticsFailure {
  if (error instanceof AnalyticsError) {
    const { code, message, retryable, engineCode } = error;
    return { code, message, retryable, engineCode };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'rejected', message, retryable: false, engineCode: undefined };
}
