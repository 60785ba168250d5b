import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { AnalyticsError, type AnalyticsStore, type EncodedRows } from '@throughline/analytics/analytics-store';
import fc from 'fast-check';
import { shareInserts } from './share-inserts.ts';

const rowsOf = (table: EncodedRows['table'], text: string): EncodedRows => ({
  table,
  rows: text.length,
  bytes: Buffer.from(text),
});

/** Records what is inserted; each insert takes a moment, and `fails` says how it ends. */
function recording(fails: (rows: EncodedRows) => AnalyticsError | undefined = () => undefined) {
  const inserts: { table: string; rows: number; text: string }[] = [];
  const running = new Map<string, number>();
  let mostRunning = 0;
  const store: AnalyticsStore = {
    async insert(rows) {
      const { table } = rows;
      running.set(table, (running.get(table) ?? 0) + 1);
      mostRunning = Math.max(mostRunning, running.get(table)!);
      await sleep(2);
      running.set(table, running.get(table)! - 1);
      const error = fails(rows);
      if (error) throw error;
      inserts.push({ table, rows: rows.rows, text: Buffer.from(rows.bytes).toString() });
    },
    query: async () => [],
    instanceId: async () => 'one',
    close: async () => {},
  };
  return { store, inserts, mostRunning: () => mostRunning };
}

describe('inserts of several partitions', () => {
  test('of one table wait for each other and go together; those of other tables do not wait', async () => {
    const { store, inserts, mostRunning } = recording();
    const shared = shareInserts(store, { lingerMs: 0 });
    await Promise.all([
      shared.insert(rowsOf('requests', 'a')),
      shared.insert(rowsOf('sessions', 's')),
      shared.insert(rowsOf('requests', 'bb')),
      shared.insert(rowsOf('requests', 'ccc')),
    ]);
    expect(inserts).toEqual([
      { table: 'requests', rows: 1, text: 'a' },
      { table: 'sessions', rows: 1, text: 's' },
      { table: 'requests', rows: 5, text: 'bbccc' },
    ]);
    expect(mostRunning()).toBe(1);
  });

  test('that come within the linger are one', async () => {
    const { store, inserts } = recording();
    const shared = shareInserts(store, { lingerMs: 20 });
    await Promise.all(['a', 'b', 'c'].map((text) => shared.insert(rowsOf('requests', text))));
    expect(inserts).toEqual([{ table: 'requests', rows: 3, text: 'abc' }]);
  });

  test('fail together where trying again may help, and apart where it cannot', async () => {
    const outage = new AnalyticsError('unavailable', 'down', { retryable: true });
    const down = recording(() => outage);
    const shared = shareInserts(down.store, { lingerMs: 5 });
    const both = [shared.insert(rowsOf('requests', 'a')), shared.insert(rowsOf('requests', 'b'))];
    for (const { status } of await Promise.allSettled(both)) expect(status).toBe('rejected');

    const rejected = new AnalyticsError('rejected', 'cannot parse x', { retryable: false });
    const picky = recording(({ bytes }) => (Buffer.from(bytes).includes('x') ? rejected : undefined));
    const again = shareInserts(picky.store, { lingerMs: 5 });
    const results = await Promise.allSettled(['a', 'x', 'b'].map((text) => again.insert(rowsOf('requests', text))));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(picky.inserts.map(({ text }) => text)).toEqual(['a', 'b']);
  });

  test('are each stored once, in their order, whoever comes when', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(6), fc.boolean()), { maxLength: 30 }), async (calls) => {
        const { store, inserts, mostRunning } = recording();
        const shared = shareInserts(store, { lingerMs: 0 });
        const done: Promise<void>[] = [];
        for (const [index, [waitMs, isSession]] of calls.entries()) {
          if (waitMs > 3) await sleep(waitMs - 3);
          done.push(shared.insert(rowsOf(isSession ? 'sessions' : 'requests', `${index};`)));
        }
        await Promise.all(done);
        for (const table of ['sessions', 'requests'] as const) {
          const texts = inserts.filter((one) => one.table === table).map(({ text }) => text);
          const given = calls.flatMap(([, isSession], index) =>
            isSession === (table === 'sessions') ? [`${index};`] : [],
          );
          expect(texts.join('')).toBe(given.join(''));
        }
        if (calls.length > 0) expect(mostRunning()).toBe(1);
      }),
      { numRuns: 30 },
    );
  });
});
