import { describe, expect, test } from '@jest/globals';
import { crashAt, World } from '../aggregator-world.ts';
import { type Call, callEvent } from '../calls.ts';
import { useEmbeddedStore } from '../embedded-store.ts';
import { bySession, figuresByPlace } from '../expectations.ts';
import { MemoryBodies } from '../memory-bodies.ts';

const store = useEmbeddedStore('bodies');
/** Soon enough for a test: a missing body is asked for over this time, ms. */
const config = { bodyWaitMs: 30 };

async function expectExact(world: World, calls: readonly Call[]): Promise<void> {
  const expected = bySession(calls);
  expect(await figuresByPlace(world)).toEqual({ rows: expected, totals: expected, snapshots: expected });
  expect((await world.audit()).differences).toEqual([]);
}

interface StoredBodies {
  readonly request: string;
  readonly response: string;
  readonly request_encoding: string;
  readonly response_encoding: string;
}

async function storedBodies(world: World): Promise<StoredBodies[]> {
  return await world.raw.query<StoredBodies>({
    sql: `
SELECT request_body AS request, response_body AS response, request_encoding, response_encoding
FROM request_bodies FINAL WHERE source_partition = {partition:UInt16} ORDER BY source_offset`,
    params: { partition: world.partition },
  });
}

describe('events that refer to their bodies', () => {
  test('are stored, read and priced as if they had them', async () => {
    const world = await World.create(store.analytics);
    const bodies = new MemoryBodies();
    const calls: Call[] = [];
    for (let i = 0; i < 40; i++) {
      const call: Call = { tenant: world.tenant, session: `s${i % 3}`, promptTokens: i };
      calls.push(call);
      const event = callEvent(call);
      if (i % 4 === 0) world.log.append(event);
      else await bodies.append(world.log, event, i % 4 === 1 ? 1_000 : 0);
    }
    await world.live({ bodies, config: { ...config, batchEventsMax: 7 } });
    await expectExact(world, calls);
    const stored = await storedBodies(world);
    expect(stored).toHaveLength(40);
    for (const [i, { request, response }] of stored.entries()) {
      expect(JSON.parse(request)).toMatchObject({ model: 'gpt-4o-mini' });
      expect(JSON.parse(response)).toMatchObject({ usage: { prompt_tokens: i } });
    }
    expect(bodies.atOnce).toBeGreaterThan(1);
    await world.destroy();
  });

  test('wait while their store does not answer, or nobody has said which it is', async () => {
    const world = await World.create(store.analytics);
    const bodies = new MemoryBodies();
    const call: Call = { tenant: world.tenant, session: 's' };
    await bodies.append(world.log, callEvent(call));
    const unknowing = world.start({ config });
    while (!(await unknowing.metrics.registry.metrics()).includes('step="fetch bodies"'))
      await new Promise(setImmediate);
    const paused = `throughline_aggregator_partition_paused{partition="${world.partition}"}`;
    expect(await unknowing.metrics.registry.metrics()).toContain(`${paused} 1`);
    expect(await unknowing.stop()).toBeUndefined();
    expect(await unknowing.metrics.registry.metrics()).toContain(`${paused} 0`);

    bodies.isDown = true;
    const down = Promise.withResolvers<void>();
    bodies.onGet = () => {
      if (bodies.gets > 4) down.resolve();
    };
    const life = world.start({ bodies, config });
    await down.promise;
    expect((await world.totals.loadPartition(world.partition))!.fence.offset).toBe(-1);
    bodies.isDown = false;
    await life.caughtUp();
    expect(await life.stop()).toBeUndefined();
    await expectExact(world, [call]);
    await world.destroy();
  });

  test('stop waiting for a store that is down when the partition goes to another owner', async () => {
    const world = await World.create(store.analytics);
    const bodies = new MemoryBodies();
    await bodies.append(world.log, callEvent({ tenant: world.tenant, session: 's' }));
    bodies.isDown = true;
    const asked = Promise.withResolvers<void>();
    bodies.onGet = () => asked.resolve();
    const life = world.start({ bodies, config: { ...config, retryWaitMaxMs: 3_600_000 } });
    await asked.promise;
    expect(await life.stop()).toBeUndefined();
    await world.destroy();
  });

  test('are recorded without a body that is nowhere to be found, which says so and has no cost', async () => {
    const world = await World.create(store.analytics);
    const bodies = new MemoryBodies();
    const calls = ['gone', 'damaged', 'there'].map((session): Call => ({ tenant: world.tenant, session }));
    for (const call of calls) await bodies.append(world.log, callEvent(call));
    const [gone, damaged] = [...bodies.objects.keys()].filter((name) => name.endsWith('-response'));
    bodies.objects.delete(gone!);
    bodies.objects.set(damaged!, Buffer.alloc(bodies.objects.get(damaged!)!.length));
    const life = world.start({ bodies, config });
    await life.caughtUp();
    expect(await life.stop()).toBeUndefined();
    const rows = await world.raw.query<Record<string, unknown>>({
      sql: `
SELECT session_id, request_truncated, response_truncated, response_bytes > 0 AS has_size, model, usage_complete,
  isNull(cost) AS is_cost_unknown, prompt_tokens
FROM requests FINAL WHERE source_partition = {partition:UInt16} ORDER BY source_offset`,
      params: { partition: world.partition },
    });
    const missing = {
      request_truncated: false,
      response_truncated: true,
      has_size: 1,
      model: 'gpt-4o-mini',
      usage_complete: false,
      is_cost_unknown: 1,
      prompt_tokens: null,
    };
    expect(rows).toEqual([
      { session_id: 'gone', ...missing },
      { session_id: 'damaged', ...missing },
      expect.objectContaining({
        session_id: 'there',
        response_truncated: false,
        is_cost_unknown: 0,
        prompt_tokens: '10',
      }),
    ]);
    const [first] = await storedBodies(world);
    expect(first).toMatchObject({ response: '', response_encoding: 'missing', request_encoding: 'utf8' });
    expect((await world.audit()).differences).toEqual([]);
    const metrics = await life.metrics.registry.metrics();
    expect(metrics).toContain('throughline_aggregator_bodies_missing_total 2');
    await world.destroy();
  });

  test.each(['aggregator:decided', 'aggregator:requests-inserted', 'aggregator:totals-committed'] as const)(
    'are counted once over a crash at %s',
    async (point) => {
      const world = await World.create(store.analytics);
      const bodies = new MemoryBodies();
      const calls = Array.from({ length: 6 }, (_, i): Call => ({ tenant: world.tenant, session: `s${i % 2}` }));
      for (const call of calls) await bodies.append(world.log, callEvent(call));
      expect(await world.liveUntilCrash({ bodies, config, crashPoint: crashAt(point) })).toBe(point);
      await world.live({ bodies, config });
      await expectExact(world, calls);
      expect((await storedBodies(world)).map(({ response_encoding }) => response_encoding)).toEqual(
        Array(6).fill('utf8'),
      );
      await world.destroy();
    },
  );

  test('get their rows back, bodies included, when the analytics store has lost them', async () => {
    const world = await World.create(store.analytics);
    const bodies = new MemoryBodies();
    const calls = Array.from({ length: 5 }, (_, i): Call => ({ tenant: world.tenant, session: `s${i % 2}` }));
    for (const call of calls) await bodies.append(world.log, callEvent(call));
    await world.live({ bodies, config });
    const before = await storedBodies(world);
    for (const table of ['requests', 'request_bodies']) {
      await store.command(
        `ALTER TABLE ${table} DELETE WHERE source_partition = ${world.partition} SETTINGS mutations_sync = 1`,
      );
    }
    expect(await storedBodies(world)).toEqual([]);
    bodies.isDown = true;
    const asked = Promise.withResolvers<void>();
    bodies.onGet = () => {
      if (bodies.gets > calls.length * 2 + 2) asked.resolve();
    };
    const life = world.start({ bodies, config });
    await asked.promise;
    bodies.isDown = false;
    await life.caughtUp();
    expect(await life.stop()).toBeUndefined();
    expect(await storedBodies(world)).toEqual(before);
    await expectExact(world, calls);
    await world.destroy();
  });

  test('hold no more in memory than they may, however many wait', async () => {
    const world = await World.create(store.analytics);
    const bodies = new MemoryBodies();
    const calls = Array.from({ length: 30 }, (_, i): Call => ({ tenant: world.tenant, session: `s${i % 2}` }));
    for (const call of calls) {
      const event = callEvent(call);
      const bytes = Buffer.concat([event.response_body.bytes, Buffer.alloc(50_000, ' ')]);
      await bodies.append(
        world.log,
        { ...event, response_body: { ...event.response_body, bytes, size: bytes.length } },
        1_000,
      );
    }
    let begun = 0;
    let inserted = 0;
    let most = 0;
    bodies.onGet = () => {
      most = Math.max(most, ++begun - inserted);
    };
    world.store.fault = ({ insert }) => {
      if (insert?.table === 'request_bodies') inserted += insert.rows;
      return undefined;
    };
    await world.live({ bodies, config: { ...config, fetchedBytesMax: 210_000 } });
    expect(begun).toBe(30);
    expect(most).toBeLessThanOrEqual(4);
    expect(most).toBeGreaterThan(1);
    await expectExact(world, calls);
    await world.destroy();
  });
});
