import { expect, test } from '@jest/globals';
import { measureUse } from './server-use.ts';

test('what a process used is measured, and nobody’s use is no number', async () => {
  const { pid } = process;
  expect(await measureUse([pid], async () => 'done')).toEqual({
    result: 'done',
    cpuUs: expect.any(Number),
    rssMib: expect.any(Number),
  });
  expect(await measureUse([], async () => 'done')).toEqual({ result: 'done', cpuUs: Number.NaN, rssMib: Number.NaN });
  const [once, twice] = [await measureUse([pid], async () => {}), await measureUse([pid, pid], async () => {})];
  expect(twice.rssMib).toBeGreaterThan(once.rssMib);
});
