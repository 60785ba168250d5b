import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { COLUMNS } from './columns.ts';

const DOC = join(import.meta.dirname, '../../../docs/api.md');

test('every column is in the documentation of filters', () => {
  const text = readFileSync(DOC, 'utf8');
  const filters = text.slice(text.indexOf('## Filters'));
  expect(Object.keys(COLUMNS).filter((column) => !filters.includes(`\`${column}\``))).toEqual([]);
});
