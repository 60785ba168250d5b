import { expect, test } from '@jest/globals';
import { type OutboxBatch, OutboxSendError, type OutboxTarget } from './outbox-target.ts';
import { watchedTarget } from './watched-target.ts';

test('whoever looks on at a target sees each request and how it went, and changes nothing of either', async () => {
  const failure = new OutboxSendError('unreachable', 'away');
  const answers: (Error | undefined)[] = [undefined, failure];
  const sent: unknown[][] = [];
  const target: OutboxTarget = {
    batchBytesMax: 7,
    describe: async () => ({ logId: 'log', partitions: 3 }),
    laneOf: (partition) => partition + 1,
    async send(...given) {
      sent.push(given);
      const answer = answers.shift();
      if (answer) throw answer;
    },
    close: async () => {},
  };
  const seen: unknown[] = [];
  const watched = watchedTarget(target, (batches) => {
    seen.push(batches);
    return (error) => void seen.push(error ?? 'stored');
  });
  const batches: OutboxBatch[] = [{ partition: 0, records: [] }];
  const options = { logId: 'log', isolated: true };
  await watched.send(batches, options);
  await expect(watched.send(batches, options)).rejects.toBe(failure);
  expect(seen).toEqual([batches, 'stored', batches, failure]);
  expect(sent).toEqual([
    [batches, options],
    [batches, options],
  ]);
  expect(watched.batchBytesMax).toBe(7);
  expect(watched.laneOf(1)).toBe(2);
  expect(await watched.describe()).toEqual({ logId: 'log', partitions: 3 });
});
