import { expect, test } from '@jest/globals';
import { placeOf, sessionsOf } from './call-spread.ts';

const SPREAD = { sessionsAtOnce: 3, callsPerSession: 2 };

test('sessions take turns until each has all of its calls, then come new ones', () => {
  const places = Array.from({ length: 8 }, (_, number) => placeOf(number, SPREAD));
  expect(places.map(({ session }) => session)).toEqual([0, 1, 2, 0, 1, 2, 3, 4]);
  expect(places.map(({ call }) => call)).toEqual([0, 0, 0, 1, 1, 1, 0, 0]);
});

test.each([0, 1, 3, 5, 6, 7, 100])('counts as many sessions of %d calls as these have', (calls) => {
  const sessions = new Set(Array.from({ length: calls }, (_, number) => placeOf(number, SPREAD).session));
  expect(sessionsOf(calls, SPREAD)).toBe(sessions.size);
});
