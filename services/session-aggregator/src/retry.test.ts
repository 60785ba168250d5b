import { describe, expect, test } from '@jest/globals';
import { AnalyticsError } from '@throughline/analytics/analytics-store';
import { mayPass, retry } from './retry.ts';

const passing = () => Object.assign(new Error('busy'), { retryable: true });

describe('retry', () => {
  test('repeats what may pass until it succeeds, with waits that double up to the bound', async () => {
    const waits: number[] = [];
    let tries = 0;
    const answer = await retry(
      async () => {
        if (++tries < 8) throw passing();
        return 'done';
      },
      {
        signal: new AbortController().signal,
        onRetry: (_, attempt, waitMs) => {
          expect(attempt).toBe(tries);
          waits.push(waitMs);
        },
        firstMs: 1,
        maxMs: 16,
      },
    );
    expect(answer).toBe('done');
    for (const [i, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(Math.min(16, 2 ** i) / 2);
      expect(wait).toBeLessThanOrEqual(Math.min(16, 2 ** i));
    }
    expect(waits).toHaveLength(7);
  });

  test('throws at once what is for good', async () => {
    let tries = 0;
    const work = async () => {
      tries++;
      throw new Error('wrong');
    };
    await expect(retry(work, { signal: new AbortController().signal, onRetry: () => {} })).rejects.toThrow('wrong');
    expect(tries).toBe(1);
  });

  test('stops waiting when it is told to, and says why the last try failed', async () => {
    const stopping = new AbortController();
    const pending = retry(
      async () => {
        throw passing();
      },
      { signal: stopping.signal, onRetry: () => setImmediate(() => stopping.abort()), firstMs: 1e6, maxMs: 1e6 },
    );
    await expect(pending).rejects.toThrow('busy');
    let tries = 0;
    const late = async () => {
      tries++;
      throw passing();
    };
    await expect(retry(late, { signal: stopping.signal, onRetry: () => {} })).rejects.toThrow('busy');
    expect(tries).toBe(1);
  });

  test('waits for an engine that is at its limits, and not for one that says no', () => {
    expect(mayPass(new AnalyticsError('timeout', 'slow'))).toBe(true);
    expect(mayPass(new AnalyticsError('too-large', 'no memory', { engineCode: 241 }))).toBe(true);
    expect(mayPass(new AnalyticsError('too-large', 'too many rows', { engineCode: 158 }))).toBe(false);
    expect(mayPass(new AnalyticsError('rejected', 'syntax'))).toBe(false);
    expect(mayPass(new AnalyticsError('unavailable', 'down', { retryable: true }))).toBe(true);
    expect(mayPass(undefined)).toBe(false);
  });
});
