import { describe, expect, test } from '@jest/globals';
import type { EncodedRows } from '@throughline/analytics/analytics-store';
import { World } from '../aggregator-world.ts';
import { type Call, callEvent } from '../calls.ts';
import { useEmbeddedStore } from '../embedded-store.ts';
import { bySession, figuresByPlace } from '../expectations.ts';

const store = useEmbeddedStore('lost-rows');

/** Takes rows away as a power cut does; tables that belong to a partition, or to a tenant. */
async function lose(world: World, table: string, condition = '1'): Promise<void> {
  const own = ['sessions', 'session_keys'].includes(table)
    ? `tenant_id = '${world.tenant}'`
    : `source_partition = ${world.partition}`;
  await store.command(`ALTER TABLE ${table} DELETE WHERE ${own} AND ${condition} SETTINGS mutations_sync = 1`);
}

async function count(world: World, table: string, what = 'count()'): Promise<number> {
  const [row] = await world.raw.query<{ found: string }>({
    sql: `SELECT toString(${what}) AS found FROM ${table} FINAL WHERE source_partition = {partition:UInt16}`,
    params: { partition: world.partition },
  });
  return Number(row!.found);
}

/** Thirty-one calls of four sessions, one of which moved, and two events that became no row. */
async function filled(): Promise<{ world: World; calls: Call[] }> {
  const world = await World.create(store.analytics);
  const now = Date.now();
  const calls: Call[] = Array.from({ length: 30 }, (_, i) => ({
    tenant: world.tenant,
    session: `s${i % 3}`,
    promptTokens: i,
    startedAt: now - (i % 3 === 0 ? i * 1_000 : 0),
  }));
  for (const [i, call] of calls.entries()) {
    world.log.append(callEvent(call));
    if (i === 10) world.log.appendBytes(Buffer.from('poison'));
    if (i === 20) world.log.append(callEvent(call), 'producer', 0);
  }
  await world.live({ config: { batchEventsMax: 8 } });
  // The sessions of the last commit are published again at each start, whatever is found: those of before must be found.
  const last: Call = { tenant: world.tenant, session: 'last' };
  world.log.append(callEvent(last));
  await world.live();
  return { world, calls: [...calls, last] };
}

/** Starts again and tells what was inserted until it had caught up. */
async function startAgain(world: World): Promise<EncodedRows[]> {
  const inserted: EncodedRows[] = [];
  world.store.fault = ({ insert }) => {
    if (insert) inserted.push(insert);
    return undefined;
  };
  await world.live();
  world.store.fault = () => undefined;
  return inserted;
}

async function expectExact(world: World, calls: readonly Call[]): Promise<void> {
  const expected = bySession(calls);
  expect(await figuresByPlace(world)).toEqual({ rows: expected, totals: expected, snapshots: expected });
  expect((await world.audit()).differences).toEqual([]);
}

describe('at start', () => {
  test('nothing is inserted but the snapshots of the last commit and of sessions that moved, when nothing is missing', async () => {
    const { world, calls } = await filled();
    const inserted = await startAgain(world);
    expect(new Set(inserted.map(({ table }) => table))).toEqual(new Set(['session_keys', 'sessions']));
    await expectExact(world, calls);
    await world.destroy();
  });

  test.each([
    ['requests', 'source_offset >= 25'],
    ['requests', 'source_offset IN (0, 3, 4, 12, 31)'],
    ['requests', '1'],
    ['request_bodies', 'source_offset >= 20'],
    ['ledger_exceptions', '1'],
    ['dead_letters', '1'],
    ['sessions', '1'],
    ['sessions', 'is_deleted = 1'],
    ['sessions', "session_id = 's1'"],
    ['session_keys', '1'],
  ])('what was lost of %s where %s is stored again, and nothing else', async (table, condition) => {
    const { world, calls } = await filled();
    const tables = ['requests', 'request_bodies', 'ledger_exceptions', 'dead_letters'];
    const before = await Promise.all(tables.map((name) => count(world, name)));
    const lostRows = tables.includes(table) ? await count(world, table, `countIf(${condition})`) : 0;
    await lose(world, table, condition);
    const inserted = await startAgain(world);
    await expectExact(world, calls);
    expect(await Promise.all(tables.map((name) => count(world, name)))).toEqual(before);
    const rows = inserted.filter((insert) => tables.includes(insert.table));
    expect(rows.map((insert) => [insert.table, insert.rows])).toEqual(
      tables.includes(table) ? [[table, table === 'ledger_exceptions' ? 2 : lostRows]] : [],
    );

    // Whatever comes next still moves the keys that were lost.
    const earlier: Call = { tenant: world.tenant, session: 's1', startedAt: Date.now() - 3_600_000 };
    world.log.append(callEvent(earlier));
    await world.live();
    await expectExact(world, [...calls, earlier]);
    await world.destroy();
  });

  test('a snapshot that is there, but older than its totals, is published again', async () => {
    const { world, calls } = await filled();
    const more: Call[] = [
      { tenant: world.tenant, session: 's1', startedAt: Date.now() },
      { tenant: world.tenant, session: 's2', startedAt: Date.now() },
    ];
    let isLosing = false;
    const life = world.start({
      analytics: {
        insert: async (rows) => {
          if (!(isLosing && rows.table === 'sessions')) await world.store.insert(rows);
        },
        query: (query) => world.store.query(query),
        instanceId: () => world.store.instanceId(),
        close: async () => {},
      },
    });
    await life.caughtUp();
    isLosing = true;
    world.log.append(callEvent(more[0]!));
    await life.caughtUp();
    isLosing = false;
    // Of this commit the next start publishes the snapshots again, not of the one before.
    world.log.append(callEvent(more[1]!));
    await life.caughtUp();
    await life.stop();
    await world.live();
    await expectExact(world, [...calls, ...more]);
    await world.destroy();
  });

  test('rows that were decided to be none are not made rows, however old their first append', async () => {
    const { world, calls } = await filled();
    const call = calls[0]!;
    // An outbox that was emptied late: hours old, and applied long ago.
    world.log.append(callEvent(call), 'producer', 0, Date.now() - 5 * 3_600_000);
    await world.live();
    await lose(world, 'ledger_exceptions');
    await lose(world, 'requests', 'source_offset > 25');
    await startAgain(world);
    await expectExact(world, calls);
    expect((await world.audit()).stored.exceptions).toEqual({ dead: 1, resent: 2 });
    await world.destroy();
  });

  test('is repeated while the owner runs, once the analytics store says that it has restarted', async () => {
    const { world, calls } = await filled();
    const life = world.start();
    await life.caughtUp();
    await lose(world, 'requests', 'source_offset > 25');
    await lose(world, 'sessions', "session_id = 's2'");
    world.store.instance = 'second';
    let isFirst = true;
    world.store.fault = ({ insert }) => {
      if (!insert || !isFirst) return undefined;
      isFirst = false;
      return Object.assign(new Error('connection refused'), { retryable: true });
    };
    const next: Call = { tenant: world.tenant, session: 's0' };
    world.log.append(callEvent(next));
    await life.caughtUp();
    world.log.append(callEvent(next));
    await life.caughtUp();
    expect(await life.stop()).toBeUndefined();
    await expectExact(world, [...calls, next, next]);
    await world.destroy();
  });
});
