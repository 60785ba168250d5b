import { describe, expect, test } from '@jest/globals';
import { within } from './within.ts';

const never = new Promise<never>(() => {});

describe('an answer', () => {
  test('that does not come in time is unavailable, and may come when asked again', async () => {
    const late = within(10, 'read', never);
    await expect(late).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
      message: expect.stringContaining('no answer within 10 ms'),
    });
  });

  test('that is there when a busy process looks again counts, however late that is', async () => {
    const answer = within(10, 'read', new Promise((resolve) => setImmediate(() => resolve('answer'))));
    // Both are due when this ends, and the timer comes first.
    const until = performance.now() + 50;
    while (performance.now() < until);
    expect(await answer).toBe('answer');
  });

  test('that fails is told in the words of the port', async () => {
    const failed = within(1_000, 'read', Promise.reject(new Error('Connection is closed.')));
    await expect(failed).rejects.toMatchObject({
      name: 'SessionTotalsError',
      retryable: true,
      message: 'Redis could not read: Connection is closed.',
    });
  });
});
