import { describe, expect, test } from '@jest/globals';
import { Hopeless, waitFor } from './wait-for.ts';

describe('waitFor', () => {
  test('returns the first value that is neither undefined nor false', async () => {
    const values = [undefined, false, 0];
    await expect(waitFor<number>(() => values.shift() as number | undefined, { intervalMs: 1 })).resolves.toBe(0);
  });

  test('tries again after a throw', async () => {
    let tries = 0;
    const value = await waitFor(
      () => {
        tries++;
        if (tries < 3) throw new Error('not yet');
        return 'done';
      },
      { intervalMs: 1 },
    );
    expect([value, tries]).toEqual(['done', 3]);
  });

  test('fails at the deadline with the last error in its message', async () => {
    const wait = waitFor(
      () => {
        throw new Error('still 2 of 3');
      },
      { timeoutMs: 5, intervalMs: 1, what: 'the count' },
    );
    await expect(wait).rejects.toThrow('the count did not come true within 5 ms: still 2 of 3');
  });

  test('does not wait for what waiting cannot mend', async () => {
    let tries = 0;
    const wait = waitFor(() => {
      tries++;
      throw new Hopeless('counted twice');
    });
    await expect(wait).rejects.toThrow('counted twice');
    expect(tries).toBe(1);
  });
});
