import { expect, test } from '@jest/globals';
import { sumOf, watchCpu } from './cpu-watch.ts';

test('several processes of one name are added up, thread by thread', () => {
  expect(
    sumOf([
      { processUs: 100, threads: { main: 60, pool: 40 } },
      { processUs: 50, threads: { main: 50 } },
    ]),
  ).toEqual({ processUs: 150, threads: { main: 110, pool: 40 } });
});

test('what a process used is counted since the watch began', () => {
  const used = watchCpu({ own: [process.pid], none: [] });
  const end = process.cpuUsage().user + 30_000;
  while (process.cpuUsage().user < end);
  const { own, none } = used();
  // The kernel counts in ticks of 10 ms.
  expect(own.processUs).toBeGreaterThanOrEqual(10_000);
  expect(own.processUs).toBeLessThan(process.cpuUsage().user + process.cpuUsage().system);
  expect(none).toEqual({ processUs: 0, threads: {} });
});
