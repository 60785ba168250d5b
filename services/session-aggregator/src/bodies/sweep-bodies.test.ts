import { describe, expect, test } from '@jest/globals';
import { createLogger } from '@throughline/telemetry/logger';
import { waitFor } from '@throughline/testkit/wait-for';
import { sweepBodies } from './sweep-bodies.ts';

describe('sweeping bodies', () => {
  test('deletes what is older than events are read, again and again, also after a failure', async () => {
    const asked: number[] = [];
    let deleted = 0;
    const stop = sweepBodies({
      store: {
        async deleteBefore(atMs) {
          asked.push(atMs);
          if (asked.length === 1) throw new Error('down');
          return 2;
        },
      },
      keepMs: 400,
      now: () => 1_000,
      onDeleted: (objects) => {
        deleted += objects;
      },
      logger: createLogger('test', { level: 'silent' }),
      intervalMs: 1,
    });
    await waitFor(() => deleted >= 4);
    await stop();
    const { length } = asked;
    expect(new Set(asked)).toEqual(new Set([600]));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).toHaveLength(length);
  });
});
