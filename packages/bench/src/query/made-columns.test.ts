import { describe, expect, test } from '@jest/globals';
import { TABLES } from '@throughline/analytics/tables';
import { BODY_COLUMN_NAMES } from './body-rows-sql.ts';
import { REQUEST_COLUMN_NAMES } from './request-rows-sql.ts';
import { SESSION_COLUMN_NAMES, SESSION_KEY_COLUMN_NAMES } from './session-rows-sql.ts';

describe('made-up rows', () => {
  test('of sessions have every column, which copies of them count on, but the one that is made of the others', () => {
    const names = TABLES.sessions.map(({ name }) => name).filter((name) => name !== 'listed');
    expect(SESSION_COLUMN_NAMES.split(', ').sort()).toEqual(names.sort());
  });

  test.each([
    ['requests', REQUEST_COLUMN_NAMES],
    ['request_bodies', BODY_COLUMN_NAMES],
    ['session_keys', SESSION_KEY_COLUMN_NAMES],
  ] as const)('of %s have columns of the table only', (table, names) => {
    const known = new Set(TABLES[table].map(({ name }) => name));
    expect(names.split(', ').filter((name) => !known.has(name))).toEqual([]);
  });
});
