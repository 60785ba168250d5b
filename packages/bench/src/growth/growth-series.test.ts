import { expect, test } from '@jest/globals';
import { GROWTH_COLUMNS, type GrowthSeries, growthFigures, growthRows } from './growth-series.ts';

const SERIES: GrowthSeries = {
  name: 'live sessions',
  sizes: [
    { size: 1, samples: [100, 200, 100].map((cpuUs) => ({ cpuUs, eventsPerSecond: 5_000, peakRssMib: 300 })) },
    {
      size: 10_000,
      samples: [150, 260, 140].map((cpuUs, round) => ({
        cpuUs,
        eventsPerSecond: 4_000,
        peakRssMib: 400 + round,
        takeOverMs: 20,
        listMs: 3,
        sessionMs: 2,
      })),
    },
  ],
  notes: [],
};

test('says of each size what an event costs, and against the smallest within each round', () => {
  expect(growthRows([SERIES])).toEqual([
    ['live sessions', '1', '100 ±50%', '1.00x', '5,000 ±0%', '300', '-', '-', '-'],
    ['live sessions', '10,000', '150 ±40%', '1.40x', '4,000 ±0%', '402', '20.0', '3.00', '2.00'],
  ]);
  expect(growthRows([SERIES])[0]).toHaveLength(GROWTH_COLUMNS.length);
});

test('states the growth from the smallest to the largest', () => {
  expect(growthFigures([SERIES])).toEqual([
    { name: expect.stringContaining('live sessions: 10,000 against 1'), value: 1.4, unit: 'x' },
  ]);
});
