import { expect, test } from '@jest/globals';
import { ALL } from '@throughline/filter-tree/filter';
import { POINTS_MAX, type TimeGrid } from '../time-buckets.ts';
import { propertyOverTime } from './property-over-time.ts';
import { scoresOverTime } from './scores-over-time.ts';

const selection = { tenantId: 't', filter: ALL, range: { fromMs: 0, toMs: 1 }, nowMs: 0 };
const grid: TimeGrid = { increment: 'hour', zoneMinutes: 60 };

/** A store that has so many rows. */
function storeOf(rows: number) {
  const row = { at: 3600, value: 'x', cost_text: '0.5', requests: '2', name: 'x', total: 1 };
  return {
    query: async <Row>({ params }: { params?: Readonly<Record<string, unknown>> }) =>
      Array.from({ length: Math.min(rows, Number(params!.limit)) }, () => row) as Row[],
  };
}

test.each([
  ['values of a property', (rows: number) => propertyOverTime(storeOf(rows), selection, 'env', grid)],
  ['scores', (rows: number) => scoresOverTime(storeOf(rows), selection, grid)],
])('more %s than an answer has points are refused, never cut off', async (_, read) => {
  const points = await read(POINTS_MAX);
  expect(points).toHaveLength(POINTS_MAX);
  // Seconds of the wall clock, an hour behind UTC.
  expect(points[0]!.atMs).toBe(7_200_000);
  await expect(read(POINTS_MAX + 1)).rejects.toThrow('more than 45000 points of one hour each');
});
