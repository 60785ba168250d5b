import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Allowance,
  COARSE_SLOTS,
  FINE_ENTRIES_MAX,
  QUOTA_MAX,
  type RateLimits,
  UNITS_EACH_MAX,
} from './rate-limits.ts';

/** A store of its own for one test, with a clock that the test sets. */
export interface LimitsFixture {
  /** Opens the store; what was opened before is closed first. */
  open(): Promise<RateLimits>;
  /** Epoch ms. */
  readonly clock: { now: number };
  dispose(): Promise<void>;
}

/** What every adapter of `RateLimits` keeps to. */
export function rateLimitsContract(name: string, make: () => Promise<LimitsFixture>): void {
  describe(`rate limits in ${name}`, () => {
    let fixture: LimitsFixture;
    let limits: RateLimits;
    let keys = 0;
    const newKey = () => `key_${keys++}-`;
    beforeEach(async () => {
      fixture = await make();
      limits = await fixture.open();
    });
    afterEach(() => fixture.dispose());

    test('allow as much as the quota, and say how much is used', async () => {
      const allowance = { quota: 3n, windowMs: 60_000 };
      const taken = [];
      for (let i = 0; i < 5; i++) taken.push(await limits.take('k', allowance, 1));
      expect(taken).toEqual([
        { isAllowed: true, used: 1n, resetMs: 60_000 },
        { isAllowed: true, used: 2n, resetMs: 60_000 },
        { isAllowed: true, used: 3n, resetMs: 60_000 },
        { isAllowed: false, used: 3n, resetMs: 60_000 },
        { isAllowed: false, used: 3n, resetMs: 60_000 },
      ]);
    });

    test('let each unit go exactly one window after it came', async () => {
      const allowance = { quota: 2n, windowMs: 60_000 };
      const { clock } = fixture;
      const start = clock.now;
      await limits.take('k', allowance, 1);
      clock.now = start + 10;
      await limits.take('k', allowance, 1);
      clock.now = start + 59_999;
      expect(await limits.take('k', allowance, 1)).toEqual({ isAllowed: false, used: 2n, resetMs: 1 });
      clock.now = start + 60_000;
      expect(await limits.take('k', allowance, 1)).toEqual({ isAllowed: true, used: 2n, resetMs: 10 });
      clock.now = start + 60_009;
      expect(await limits.take('k', allowance, 1)).toEqual({ isAllowed: false, used: 2n, resetMs: 1 });
      clock.now = start + 60_010;
      expect(await limits.take('k', allowance, 1)).toEqual({ isAllowed: true, used: 2n, resetMs: 59_990 });
    });

    test('look without counting when no units are asked for, and let others overshoot afterwards', async () => {
      const allowance = { quota: 10n, windowMs: 60_000 };
      expect(await limits.take('k', allowance, 0)).toEqual({ isAllowed: true, used: 0n, resetMs: 0 });
      await limits.add('k', allowance, 0);
      expect(await limits.take('k', allowance, 0)).toEqual({ isAllowed: true, used: 0n, resetMs: 0 });
      await limits.add('k', allowance, 9);
      expect(await limits.take('k', allowance, 0)).toEqual({ isAllowed: true, used: 9n, resetMs: 60_000 });
      await limits.add('k', allowance, 9);
      expect(await limits.take('k', allowance, 0)).toEqual({ isAllowed: false, used: 18n, resetMs: 60_000 });
    });

    test('allow nothing where the quota is nothing', async () => {
      const allowance = { quota: 0n, windowMs: 60_000 };
      expect(await limits.take('k', allowance, 1)).toEqual({ isAllowed: false, used: 0n, resetMs: 0 });
    });

    test('count each key apart', async () => {
      const allowance = { quota: 1n, windowMs: 60_000 };
      expect((await limits.take('a', allowance, 1)).isAllowed).toBe(true);
      expect((await limits.take('b', allowance, 1)).isAllowed).toBe(true);
      expect((await limits.take('a', allowance, 1)).isAllowed).toBe(false);
    });

    test('sum without rounding, far above what a double holds', async () => {
      const allowance = { quota: QUOTA_MAX, windowMs: 60_000 };
      const { clock } = fixture;
      const start = clock.now;
      for (const units of [UNITS_EACH_MAX, 1, UNITS_EACH_MAX, 2]) {
        await limits.add('k', allowance, units);
        clock.now++;
      }
      const all = 2n * BigInt(UNITS_EACH_MAX) + 3n;
      expect((await limits.take('k', allowance, 0)).used).toBe(all);
      expect((await limits.take('k', { ...allowance, quota: all }, 0)).isAllowed).toBe(false);
      expect((await limits.take('k', { ...allowance, quota: all + 1n }, 0)).isAllowed).toBe(true);
      clock.now = start + 60_001;
      expect((await limits.take('k', allowance, 0)).used).toBe(BigInt(UNITS_EACH_MAX) + 2n);
      clock.now = start + 60_003;
      expect(await limits.take('k', allowance, 0)).toEqual({ isAllowed: true, used: 0n, resetMs: 0 });
    });

    test('keep counting within one millisecond although a sum of it would round', async () => {
      const allowance = { quota: QUOTA_MAX, windowMs: 60_000 };
      for (const units of [UNITS_EACH_MAX, 1, 1]) await limits.add('k', allowance, units);
      expect((await limits.take('k', allowance, 0)).used).toBe(BigInt(UNITS_EACH_MAX) + 2n);
      fixture.clock.now += 60_000;
      expect((await limits.take('k', allowance, 0)).used).toBe(0n);
    });

    test('never allow more than the quota to those who take at once', async () => {
      const allowance = { quota: 20n, windowMs: 60_000 };
      const taken = await Promise.all(Array.from({ length: 100 }, async () => limits.take('k', allowance, 1)));
      expect(taken.filter(({ isAllowed }) => isAllowed)).toHaveLength(20);
      expect((await limits.take('k', allowance, 1)).used).toBe(20n);
    });

    test('remember across a restart', async () => {
      const allowance = { quota: 1_000n, windowMs: 60_000 };
      const start = fixture.clock.now;
      for (let i = 0; i < 300; i++) {
        fixture.clock.now = start + i;
        await limits.take('k', allowance, 1);
      }
      limits = await fixture.open();
      expect(await limits.take('k', allowance, 1)).toEqual({ isAllowed: true, used: 301n, resetMs: 59_701 });
      fixture.clock.now = start + 60_100;
      limits = await fixture.open();
      expect((await limits.take('k', allowance, 0)).used).toBe(200n);
    });

    test('go on from the time of the last entry where the clock is set back, and anew where by more than a window', async () => {
      const allowance = { quota: 5n, windowMs: 60_000 };
      const { clock } = fixture;
      await limits.take('k', allowance, 1);
      clock.now -= 30_000;
      expect(await limits.take('k', allowance, 1)).toEqual({ isAllowed: true, used: 2n, resetMs: 60_000 });
      clock.now -= 30_001;
      expect(await limits.take('k', allowance, 1)).toEqual({ isAllowed: true, used: 1n, resetMs: 60_000 });
    });

    test('count what is beyond the exact entries together, never shorter than a window', async () => {
      const windowMs = 1_000_000_000;
      const slotMs = windowMs / COARSE_SLOTS;
      const allowance = { quota: QUOTA_MAX, windowMs };
      const { clock } = fixture;
      const start = Math.ceil(clock.now / slotMs) * slotMs;
      // Before many at once: a server that does not know a script yet would count them in another order.
      await limits.take('k', allowance, 0);
      for (let from = 0; from < FINE_ENTRIES_MAX; from += 1_000) {
        const adds: unknown[] = [];
        for (let i = from; i < from + 1_000; i++) {
          clock.now = start + i;
          adds.push(limits.add('k', allowance, 1));
        }
        await Promise.all(adds);
      }
      // The second and the third share a slot that neither shares with the first.
      for (const at of [start + slotMs, start + 2 * slotMs, start + 3 * slotMs - 1]) {
        clock.now = at;
        await limits.add('k', allowance, 100);
      }
      const total = BigInt(FINE_ENTRIES_MAX) + 300n;
      expect((await limits.take('k', allowance, 0)).used).toBe(total);
      const usedAt = async (now: number) => {
        clock.now = now;
        return (await limits.take('k', allowance, 0)).used;
      };
      expect(await usedAt(start + windowMs - 1)).toBe(total);
      expect(await usedAt(start + windowMs)).toBe(total - 1n);
      expect(await usedAt(start + windowMs + slotMs - 1)).toBe(300n);
      expect(await usedAt(start + windowMs + slotMs)).toBe(200n);
      expect(await usedAt(start + windowMs + 3 * slotMs - 2)).toBe(200n);
      expect(await usedAt(start + windowMs + 3 * slotMs - 1)).toBe(0n);
    });

    test('say what a list of all entries would say, whatever is taken and added when', async () => {
      const step = fc.record({
        afterMs: fc.oneof(fc.constant(0), fc.nat({ max: 30 }), fc.nat({ max: 90_000 })),
        key: fc.nat({ max: 1 }),
        kind: fc.constantFrom('take' as const, 'add' as const),
        units: fc.oneof(fc.constantFrom(0, 1), fc.nat({ max: 40 }), fc.maxSafeNat()),
        reopens: fc.integer({ min: 0, max: 40 }).map((n) => n === 0),
      });
      const quota = fc.oneof(fc.nat({ max: 60 }).map(BigInt), fc.bigInt({ min: 0n, max: QUOTA_MAX }));
      await fc.assert(
        fc.asyncProperty(
          // Not shorter than the test takes: stores may forget by the time that really passes.
          fc.integer({ min: 60_000, max: 61_000 }),
          quota,
          fc.array(step, { maxLength: 60 }),
          async (windowMs, quota, steps) => {
            const allowance: Allowance = { quota, windowMs };
            const both = [newKey(), newKey()].map((key) => ({ key, reference: new ReferenceLog(allowance) }));
            for (const { afterMs, key: index, kind, units, reopens } of steps) {
              fixture.clock.now += afterMs;
              if (reopens) limits = await fixture.open();
              const { key, reference } = both[index]!;
              const now = fixture.clock.now;
              if (kind === 'add') {
                await limits.add(key, allowance, units);
                reference.add(now, units);
              } else {
                expect(await limits.take(key, allowance, units)).toEqual(reference.take(now, units));
              }
            }
          },
        ),
        { numRuns: 150 },
      );
    });
  });
}

/** The definition, without any cleverness. */
class ReferenceLog {
  readonly #allowance: Allowance;
  #entries: { readonly at: number; readonly units: number }[] = [];

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  take(now: number, units: number) {
    const isAllowed = this.#used(now) < this.#allowance.quota;
    if (isAllowed) this.add(now, units);
    const used = this.#used(now);
    const oldest = this.#entries[0]?.at;
    return { isAllowed, used, resetMs: oldest === undefined ? 0 : oldest + this.#allowance.windowMs - now };
  }

  add(at: number, units: number): void {
    if (units > 0) this.#entries.push({ at, units });
  }

  #used(now: number): bigint {
    this.#entries = this.#entries.filter(({ at }) => at + this.#allowance.windowMs > now);
    return this.#entries.reduce((sum, { units }) => sum + BigInt(units), 0n);
  }
}
