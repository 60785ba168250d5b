import { createRequire } from 'node:module';
import { expect, jest, test } from '@jest/globals';
import { quietIdleConnections } from './idle-connections.ts';

interface Queue {
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  push(request: object): void;
  maybeThrottle(ms: number): void;
  checkPendingRequests(): void;
  destroy(): void;
}

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as new (
  options: object,
) => Queue;
const logger = { debug: () => {} };

function openQueue(): Queue {
  return new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 1_000,
    enforceRequestTimeout: false,
    clientId: 'test',
    broker: 'localhost:9092',
    logger,
    isConnected: () => true,
  });
}

test('a connection with nothing to send has no timer; a request that a broker holds up is sent when its time has come', () => {
  jest.useFakeTimers();
  try {
    quietIdleConnections();
    const queue = openQueue();
    queue.checkPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();

    queue.maybeThrottle(500);
    const sent: number[] = [];
    const entry = { correlationId: 1, apiKey: 0, apiName: 'Produce', apiVersion: 1, resolve: () => {} };
    queue.push({ entry, expectResponse: false, sendRequest: () => sent.push(Date.now()) });
    expect(queue.throttleCheckTimeoutId).not.toBeNull();
    jest.advanceTimersByTime(499);
    expect(sent).toHaveLength(0);
    jest.advanceTimersByTime(50);
    expect(sent).toHaveLength(1);
    expect(queue.throttleCheckTimeoutId).toBeNull();
    queue.destroy();
  } finally {
    jest.useRealTimers();
  }
});
