import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { COLUMN_SPECS, columnsText, DEFAULT_COLUMNS, movedColumn, readColumns } from './column-specs.ts';

const ids = COLUMN_SPECS.map(({ id }) => id);
const chosen = fc.subarray(ids.slice(1)).map((rest) => ['name' as const, ...rest]);

describe('columns as they are kept', () => {
  test('come back in their order', () => {
    fc.assert(
      fc.property(chosen, (columns) => {
        expect(readColumns(columnsText(columns)) ?? DEFAULT_COLUMNS).toEqual(columns);
      }),
    );
  });

  test('those that there are not, or are named twice, are passed over, and the name stands first', () => {
    expect(readColumns('cost,secret,cost,name,__proto__')).toEqual(['name', 'cost']);
    expect(readColumns('')).toBeUndefined();
  });

  test('a column that is moved leaves the others in their order, and the name first', () => {
    fc.assert(
      fc.property(chosen, fc.constantFrom(...ids), fc.integer({ min: -30, max: 30 }), (columns, id, by) => {
        const moved = movedColumn(columns, id, by);
        expect(moved[0]).toBe('name');
        expect(moved.filter((other) => other !== id)).toEqual(columns.filter((other) => other !== id));
        expect(moved).toHaveLength(columns.length);
      }),
    );
  });
});
