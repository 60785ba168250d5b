import { expect, test } from '@jest/globals';
import { timeCalls } from './time-calls.ts';

test('makes one call however little time there is, and no more than allowed however much', async () => {
  let calls = 0;
  const work = async () => void calls++;
  expect(await timeCalls(work, { forMs: 0, callsMax: 5 })).toHaveLength(1);
  expect(await timeCalls(work, { forMs: 60_000, callsMax: 5 })).toHaveLength(5);
  expect(calls).toBe(6);
});
