import { expect, jest, test } from '@jest/globals';
import { disconnect } from './disconnect.ts';

test('ending a client neither fails with it nor waits for it for ever', async () => {
  await disconnect({ disconnect: () => Promise.reject(new Error('no')) });
  jest.useFakeTimers();
  try {
    let isOver = false;
    const ending = disconnect({ disconnect: () => new Promise(() => {}) }).then(() => {
      isOver = true;
    });
    await jest.advanceTimersByTimeAsync(4_000);
    expect(isOver).toBe(false);
    await jest.advanceTimersByTimeAsync(2_000);
    await ending;
  } finally {
    jest.useRealTimers();
  }
});
