import { describe, expect, test } from '@jest/globals';
import { waitFor } from '@throughline/testkit/wait-for';
import { keepDoing } from './keep-doing.ts';
import type { Logger } from './logger.ts';

describe('keepDoing', () => {
  test('runs again and again, also after a failure, which it logs, and not beside itself', async () => {
    const warned: unknown[] = [];
    let runs = 0;
    let beside = 0;
    const stop = keepDoing({
      run: async () => {
        runs++;
        expect(++beside).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 2));
        beside--;
        if (runs === 1) throw new Error('down');
      },
      intervalMs: 1,
      failed: 'it could not be done',
      logger: { warn: (_: unknown, text: unknown) => warned.push(text) } as unknown as Logger,
    });
    await waitFor(() => runs >= 4);
    await stop();
    expect(warned).toEqual(['it could not be done: tried again later']);
  });

  test('ends with the run under way, and is silent about what that one throws', async () => {
    const warned: unknown[] = [];
    let runs = 0;
    let fail = (_: Error) => {};
    const stop = keepDoing({
      run: () => {
        runs++;
        return new Promise((_, reject) => {
          fail = reject;
        });
      },
      intervalMs: 60_000,
      firstAfterMs: 0,
      failed: 'it could not be done',
      logger: { warn: (_: unknown, text: unknown) => warned.push(text) } as unknown as Logger,
    });
    await waitFor(() => runs === 1);
    const stopped = stop();
    fail(new Error('the connection was closed'));
    await stopped;
    expect(warned).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(runs).toBe(1);
  });
});
