import { expect, test } from '@jest/globals';
import { encodeRows } from '@throughline/analytics/tables';
import { encodeEvent } from '@throughline/contracts/event-codec';
import { packVersion } from '@throughline/contracts/version';
import { findDeadLetter, listDeadLetters, ReplayRefused, replayEvent } from '../../src/dead-letters/dead-letters.ts';
import { World } from '../aggregator-world.ts';
import { type Call, callEvent } from '../calls.ts';
import { useEmbeddedStore } from '../embedded-store.ts';
import { bySession, figuresByPlace } from '../expectations.ts';

const store = useEmbeddedStore('dead-letters');

test('a letter that this version can read is tried again, once, and counts like any call', async () => {
  const world = await World.create(store.analytics);
  const call: Call = { tenant: world.tenant, session: 's' };
  const event = callEvent(call);
  world.log.append(callEvent({ ...call, session: 'other' }));
  await world.live();
  // What an earlier version could not process.
  const stamped = { ...event, producer: { id: 'p', seq: 0 }, partition: world.partition, received_at: Date.now() };
  await store.analytics.insert(
    encodeRows('dead_letters', [
      {
        source_partition: world.partition,
        source_offset: 7,
        step: 'read-call',
        reason: 'a defect',
        bytes: encodeEvent(stamped),
        seen_at: Date.UTC(2026, 0, 2, 3, 4, 5),
        version: packVersion(7, 1),
      },
    ]),
  );

  const place = { partition: world.partition, offset: 7 };
  const listed = (await listDeadLetters(store.analytics)).find(({ partition }) => partition === world.partition);
  expect(listed).toMatchObject({ ...place, step: 'read-call', reason: 'a defect', seenAt: '2026-01-02T03:04:05.000Z' });
  const letter = (await findDeadLetter(store.analytics, place))!;
  const replay = await replayEvent(store.analytics, letter, Date.now());
  expect(replay).toMatchObject({ request_id: event.request_id, replay_of: `${world.partition}:7` });
  expect(replay.event_id).not.toBe(event.event_id);

  world.log.append(replay);
  world.log.append(await replayEvent(store.analytics, letter, Date.now()));
  await world.live();
  const expected = bySession([{ ...call, session: 'other' }, call]);
  expect(await figuresByPlace(world)).toEqual({ rows: expected, totals: expected, snapshots: expected });
  await expect(replayEvent(store.analytics, letter, Date.now())).rejects.toThrow(/is stored already/);
  await world.destroy();
});

test('a letter that nobody can read yet is kept and said to be so', async () => {
  const world = await World.create(store.analytics);
  const offset = world.log.appendBytes(Buffer.from([0xc1, 0, 255]));
  await world.live();
  const letter = (await findDeadLetter(store.analytics, { partition: world.partition, offset }))!;
  expect(letter).toMatchObject({ step: 'decode', sizeBytes: 3, bytes: Buffer.from([0xc1, 0, 255]) });
  await expect(replayEvent(store.analytics, letter, Date.now())).rejects.toThrow(ReplayRefused);
  expect(await findDeadLetter(store.analytics, { partition: world.partition, offset: offset + 1 })).toBeUndefined();
  await world.destroy();
});
