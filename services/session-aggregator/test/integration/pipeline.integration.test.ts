import { describe, expect, test } from '@jest/globals';
import { encodeEvent } from '@throughline/contracts/event-codec';
import { EVENT_SCHEMA_VERSION, IMPORTED_SCHEMA_VERSION } from '@throughline/contracts/request-event';
import { World } from '../aggregator-world.ts';
import { type Call, callEvent } from '../calls.ts';
import { useEmbeddedStore } from '../embedded-store.ts';
import { bySession, figuresByPlace, figuresOf } from '../expectations.ts';

const store = useEmbeddedStore('pipeline');

interface Exception {
  readonly source_offset: string;
  readonly kind: string;
  readonly reason: string;
  readonly count: string;
}

async function exceptionsOf(world: World): Promise<Exception[]> {
  return await world.raw.query<Exception>({
    sql: `SELECT source_offset, kind, reason, count FROM ledger_exceptions FINAL
WHERE source_partition = {partition:UInt16} ORDER BY source_offset`,
    params: { partition: world.partition },
  });
}

async function expectExact(world: World, calls: readonly Call[]): Promise<void> {
  const expected = bySession(calls);
  expect(await figuresByPlace(world)).toEqual({ rows: expected, totals: expected, snapshots: expected });
  expect((await world.audit()).differences).toEqual([]);
}

describe('a partition from log to tables', () => {
  test('counts every call once in rows, totals, snapshots and tenant counters', async () => {
    const world = await World.create(store.analytics);
    const calls: Call[] = Array.from({ length: 300 }, (_, i) => ({
      tenant: world.tenant,
      session: i % 7 === 0 ? undefined : `session-${i % 20}`,
      path: `/step/${i % 5}`,
      promptTokens: i * 3,
      completionTokens: i,
      latencyMs: i,
      status: i % 11 === 0 ? 500 : 200,
    }));
    for (const call of calls) world.log.append(callEvent(call));
    await world.live({ config: { batchEventsMax: 70 } });

    await expectExact(world, calls);
    const all = figuresOf(calls);
    const state = await world.totals.loadPartition(world.partition);
    expect(state!.tenants.get(world.tenant)).toMatchObject({ requests: all.requests, errors: all.errors });
    expect(world.log.committed).toBe(299);
    await world.destroy();
  });

  test('names what becomes no row: poison, resent, duplicate, refused, closed; and applies everything around it', async () => {
    const world = await World.create(store.analytics);
    const call: Call = { tenant: world.tenant, session: 's' };
    const chosen: Call = { ...call, chosenId: 'mine' };
    world.log.append(callEvent(call));
    const poison = world.log.appendBytes(Buffer.from([0xc1, 0, 255]));
    world.log.append(callEvent(chosen), 'p1');
    const resent = world.log.append(callEvent(call), 'p1', 0);
    const duplicate = world.log.append(callEvent(chosen), 'p1');
    // The same id in another session is another request.
    world.log.append(callEvent({ ...chosen, session: 'other' }), 'p1');
    const base = { schema_version: EVENT_SCHEMA_VERSION, event_id: 'e', tenant_id: world.tenant };
    const refused = world.log.append(
      { ...base, kind: 'refused', reason: 'full', count: 12, first_at: 1, last_at: 2 },
      'p1',
    );
    const closed = world.log.append({ ...base, kind: 'closed', last_seq: 3 }, 'p1');
    world.log.append(callEvent(call));
    await world.live({ config: { batchEventsMax: 2 } });

    expect(await exceptionsOf(world)).toMatchObject([
      { source_offset: String(poison), kind: 'dead', reason: expect.stringContaining('decode: ') },
      { source_offset: String(resent), kind: 'resent' },
      { source_offset: String(duplicate), kind: 'duplicate' },
      { source_offset: String(refused), kind: 'refused', reason: 'full', count: '12' },
      { source_offset: String(closed), kind: 'control' },
    ]);
    const letters = await world.raw.query<{ bytes: string; step: string }>({
      sql: 'SELECT hex(bytes) AS bytes, step FROM dead_letters FINAL WHERE source_partition = {partition:UInt16}',
      params: { partition: world.partition },
    });
    expect(letters).toEqual([{ bytes: 'C100FF', step: 'decode' }]);
    await expectExact(world, [call, chosen, { ...chosen, session: 'other' }, call]);
    expect((await world.audit()).refused).toBe(12);
    await world.destroy();
  });

  test('applies everything before an event of a newer version, pauses, and goes on once it is understood', async () => {
    const world = await World.create(store.analytics);
    const call: Call = { tenant: world.tenant, session: 's' };
    world.log.append(callEvent(call));
    const newer = world.log.append({ ...callEvent(call), schema_version: IMPORTED_SCHEMA_VERSION + 1 });
    world.log.append(callEvent(call));
    const paused = world.start();
    await expect(
      Promise.race([paused.caughtUp(), until(async () => (await gauge(paused, 'aggregator_partition_paused')) === 1)]),
    ).resolves.toBeUndefined();
    expect((await world.totals.loadPartition(world.partition))!.fence.offset).toBe(newer - 1);
    expect(await paused.stop()).toBeUndefined();

    const upgraded = { ...callEvent(call), producer: { id: 'producer', seq: 1 }, partition: 0, received_at: 1 };
    world.log.replace(newer, encodeEvent(upgraded));
    await world.live();
    await expectExact(world, [call, call, call]);
    await world.destroy();
  });

  test('keeps text that no table can hold the same in totals and rows', async () => {
    const world = await World.create(store.analytics);
    const half = 'x\ud800';
    world.log.append(
      callEvent({
        tenant: world.tenant,
        session: half,
        name: half,
        path: half,
        user: half,
        properties: [[half, half]],
        chosenId: half,
        model: half,
      }),
    );
    // The same session, as it is written where half a character cannot be.
    world.log.append(callEvent({ tenant: world.tenant, session: 'x\ufffd' }));
    await world.live();
    const [stored] = await world.raw.query<{ state: string; requests: string }>({
      sql: `SELECT base64Encode(state) AS state, total_requests AS requests FROM sessions FINAL
WHERE tenant_id = {tenant:String}`,
      params: { tenant: world.tenant },
    });
    expect(stored!.requests).toBe('2');
    expect((await world.audit()).differences).toEqual([]);
    await world.destroy();
  });

  test('stores calls whose numbers fit no column instead of stopping at them', async () => {
    const world = await World.create(store.analytics);
    const event = callEvent({ tenant: world.tenant, session: 's' });
    world.log.append({ ...event, status: 1_000_000, request_at: 0.5, response_at: 1e300, first_byte_at: -1e18 });
    world.log.append({ ...event, request_at: -1e300, status: -1_000_000 });
    await world.live();
    expect((await world.audit()).stored.requests).toBe(2);
    expect((await world.audit()).differences).toEqual([]);
    await world.destroy();
  });
});

async function gauge(life: { metrics: { registry: { getSingleMetric(name: string): unknown } } }, name: string) {
  const metric = life.metrics.registry.getSingleMetric(`throughline_${name}`) as {
    get(): Promise<{ values: { value: number }[] }>;
  };
  return (await metric.get()).values[0]?.value;
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 5));
}
