import { describe, expect, jest, test } from '@jest/globals';
import { createLogger } from '@throughline/telemetry/logger';
import { askAgain } from './ask-again.ts';

class Down extends Error {
  readonly retryable = true;
}

function rig() {
  const told: string[] = [];
  const logger = createLogger('test', { level: 'silent' });
  logger.warn = (...args: unknown[]) => void told.push(String(args.at(-1)));
  const stopping = new AbortController();
  return { told, stopping, patience: { logger, signal: stopping.signal } };
}

const MINUTE_MS = 60_000;

describe('asking again', () => {
  test('warns when a server is silent, when it is first known why, and then once a minute', async () => {
    jest.useFakeTimers();
    try {
      const { told, patience } = rig();
      let isUp = false;
      const tries: number[] = [];
      const ask = async (tryMs: number) => {
        tries.push(tryMs);
        if (isUp) return 'up';
        await new Promise((resolve) => setTimeout(resolve, 5_000));
        throw new Down('refused');
      };
      const answer = askAgain('Redis', ask, patience);
      await jest.advanceTimersByTimeAsync(2_000);
      expect(told).toEqual(['Redis has not answered yet, it is waited for']);
      await jest.advanceTimersByTimeAsync(MINUTE_MS - 2_000);
      expect(told.slice(1)).toEqual(['Redis cannot be reached yet, it is asked again and again']);
      await jest.advanceTimersByTimeAsync(2 * MINUTE_MS);
      expect(told).toHaveLength(4);
      isUp = true;
      await jest.advanceTimersByTimeAsync(MINUTE_MS);
      expect(await answer).toBe('up');
      expect(tries.slice(0, 5)).toEqual([1_500, 3_000, 6_000, 10_000, 10_000]);
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  test('gives up at once when the service stops, whatever is still being asked', async () => {
    const { stopping, patience } = rig();
    const reason = new Error('stopped');
    const answer = askAgain('Redis', () => new Promise<never>(() => {}), patience);
    stopping.abort(reason);
    await expect(answer).rejects.toBe(reason);
    const late = askAgain('Redis', () => new Promise<never>(() => {}), patience);
    await expect(late).rejects.toBe(reason);
  });

  test('ends with what was said last when its time is up', async () => {
    const signal = AbortSignal.timeout(1);
    const { patience } = rig();
    const ask = async () => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      throw new Down('refused');
    };
    await expect(askAgain('Kafka', ask, { ...patience, signal })).rejects.toThrow('refused');
  });

  test('does not repeat what waiting does not heal', async () => {
    const { told, patience } = rig();
    const ask = jest.fn(async () => {
      throw new Error('no such user');
    });
    await expect(askAgain('Redis', ask, patience)).rejects.toThrow('no such user');
    expect(ask).toHaveBeenCalledTimes(1);
    expect(told).toEqual([]);
  });
});
