import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CachedAnswer, CacheFind, ResponseCache } from './response-cache.ts';

/** A store of its own, empty at first, for one test. */
export interface ResponseCacheFixture {
  /** @param bytesMax of all answers. Where it is opened again, the one before has been closed. */
  open(bytesMax?: number): Promise<ResponseCache>;
  /** Closes what was opened and removes the store. */
  dispose(): Promise<void>;
}

/** What every adapter of `ResponseCache` keeps to. */
export function responseCacheContract(name: string, make: () => Promise<ResponseCacheFixture>): void {
  describe(`response cache in ${name}`, () => {
    let fixture: ResponseCacheFixture;
    let cache: ResponseCache;
    beforeEach(async () => {
      fixture = await make();
      cache = await fixture.open();
    });
    afterEach(() => fixture.dispose());
    const found = async (key: Buffer, slots = 1, random = 0): Promise<CacheFind> => cache.find(key, slots, random);

    it('finds nothing where nothing was put', async () => {
      expect(await found(keyOf('a'))).toBeUndefined();
      expect(await found(keyOf('a'), 20, 0.99)).toBeUndefined();
    });

    it('gives an answer back as it was put, under its key alone', async () => {
      const answer: CachedAnswer = {
        requestId: 'r-1',
        status: 201,
        headers: ['Content-Type', 'text/event-stream', 'x-note', 'ünïcode \x00'],
        latencyMs: 12.5,
        storedAt: 1_700_000_000_123,
        body: Buffer.from(Array.from({ length: 70_000 }, (_, i) => i % 256)),
      };
      expect(await cache.put(keyOf('a'), 1, answer, DAY)).toBe('stored');
      expect(await found(keyOf('a'))).toEqual({ slot: 0, answer });
      expect(await found(keyOf('b'))).toBeUndefined();
    });

    it('keeps an answer without a body', async () => {
      await cache.put(keyOf('a'), 1, answerOf('r', 0), DAY);
      expect(await found(keyOf('a'))).toEqual({ slot: 0, answer: answerOf('r', 0) });
    });

    it('keeps what a slot holds, and says that the bucket is full', async () => {
      await cache.put(keyOf('a'), 1, answerOf('first'), DAY);
      expect(await cache.put(keyOf('a'), 1, answerOf('second'), DAY)).toBe('full');
      expect((await found(keyOf('a')))?.answer.requestId).toBe('first');
    });

    it('finds nothing in a bucket until all of its slots are filled, then the slot that chance chose', async () => {
      for (const slot of [0, 1, 2]) {
        expect(await found(keyOf('a'), 3, 0)).toBeUndefined();
        expect(await cache.put(keyOf('a'), 3, answerOf(`r-${slot}`), DAY)).toBe('stored');
      }
      const chosen = await Promise.all([0, 0.4, 0.99].map((random) => found(keyOf('a'), 3, random)));
      expect(chosen).toEqual([0, 1, 2].map((slot) => ({ slot, answer: answerOf(`r-${slot}`) })));
      expect(await cache.put(keyOf('a'), 3, answerOf('r-3'), DAY)).toBe('full');
      expect(await cache.put(keyOf('a'), 4, answerOf('r-3'), DAY)).toBe('stored');
    });

    it('fills each slot once when many put at the same time', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, i) => cache.put(keyOf('a'), 5, answerOf(`r-${i}`), DAY)),
      );
      expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(5);
      const all = await Promise.all([0, 0.2, 0.4, 0.6, 0.8].map((random) => found(keyOf('a'), 5, random)));
      expect(new Set(all.map((find) => find?.answer.requestId)).size).toBe(5);
    });

    it('finds an answer no longer once its time is over, and fills its slot again', async () => {
      await cache.put(keyOf('a'), 1, answerOf('long'), DAY);
      await cache.put(keyOf('b'), 1, answerOf('short'), 30);
      while (await found(keyOf('b'))) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(await cache.put(keyOf('b'), 1, answerOf('next'), DAY)).toBe('stored');
      expect((await found(keyOf('b')))?.answer.requestId).toBe('next');
      expect((await found(keyOf('a')))?.answer.requestId).toBe('long');
    });

    it('does not keep an answer that is too large', async () => {
      expect(await cache.put(keyOf('a'), 1, answerOf('r', 8 * 1024 * 1024), DAY)).toBe('too-large');
      expect(await found(keyOf('a'))).toBeUndefined();
      expect(await cache.put(keyOf('a'), 1, answerOf('r', 4 * 1024 * 1024), DAY)).toBe('stored');
      expect((await found(keyOf('a')))?.answer.body.length).toBe(4 * 1024 * 1024);
    });

    it('lets go of what was put in longest ago where all together are too large', async () => {
      await cache.close();
      cache = await fixture.open(8 * 40_000);
      // All of one first byte: whatever parts a store has, these are in one.
      const many = Array.from({ length: 100 }, (_, i) => Buffer.concat([Buffer.of(7), keyOf(`m-${i}`).subarray(1)]));
      for (const [i, key] of many.entries()) {
        expect(await cache.put(key, 1, answerOf(`r-${i}`, 9_000), DAY)).toBe('stored');
        expect((await found(key))?.answer.requestId).toBe(`r-${i}`);
      }
      const kept = await Promise.all(many.map(async (key) => (await found(key)) !== undefined));
      const firstKept = kept.indexOf(true);
      expect(firstKept).toBeGreaterThan(0);
      expect(kept.slice(firstKept)).not.toContain(false);
      const bytes = kept.filter(Boolean).length * 9_000;
      expect(bytes).toBeLessThanOrEqual(8 * 40_000);
      // One that went has room again.
      expect(await cache.put(many[0]!, 1, answerOf('again', 9_000), DAY)).toBe('stored');
      expect((await found(many[0]!))?.answer.requestId).toBe('again');
    });

    it('still has its answers when it is opened again', async () => {
      await cache.put(keyOf('a'), 1, answerOf('r'), DAY);
      await cache.close();
      cache = await fixture.open();
      expect((await found(keyOf('a')))?.answer).toEqual(answerOf('r'));
    });
  });
}

const DAY = 86_400_000;

function keyOf(name: string): Buffer {
  return hash('sha256', name, 'buffer');
}

function answerOf(requestId: string, bytes = 10): CachedAnswer {
  return {
    requestId,
    status: 200,
    headers: ['content-type', 'application/json'],
    latencyMs: 5,
    storedAt: 1_700_000_000_000,
    body: Buffer.alloc(bytes, 'x'),
  };
}
