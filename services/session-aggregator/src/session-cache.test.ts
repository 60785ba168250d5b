import { describe, expect, test } from '@jest/globals';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { SessionState } from '@throughline/session-totals/session-state';
import { sampleFence, sampleState } from '@throughline/session-totals/session-state-samples';
import type { SessionKey, SessionTotals } from '@throughline/session-totals/session-totals';
import { createSessionCache } from './session-cache.ts';
import { sessionKeyText } from './session-key-text.ts';

function cacheOn(stored: readonly SessionState[], bytesMax: number) {
  const asked: string[] = [];
  const totals = {
    loadMany: async (_: number, keys: readonly SessionKey[]) => {
      asked.push(...keys.map(({ sessionId }) => sessionId));
      return keys.map((key) => stored.find(({ sessionId }) => sessionId === key.sessionId));
    },
  } as Partial<SessionTotals> as SessionTotals;
  const cache = createSessionCache({ totals, analytics: {} as AnalyticsStore }, 0, bytesMax);
  return { cache, load: (keys: readonly SessionKey[]) => cache.at(sampleFence(1)).load(keys), asked };
}

const key = (sessionId: string) => ({ tenantId: 'tenant', sessionId });

describe('the cache of live sessions', () => {
  test('answers from memory what was committed, from the totals what was not, and leaves out what is new', async () => {
    const { cache, load, asked } = cacheOn([sampleState('stored', 1)], 1e9);
    cache.put([sampleState('held', 2)]);
    const found = await load([key('held'), key('stored'), key('new')]);
    expect([...found.keys()].sort()).toEqual([sessionKeyText(key('held')), sessionKeyText(key('stored'))].sort());
    expect(asked).toEqual(['stored', 'new']);
    cache.put([sampleState('held', 3)]);
    expect((await load([key('held')])).get(sessionKeyText(key('held')))!.requests).toBe(3);
    cache.forget([key('held')]);
    await load([key('held')]);
    expect(asked).toEqual(['stored', 'new', 'held']);
  });

  test('knows no session before the first commit, whatever the totals have', async () => {
    const { cache, asked } = cacheOn([sampleState('stored', 1)], 1e9);
    expect(await cache.at(undefined).load([key('stored')])).toEqual(new Map());
    expect(asked).toEqual([]);
  });

  test('holds as many as fit, and lets those go that were not changed for longest', async () => {
    const { cache, load, asked } = cacheOn([], 30_000);
    const ids = Array.from({ length: 100 }, (_, i) => `s${i}`);
    for (const id of ids) {
      cache.put([sampleState(id, 1)]);
      cache.put([sampleState('busy', 1)]);
    }
    await load([key('busy'), key('s99')]);
    expect(asked).toEqual([]);
    await load(ids.map(key));
    expect(asked.length).toBeGreaterThan(85);
    expect(asked.at(0)).toBe('s0');
  });

  test('lets a session of ten thousand ids go before a thousand small ones', async () => {
    const { cache, load, asked } = cacheOn([], 1_000_000);
    const chosenIds = new Map(Array.from({ length: 10_000 }, (_, i) => [`id-${i}`, i] as const));
    cache.put([sampleState('large', 1, { chosenIds })]);
    cache.put(Array.from({ length: 100 }, (_, i) => sampleState(`s${i}`, 1)));
    await load([key('large'), key('s0'), key('s99')]);
    expect(asked).toEqual(['large']);
  });
});
