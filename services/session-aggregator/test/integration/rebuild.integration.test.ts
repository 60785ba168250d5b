import { describe, expect, test } from '@jest/globals';
import { AnalyticsError } from '@throughline/analytics/analytics-store';
import type { SessionState } from '@throughline/session-totals/session-state';
import type { PartitionState } from '@throughline/session-totals/session-totals';
import { encodeSessionState } from '@throughline/session-totals/state-codec';
import { crashAt, World } from '../aggregator-world.ts';
import { type Call, callEvent } from '../calls.ts';
import { useEmbeddedStore } from '../embedded-store.ts';
import { bySession, figuresByPlace, liveStates } from '../expectations.ts';
import { MemoryLog } from '../memory-log.ts';

const store = useEmbeddedStore('rebuild');
const NOW = Date.now();

/** Everything that decides figures and later decisions; not how often it was published and by whom. */
function comparable(state: SessionState): string {
  const bare = { ...state, applied: 0, snapshotVersion: 0n, publishedCreatedAt: null };
  return encodeSessionState(bare).toString('hex');
}

function comparablePartition({ producers, tenants, fence }: PartitionState) {
  return { producers, tenants, offset: fence.offset, logId: fence.logId };
}

/** Sessions that go on over many pages, move, fail, repeat ids, and hold odd text; and what becomes no row. */
function fill(world: World, count: number): Call[] {
  const { tenant } = world;
  const calls: Call[] = [];
  for (let i = 0; i < count; i++) {
    const call: Call = {
      tenant,
      session: i % 9 === 0 ? undefined : `s${i % 5}`,
      name: i % 3 === 0 ? `name \ud800 ${i % 4}` : '',
      path: `/a/${i % 7}/`,
      chosenId: i % 4 === 0 ? `id-${i}` : undefined,
      user: `user-${i % 3}`,
      status: i % 13 === 0 ? 429 : 200,
      startedAt: NOW - i * 1_000,
      latencyMs: i * 17,
      promptTokens: i,
      properties: [
        ['env', `v${i % 6}`],
        ['__proto__', 'x'],
        ['env', `w${i % 2}`],
      ],
    };
    calls.push(call);
    world.log.append(callEvent(call), `p${i % 2}`);
    if (i % 4 === 0 && i % 9 !== 0) world.log.append(callEvent(call), `p${i % 2}`);
    if (i % 10 === 5) world.log.append(callEvent(call), `p${i % 2}`, 0);
    if (i % 20 === 6) world.log.appendBytes(Buffer.from('no event'));
    if (i % 20 === 7) world.log.lose(3, 'damaged', 'p0');
  }
  world.log.append({ kind: 'closed', schema_version: 1, event_id: 'e', tenant_id: tenant, last_seq: 1_000 }, 'p1');
  return calls;
}

describe('totals that are gone', () => {
  test('are made anew from rows, the same bit for bit', async () => {
    const world = await World.create(store.analytics);
    const calls = fill(world, 120);
    await world.live({ config: { batchEventsMax: 50 } });
    const ids = ['s0', 's1', 's2', 's3', 's4'];
    const before = await liveStates(world, ids);
    const partitionBefore = await world.totals.loadPartition(world.partition);
    await world.loseTotals();

    await world.live();
    const after = await liveStates(world, ids);
    expect(after.map(comparable)).toEqual(before.map(comparable));
    const partitionAfter = await world.totals.loadPartition(world.partition);
    expect(comparablePartition(partitionAfter!)).toEqual(comparablePartition(partitionBefore!));
    expect(partitionAfter!.fence.epoch).toBeGreaterThan(partitionBefore!.fence.epoch);
    const expected = bySession(calls);
    expect(await figuresByPlace(world)).toEqual({ rows: expected, totals: expected, snapshots: expected });
    await world.destroy();
  });

  test('are the same when the rebuild dies after each of its pages', async () => {
    const world = await World.create(store.analytics);
    const calls = fill(world, 60);
    await world.live({ config: { batchEventsMax: 10 } });
    const ids = ['s0', 's1', 's2', 's3', 's4'];
    const before = await liveStates(world, ids);
    await world.loseTotals();

    // Pages of 20,000 offsets would hold everything: a store that refuses more makes them small.
    const small = (limit: number) => (call: { query?: { params?: Readonly<Record<string, unknown>> } }) => {
      const { from, last } = call.query?.params ?? {};
      const isPage = typeof from === 'number' && typeof last === 'number' && !('through' in call.query!.params!);
      return isPage && last - from + 1 > limit ? new AnalyticsError('too-large', 'too many rows') : undefined;
    };
    world.store.fault = small(9);
    let pages = 0;
    for (const point of ['aggregator:rebuilt-page-published', 'aggregator:rebuilt-page-committed'] as const) {
      for (let died = 0; died < 3; died++) {
        const crashed = await world.liveUntilCrash({ crashPoint: crashAt(point) });
        expect(crashed).toBe(point);
        pages++;
        // Parts of sessions are shown nowhere.
        const partial = await world.totals.read({ tenantId: world.tenant, sessionId: 's1' });
        expect(partial).toBeUndefined();
        const { snapshots } = await figuresByPlace(world);
        expect(snapshots).toEqual(bySession(calls));
      }
    }
    expect(pages).toBe(6);
    await world.live();
    expect((await liveStates(world, ids)).map(comparable)).toEqual(before.map(comparable));
    const expected = bySession(calls);
    expect(await figuresByPlace(world)).toEqual({ rows: expected, totals: expected, snapshots: expected });
    await world.destroy();
  });

  test('of some sessions alone, which went on from nothing, are made anew at the next start', async () => {
    const world = await World.create(store.analytics);
    const call = (session: string, minutesAgo: number): Call => ({
      tenant: world.tenant,
      session,
      startedAt: NOW - minutesAgo * 60_000,
    });
    const calls = [call('a', 9), call('a', 8), call('b', 9), call('c', 9), call('c', 8)];
    for (const one of calls) world.log.append(callEvent(one));
    await world.live();
    // Two are forgotten under an owner that does not hold them, and one goes on: it has two snapshots then, of two keys.
    const { tenant, partition } = world;
    const forgetful = world.start();
    await forgetful.caughtUp();
    const state = (await world.totals.loadPartition(partition))!;
    const removed = ['a', 'c'].map((sessionId) => ({ removed: true, tenantId: tenant, sessionId }) as const);
    expect(await world.totals.commit(partition, state.fence, state, removed)).toBe('committed');
    const later = call('a', 1);
    calls.push(later);
    world.log.append(callEvent(later));
    await forgetful.caughtUp();
    await forgetful.stop();
    expect((await world.audit()).differences).toHaveLength(2);

    const points: string[] = [];
    await world.live({ crashPoint: (name) => points.push(name) });
    expect(points.filter((name) => name === 'aggregator:rebuilt-page-committed')).toHaveLength(1);
    const expected = bySession(calls);
    expect(await figuresByPlace(world)).toEqual({ rows: expected, totals: expected, snapshots: expected });
    expect((await world.audit()).differences).toEqual([]);
    await world.destroy();
  });

  test('end at the last offset that is whole; rows above it come again from the log and count once', async () => {
    const world = await World.create(store.analytics);
    const call: Call = { tenant: world.tenant, session: 's' };
    for (let i = 0; i < 6; i++) world.log.append(callEvent(call));
    await world.live();
    for (let i = 0; i < 6; i++) world.log.append(callEvent(call));
    // The rows of the second batch are stored, its totals are not; and one row of it is gone.
    await world.liveUntilCrash({ crashPoint: crashAt('aggregator:before-commit') });
    await store.command(
      `ALTER TABLE requests DELETE WHERE tenant_id = '${world.tenant}' AND source_offset = 8 SETTINGS mutations_sync = 1`,
    );
    await world.loseTotals();
    world.log.append(callEvent(call));
    const resumed: number[] = [];
    const life = world.start({
      crashPoint: (name) => {
        if (name !== 'aggregator:ownership-taken') return;
        void world.totals.loadPartition(world.partition).then((state) => resumed.push(state!.fence.offset));
      },
    });
    await life.caughtUp();
    await life.stop();
    expect(resumed).toEqual([7]);
    const expected = bySession(Array.from({ length: 13 }, () => call));
    expect(await figuresByPlace(world)).toEqual({ rows: expected, totals: expected, snapshots: expected });
    await world.destroy();
  });

  test('and no rows either: a log that begins at 0 is new, one that begins later stops the partition', async () => {
    const world = await World.create(store.analytics);
    world.log.append(callEvent({ tenant: world.tenant }));
    world.log.append(callEvent({ tenant: world.tenant }));
    world.log.low = 1;
    expect(String(await world.start().ended)).toContain('the log begins at offset 1');
    world.log.low = 0;
    await world.live();
    expect((await world.audit()).totalled).toBe(2);
    await world.destroy();
  });

  test('stop the partition when log and totals do not fit together', async () => {
    const world = await World.create(store.analytics);
    world.log.append(callEvent({ tenant: world.tenant }));
    await world.live();
    const other = new MemoryLog(world.partition, 'other');
    other.append(callEvent({ tenant: world.tenant }));
    const life = world.start({ reader: (revoked) => other.reader(revoked) });
    expect(String(await life.ended)).toContain('totals belong to log log, but this log is other');
    const short = new MemoryLog(world.partition);
    expect(String(await world.start({ reader: (revoked) => short.reader(revoked) }).ended)).toContain(
      'applied up to offset 0, but the log holds 0 to -1',
    );
    await world.destroy();
  });
});
