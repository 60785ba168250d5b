import { expect, test } from '@jest/globals';
import type { EncodedRows } from '@throughline/analytics/analytics-store';
import type { KeyRecord } from '@throughline/contracts/keys';
import { createLogger } from '@throughline/telemetry/logger';
import { openKeyUses } from './key-uses.ts';

const logger = createLogger('test', { level: 'silent' });
const key = (id: string): KeyRecord => ({ hash: id, id, tenantId: 'acme', permissions: ['rw'] });

function store() {
  const inserted: EncodedRows[] = [];
  let isDown = false;
  return {
    inserted,
    setDown: (down: boolean) => {
      isDown = down;
    },
    insert: async (rows: EncodedRows) => {
      if (isDown) throw new Error('down');
      inserted.push(rows);
    },
  };
}

test('uses are written together, one row per key however often it was used, and nothing when there was none', async () => {
  const analytics = store();
  const uses = openKeyUses({ analytics, logger, flushMs: 3_600_000 });
  for (let i = 0; i < 100; i++) uses.note(key(i % 2 ? 'one' : 'two'));
  expect(analytics.inserted).toEqual([]);
  await uses.flush();
  await uses.flush();
  expect(analytics.inserted.map(({ table, rows }) => [table, rows])).toEqual([['api_key_uses', 2]]);
  await uses.close();
  expect(analytics.inserted).toHaveLength(1);
});

test('what cannot be written is written with the next ones, at the end at the latest', async () => {
  const analytics = store();
  const uses = openKeyUses({ analytics, logger, flushMs: 3_600_000 });
  analytics.setDown(true);
  uses.note(key('one'));
  await uses.flush();
  uses.note(key('two'));
  analytics.setDown(false);
  await uses.close();
  expect(analytics.inserted.map(({ rows }) => rows)).toEqual([2]);
});
