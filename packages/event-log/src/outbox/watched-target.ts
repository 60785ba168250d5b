import type { OutboxBatch, OutboxTarget } from './outbox-target.ts';

/** Called before each request to the log; what it returns is called once, when it is known how the request went. */
export type OnSend = (batches: readonly OutboxBatch[]) => (error?: unknown) => void;

/** The same target; somebody looks on. */
export function watchedTarget(target: OutboxTarget, onSend: OnSend): OutboxTarget {
  return {
    batchBytesMax: target.batchBytesMax,
    describe: () => target.describe(),
    laneOf: (partition) => target.laneOf(partition),
    async send(batches, options) {
      const onEnd = onSend(batches);
      try {
        await target.send(batches, options);
      } catch (error) {
        onEnd(error);
        throw error;
      }
      onEnd();
    },
    close: () => target.close(),
  };
}
