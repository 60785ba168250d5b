import { expect, test } from '@jest/globals';
import { createPace } from './pace.ts';

const CYCLE_MS = 500;

function paceAt(start: number) {
  const clock = { now: start };
  return {
    clock,
    pace: createPace(
      () => CYCLE_MS,
      () => clock.now,
    ),
  };
}

test('who comes after idling starts at once, and its next batch is due a cycle later', () => {
  const { clock, pace } = paceAt(10_000);
  expect(pace.waitMs(undefined, 1)).toBeLessThanOrEqual(0);
  const cycle = pace.start();
  expect(pace.waitMs(cycle, 1)).toBe(CYCLE_MS);
  clock.now += CYCLE_MS + 300;
  expect(pace.waitMs(cycle, 1)).toBeLessThanOrEqual(0);
});

test('others join the cycle that has just begun, once each; those who are too late wait for the next one', () => {
  const { clock, pace } = paceAt(0);
  const first = pace.start();
  clock.now += 5;
  expect(pace.waitMs(undefined, 1)).toBe(0);
  const joined = pace.start();
  expect(joined).toBe(first);
  expect(pace.waitMs(joined, 1)).toBe(CYCLE_MS - 5);
  clock.now += 20;
  expect(pace.waitMs(undefined, 1)).toBe(CYCLE_MS - 25);
});

test('one that joins late stays with the others in the cycles that follow', () => {
  const { clock, pace } = paceAt(0);
  let early = pace.start();
  clock.now += 14;
  let late = pace.start();
  for (let cycle = 0; cycle < 5; cycle++) {
    expect(pace.waitMs(late, 1)).toBe(pace.waitMs(early, 1));
    clock.now += pace.waitMs(early, 1);
    early = pace.start();
    expect(pace.waitMs(late, 1)).toBe(0);
    late = pace.start();
    expect(late).toBe(early);
  }
});

test('a cycle that is made longer counts at once', () => {
  let cycleMs = 300;
  const clock = { now: 0 };
  const pace = createPace(
    () => cycleMs,
    () => clock.now,
  );
  const cycle = pace.start();
  clock.now += 100;
  expect(pace.waitMs(cycle, 1)).toBe(200);
  cycleMs = 500;
  expect(pace.waitMs(cycle, 1)).toBe(400);
});

test('a batch that has grown large waits for the longer cycle of such', () => {
  const clock = { now: 0 };
  const pace = createPace(
    (events) => (events >= 600 ? 500 : 150),
    () => clock.now,
  );
  const cycle = pace.start();
  clock.now += 150;
  expect([pace.waitMs(cycle, 599), pace.waitMs(cycle, 600)]).toEqual([0, 350]);
});
