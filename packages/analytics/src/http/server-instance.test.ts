import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { watchInstances } from './server-instance.ts';

const T0 = Date.UTC(2026, 0, 1, 12, 0, 0, 400);

/** What a server that started at `startedAt` says at `at`. */
const sighting = (startedAt: number, at: number, host = 'a') => ({
  host,
  nowMs: at,
  uptimeSeconds: Math.floor((at - startedAt) / 1000),
});

describe('a run of a server', () => {
  test('keeps its name, whenever within a second it is looked at', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), fc.array(fc.nat(10_000_000)), (offset, moments) => {
        const instances = watchInstances();
        const startedAt = T0 + offset;
        const name = instances.see(sighting(startedAt, startedAt));
        for (const after of moments.toSorted((a, b) => a - b)) {
          expect(instances.see(sighting(startedAt, startedAt + after))).toBe(name);
        }
      }),
    );
  });

  test('has another name than the run before, however short that was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), fc.nat(5_000), fc.nat(5_000), (seenAfter, down, again) => {
        const instances = watchInstances();
        const name = instances.see(sighting(T0, T0 + seenAfter));
        // Longer than any start takes less.
        const restartedAt = T0 + seenAfter + 1_300 + down;
        expect(instances.see(sighting(restartedAt, restartedAt + again))).not.toBe(name);
      }),
    );
  });

  test('has another name when it began while nobody looked', () => {
    const instances = watchInstances();
    const name = instances.see(sighting(T0, T0 + 1_000));
    const restartedAt = T0 + 60_000;
    const next = instances.see(sighting(restartedAt, restartedAt + 3_600_000));
    expect(next).not.toBe(name);
    expect(instances.see(sighting(restartedAt, restartedAt + 3_700_000))).toBe(next);
  });

  test('keeps its name while its clock is set right by little', () => {
    const instances = watchInstances();
    const name = instances.see(sighting(T0, T0 + 500));
    for (let i = 1; i < 100; i++) expect(instances.see(sighting(T0 + i, T0 + i * 10_000))).toBe(name);
  });
});

test('hosts behind one address are followed each by itself', () => {
  const instances = watchInstances();
  const name = instances.see(sighting(T0, T0 + 5_000, 'a'));
  expect(instances.see(sighting(T0 - 3_600_000, T0 + 6_000, 'b'))).toBe(name);
  expect(instances.see(sighting(T0, T0 + 7_000, 'a'))).toBe(name);
  expect(instances.see(sighting(T0 + 8_000, T0 + 9_000, 'b'))).not.toBe(name);
});

test('two watchers never give the same name', () => {
  expect(watchInstances().see(sighting(T0, T0))).not.toBe(watchInstances().see(sighting(T0, T0)));
});
