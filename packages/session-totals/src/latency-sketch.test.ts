import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bucketMs, LATENCY_MS_MAX, latencyBucket, latencyQuantile } from './latency-sketch.ts';

const LAST_BUCKET = latencyBucket(LATENCY_MS_MAX);

describe('latency sketch', () => {
  test('puts each whole number into the bucket that exact arithmetic gives it', () => {
    let power = { numerator: 1n, denominator: 1n };
    for (let bucket = 0; bucket < LAST_BUCKET; bucket++) {
      // Largest whole number ≤ γ^bucket, and the one after it.
      const highest = Number(power.numerator / power.denominator);
      expect(latencyBucket(highest)).toBeLessThanOrEqual(bucket);
      expect(latencyBucket(highest + 1)).toBeGreaterThan(bucket);
      power = { numerator: power.numerator * 101n, denominator: power.denominator * 99n };
    }
  });

  test('has no bucket whose bound another logarithm could take for the other side', () => {
    let nearest = 1;
    for (let bucket = 1; bucket < LAST_BUCKET; bucket++) {
      const highest = Math.floor((101 / 99) ** bucket);
      for (const ms of [highest, highest + 1]) {
        const exact = Math.log(ms) / Math.log(101 / 99);
        nearest = Math.min(nearest, Math.abs(exact - bucket));
      }
    }
    // Logarithms are right to one part in 2^52, which is about 3e-13 of a bucket here.
    expect(nearest).toBeGreaterThan(1e-10);
  });

  test('answers every latency up to 24.8 days within 1%', () => {
    for (let bucket = 0; bucket < LAST_BUCKET; bucket++) {
      const lowest = bucket === 0 ? 1 : Math.floor((101 / 99) ** (bucket - 1)) + 1;
      const highest = Math.floor((101 / 99) ** bucket);
      if (highest < lowest) continue;
      const answer = bucketMs(bucket);
      expect(Math.abs(answer - lowest) / lowest).toBeLessThanOrEqual(0.01);
      expect(Math.abs(answer - highest) / highest).toBeLessThanOrEqual(0.01);
    }
  });

  test('is exact for whole milliseconds below 50, and for nothing', () => {
    for (let ms = 0; ms < 50; ms++) expect(bucketMs(latencyBucket(ms))).toBe(ms);
    expect(latencyQuantile(new Map(), 95)).toBe(0);
    expect(latencyBucket(-5)).toBe(latencyBucket(0));
    expect(latencyBucket(Number.MAX_SAFE_INTEGER)).toBe(LAST_BUCKET);
  });

  test('gives the quantile of the nearest rank within 1%, whatever the order of counting', () => {
    const latencies = fc.array(fc.oneof(fc.nat({ max: 200 }), fc.nat({ max: LATENCY_MS_MAX })), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(latencies, fc.integer({ min: 1, max: 100 }), (values, percent) => {
        const buckets = new Map<number, number>();
        for (const ms of values) buckets.set(latencyBucket(ms), (buckets.get(latencyBucket(ms)) ?? 0) + 1);
        const sorted = [...values].sort((a, b) => a - b);
        const exact = sorted[Math.ceil((values.length * percent) / 100) - 1]!;
        expect(Math.abs(latencyQuantile(buckets, percent) - exact)).toBeLessThanOrEqual(exact * 0.01 + 1e-9);
        const reversed = new Map([...buckets].reverse());
        expect(latencyQuantile(reversed, percent)).toBe(latencyQuantile(buckets, percent));
      }),
    );
  });
});
