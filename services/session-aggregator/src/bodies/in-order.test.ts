import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inOrder } from './in-order.ts';

const limits = { pendingMax: 3, aheadMax: 6 };

describe('inOrder', () => {
  test('keeps the order, begins no more than it may, and leaves nothing out', async () => {
    const isSlow = fc.array(fc.boolean(), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(isSlow, fc.scheduler(), async (items, scheduler) => {
        let under = 0;
        let most = 0;
        let begun = 0;
        const seen: number[] = [];
        const work = (index: number) => {
          begun++;
          expect(begun - seen.length).toBeLessThanOrEqual(limits.aheadMax);
          if (!items[index]) return index;
          most = Math.max(most, ++under);
          return scheduler.schedule(Promise.resolve(index)).then((result) => {
            under--;
            return result;
          });
        };
        const reading = (async () => {
          for await (const result of inOrder(items.keys(), work, limits)) seen.push(result);
        })();
        await scheduler.waitFor(reading);
        expect(seen).toEqual([...items.keys()]);
        expect(most).toBeLessThanOrEqual(limits.pendingMax);
        expect(most).toBe(Math.min(most, items.filter(Boolean).length));
      }),
    );
  });

  test('has several under way at once', async () => {
    let under = 0;
    let most = 0;
    const work = async (item: number) => {
      most = Math.max(most, ++under);
      await new Promise((resolve) => setImmediate(resolve));
      under--;
      return item;
    };
    const seen: number[] = [];
    for await (const item of inOrder([1, 2, 3, 4, 5], work, limits)) seen.push(item);
    expect({ seen, most }).toEqual({ seen: [1, 2, 3, 4, 5], most: 3 });
  });

  test('begins nothing more while what waits for the first weighs too much', async () => {
    let begun = 0;
    let isReady = () => {};
    const firstReady = new Promise<void>((resolve) => {
      isReady = resolve;
    });
    const work = (item: number) => {
      begun++;
      return item === 0 ? firstReady.then(() => item) : item;
    };
    const held = { weigh: () => 10, max: 25 };
    const seen: number[] = [];
    const reading = (async () => {
      for await (const item of inOrder([0, 1, 2, 3, 4, 5, 6], work, { pendingMax: 3, aheadMax: 100, held })) {
        seen.push(item);
      }
    })();
    await new Promise((resolve) => setImmediate(resolve));
    // The one that is waited for, and the three that weigh 30.
    expect({ begun, seen }).toEqual({ begun: 4, seen: [] });
    isReady();
    await reading;
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('delivers what comes before a failure, then fails', async () => {
    const seen: number[] = [];
    const reading = (async () => {
      const work = async (item: number) => {
        if (item === 2) throw new Error('two');
        return item;
      };
      for await (const item of inOrder([0, 1, 2, 3], work, limits)) seen.push(item);
    })();
    await expect(reading).rejects.toThrow('two');
    expect(seen).toEqual([0, 1]);
  });

  test('waits for nothing where nothing is slow', async () => {
    const begun: number[] = [];
    for await (const item of inOrder([1, 2, 3], (one: number) => begun.push(one), limits)) {
      // Each is begun only when it is asked for.
      expect(begun).toHaveLength(item);
    }
  });
});
