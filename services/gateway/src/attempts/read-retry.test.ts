import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isRetried, type RetryPolicy, readRetry, retryDelay } from './read-retry.ts';

const ON = ['helicone-retry-enabled', 'true'] as const;
const policy: RetryPolicy = { retriesMax: 5, factor: 2, minMs: 1_000, maxMs: 10_000 };

describe('the retry headers', () => {
  it('mean what the contract says when they say nothing more', () => {
    expect(readRetry(new Map([ON]))).toEqual(policy);
  });

  it.each(['false', '1', 'True', ''])('are off for %p', (value) => {
    expect(readRetry(new Map([['helicone-retry-enabled', value]]))).toBeUndefined();
    expect(readRetry(new Map([['helicone-retry-num', '3']]))).toBeUndefined();
  });

  it('are read as they are', () => {
    const headers = new Map([
      ON,
      ['helicone-retry-num', '2'],
      ['helicone-retry-factor', '1.5'],
      ['helicone-retry-min-timeout', '20'],
      ['helicone-retry-max-timeout', '40'],
    ]);
    expect(readRetry(headers)).toEqual({ retriesMax: 2, factor: 1.5, minMs: 20, maxMs: 40 });
    expect(readRetry(new Map([ON, ['helicone-retry-max-timeout', '10']]))).toMatchObject({ minMs: 10, maxMs: 10 });
  });

  it.each([
    ['helicone-retry-num', '2.5'],
    ['helicone-retry-num', '-1'],
    ['helicone-retry-num', '101'],
    ['helicone-retry-factor', '0.5'],
    ['helicone-retry-factor', 'two'],
    ['helicone-retry-min-timeout', '1e3'],
    ['helicone-retry-max-timeout', ''],
  ])('%s: %s is refused by name', (name, value) => {
    expect(() => readRetry(new Map([ON, [name, value]]))).toThrow(name);
  });
});

describe('the wait before a retry', () => {
  it('grows by the factor, is spread and bounded', () => {
    fc.assert(
      fc.property(
        fc.record({
          retriesMax: fc.nat(100),
          factor: fc.double({ min: 1, max: 100, noNaN: true }),
          minMs: fc.nat(600_000),
          maxMs: fc.nat(600_000),
        }),
        fc.nat(120),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (given, retries, random) => {
          const asked = { ...given, minMs: Math.min(given.minMs, given.maxMs) };
          const delay = retryDelay(asked, retries, undefined, 0, random);
          expect(delay === undefined).toBe(retries >= asked.retriesMax);
          if (delay === undefined) return;
          const least = Math.min(asked.minMs * asked.factor ** retries, asked.maxMs);
          expect(delay).toBeGreaterThanOrEqual(least);
          expect(delay).toBeLessThanOrEqual(Math.min(2 * least, asked.maxMs));
        },
      ),
    );
  });

  it('is as long as the provider asks, and none where it asks for longer than one waits', () => {
    expect(retryDelay(policy, 0, '3', 0, 0.9)).toBe(3_000);
    expect(retryDelay(policy, 0, '0', 0, 0.9)).toBe(0);
    expect(retryDelay(policy, 0, '11', 0, 0)).toBeUndefined();
    expect(retryDelay(policy, 0, new Date(62_000).toUTCString(), 60_000, 0)).toBe(2_000);
    expect(retryDelay(policy, 0, new Date(0).toUTCString(), 60_000, 0)).toBe(0);
    expect(retryDelay(policy, 0, 'soon', 0, 0)).toBe(1_000);
  });
});

it('only what may pass is tried again', () => {
  const retried = Array.from({ length: 700 }, (_, status) => status).filter(isRetried);
  expect(retried).toEqual([429, ...Array.from({ length: 100 }, (_, at) => 500 + at)]);
});
