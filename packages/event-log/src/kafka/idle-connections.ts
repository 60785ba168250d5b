import { createRequire } from 'node:module';

/** What is used here of the queue of requests that kafkajs keeps for each connection. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

let isDone = false;

/**
 * Keeps connections that have nothing to do from doing it a thousand times per second.
 *
 * kafkajs 2.2.4 looks for requests that a throttled broker has held up after each answer, and after each look asks for the
 * next one, at a time in the past when nothing is held up: a timer of one millisecond for ever, on each connection, and
 * `TimeoutNegativeWarning` from Node 24 on (tulios/kafkajs#1704, #1751). A request that is held up asks for a look itself,
 * so where there is none no look is needed. A test pins that the method is there and does that.
 */
export function quietIdleConnections(): void {
  if (isDone) return;
  isDone = true;
  const queue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  const { prototype } = queue;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function scheduleCheckPendingRequests() {
    if (this.pending.length > 0) schedule.call(this);
  };
}
