import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readDimension, seriesOf, slicesOf, VALUES_MAX } from './breakdown.ts';

describe('lines by a dimension', () => {
  test('are the most frequent values and one for all others', () => {
    const slices = slicesOf('model', ['a', 'b', 'c', 'd', 'e']);
    expect(slices.map(({ label }) => label)).toEqual(['a', 'b', 'c', 'd', 'Other']);
    expect(slices[0]!.filter).toEqual({ request_response_rmt: { model: { equals: 'a' } } });
    expect(JSON.stringify(slices[4]!.filter).match(/not-equals/g)).toHaveLength(4);
  });

  test('have none for others where there are none, and name what has no value', () => {
    expect(slicesOf('user', ['ada', '']).map(({ label }) => label)).toEqual(['ada', 'No user']);
    expect(slicesOf('all', ['ada'])).toEqual([{ label: 'All', role: '--accent', filter: 'all' }]);
  });

  test('are never more than a chart can tell apart', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), (values) => {
        const slices = slicesOf('provider', values);
        expect(slices.length).toBeLessThanOrEqual(VALUES_MAX + 1);
        expect(new Set(slices.map(({ role }) => role)).size).toBe(slices.length);
      }),
    );
  });

  test('stand over the times of the first, whatever the others have', () => {
    const slices = slicesOf('name', ['a', 'b']);
    const [first, second] = ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'];
    const points = [
      [
        { time: first!, value: 1 },
        { time: second!, value: 0 },
      ],
      [{ time: second!, value: 3 }],
    ];
    expect(seriesOf(slices, points, true).series.map(({ values }) => values)).toEqual([
      [1, 0],
      [0, 3],
    ]);
    expect(seriesOf(slices, points, false).series.map(({ values }) => values)).toEqual([
      [1, null],
      [null, 3],
    ]);
    expect(seriesOf(slices, [], true)).toMatchObject({ times: [] });
  });

  test('a URL that names no dimension means everything', () => {
    expect([undefined, 'nonsense', 'user'].map(readDimension)).toEqual(['all', 'all', 'user']);
  });
});
