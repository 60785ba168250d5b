import { describe, expect, test } from '@jest/globals';
import { crashAt, World } from '../aggregator-world.ts';
import { type Call, callEvent } from '../calls.ts';
import { useEmbeddedStore } from '../embedded-store.ts';
import { bySession, figuresByPlace } from '../expectations.ts';

const store = useEmbeddedStore('lost-log');

async function expectExact(world: World, calls: readonly Call[]): Promise<void> {
  const expected = bySession(calls);
  expect(await figuresByPlace(world)).toEqual({ rows: expected, totals: expected, snapshots: expected });
}

describe('offsets that the log has lost', () => {
  test('are named with their numbers, and new events behind them are counted', async () => {
    const world = await World.create(store.analytics);
    const call: Call = { tenant: world.tenant, session: 's' };
    for (let i = 0; i < 5; i++) world.log.append(callEvent(call));
    await world.live();
    world.log.lose(3, 'the tail was cut');
    world.log.append(callEvent(call));
    world.log.append(callEvent(call), 'second');
    await world.live();
    await expectExact(
      world,
      Array.from({ length: 7 }, () => call),
    );
    const audit = await world.audit();
    // What is gone is said; nothing else is called different because of it.
    expect(audit.differences).toEqual([]);
    expect(audit.losses).toEqual([
      'offsets 5 to 7: the tail was cut',
      'producer producer: numbers 5 to 7 are among the events lost or unreadable',
    ]);
    expect(audit.stored.exceptions).toEqual({ lost: 3 });
    await world.destroy();
  });

  test('that never were lost are a difference: numbers that a producer gave and that did not come', async () => {
    const world = await World.create(store.analytics);
    world.log.append(callEvent({ tenant: world.tenant }), 'p', 0);
    world.log.append(callEvent({ tenant: world.tenant }), 'p', 4);
    world.log.lose(1, 'later', 'other');
    await world.live();
    expect((await world.audit()).differences).toEqual(['producer p: numbers 1 to 3 never reached the log']);
    await world.destroy();
  });

  test('and that reached the tables before count as what they were, above the fence', async () => {
    const world = await World.create(store.analytics);
    const call: Call = { tenant: world.tenant, session: 's' };
    const chosen: Call = { ...call, chosenId: 'mine' };
    world.log.append(callEvent(call));
    await world.live();
    world.log.append(callEvent(chosen));
    world.log.appendBytes(Buffer.from('poison'));
    world.log.append(callEvent(call));
    const retried = world.log.append(callEvent(chosen));
    expect(await world.liveUntilCrash({ crashPoint: crashAt('aggregator:before-commit') })).toBe(
      'aggregator:before-commit',
    );
    // The retry is still there; that its first call came before, only the rows know.
    world.log.loseFrom(1, retried - 1);
    world.log.append(callEvent(call));
    await world.live();
    await expectExact(world, [call, chosen, call, call]);
    const audit = await world.audit();
    expect(audit.differences).toEqual([]);
    expect(audit.stored.exceptions).toEqual({ dead: 1, duplicate: 1 });
    await world.destroy();
  });

  test('are lost once when more of them are lost after a crash', async () => {
    const world = await World.create(store.analytics);
    const call: Call = { tenant: world.tenant, session: 's' };
    world.log.append(callEvent(call));
    await world.live();
    world.log.append(callEvent({ ...call, session: undefined }));
    world.log.append(callEvent({ ...call, session: undefined }));
    world.log.lose(4);
    world.log.append(callEvent(call));
    expect(await world.liveUntilCrash({ crashPoint: crashAt('aggregator:exceptions-inserted') })).toBeDefined();
    await store.command(
      `ALTER TABLE requests DELETE WHERE tenant_id = '${world.tenant}' AND source_offset IN (1, 2) SETTINGS mutations_sync = 1`,
    );
    world.log.loseFrom(1, 6);
    await world.live();
    await expectExact(world, [call, call]);
    const audit = await world.audit();
    expect(audit.differences).toEqual([]);
    expect(audit.stored.exceptions).toEqual({ lost: 6 });
    await world.destroy();
  });

  test('stop the partition when the log is delivered with a gap that nobody named', async () => {
    const world = await World.create(store.analytics);
    for (let i = 0; i < 4; i++) world.log.append(callEvent({ tenant: world.tenant }));
    const life = world.start({
      reader: (revoked) => {
        const reader = world.log.reader(revoked, 1);
        const read = reader.read.bind(reader);
        return { ...reader, read: async (limit) => (await read(limit)).filter(({ offset }) => offset !== 2) };
      },
    });
    expect(String(await life.ended)).toContain('the log delivered offset 3 where 2 comes next');
    expect((await world.totals.loadPartition(world.partition))!.fence.offset).toBe(1);
    await world.live();
    expect((await world.audit()).totalled).toBe(4);
    await world.destroy();
  });
});
