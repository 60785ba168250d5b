import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { newEventIdFor } from '@throughline/contracts/partition';
import type { LogEvent, NewRequestEvent } from '@throughline/contracts/request-event';
import fc from 'fast-check';
import { appliedEvents, ModelLog } from '../../test/model-log.ts';
import { destroyAll, foldersOf, newRoot, type OutboxProcess, startOutbox, until } from '../../test/outbox-rig.ts';
import { requestEvent } from '../contract-events.ts';
import { PARKING_CRASH_POINTS } from './crash-points.ts';
import { claimOutboxFolder } from './outbox-folder.ts';
import type { OutboxOptions } from './outbox-options.ts';
import { storeParkedKeys } from './parked-keys-file.ts';

afterEach(destroyAll);

function call(sessionId: string | null, more: Partial<NewRequestEvent> = {}): NewRequestEvent {
  const id = newEventIdFor('default', sessionId, 1_760_000_000_000, 4);
  const session =
    sessionId === null ? null : { id: sessionId, name: '', path: '', rule: 'helicone-session-id' as const };
  return requestEvent({ event_id: id, request_id: id, tenant_id: '', session, ...more });
}

/** A ClickHouse that can be down. */
class Keys {
  readonly tenants = new Map([
    ['hash-a', 'acme'],
    ['hash-b', 'bolt'],
  ]);
  isDown = true;
  reads = 0;
  readonly read = async (): Promise<ReadonlyMap<string, string>> => {
    this.reads++;
    if (this.isDown) throw new Error('connection refused');
    return new Map(this.tenants);
  };
}

const start = (log: ModelLog, root: string, keys: Keys, more: Partial<OutboxOptions> = {}) =>
  startOutbox(log, root, { readKeys: keys.read, readKeysIntervalMs: 3, ...more });

const idsOf = (events: readonly LogEvent[]) => events.map(({ event_id }) => event_id);

describe('events whose keys cannot be looked up', () => {
  test('wait apart, are counted, and go into the log as their tenants’, with the time at which they were parked', async () => {
    const log = new ModelLog(4);
    const keys = new Keys();
    let now = 1_760_000_000_000;
    const { outbox, warnings } = await start(log, newRoot(), keys, { clock: () => now });
    const [mine, yours, nobodys] = [call('a'), call(null), call('b')];
    await outbox.park(mine, 'hash-a');
    await outbox.park(nobodys, 'hash-of-a-wrong-key');
    await outbox.park(yours, 'hash-b');
    now += 60_000;
    await until(() => keys.reads > 3, 'the keys are asked for again and again');
    expect(outbox.stats).toMatchObject({ parked: 3, unsent: 3, parkedOldestAgeMs: 60_000, oldestAgeMs: 60_000 });
    expect(outbox.stats.bytes).toBeGreaterThan(0);
    expect(log.all).toEqual([]);

    keys.isDown = false;
    await until(() => outbox.stats.unsent === 0, 'all sent');
    const { events } = appliedEvents(log);
    const stored = (id: string) => events.find(({ event_id }) => event_id === id);
    expect(stored(mine.event_id)).toMatchObject({ tenant_id: 'acme', received_at: now - 60_000 });
    expect(stored(yours.event_id)).toMatchObject({ tenant_id: 'bolt', received_at: now - 60_000 });
    expect(events).toHaveLength(2);
    expect(JSON.stringify(events)).not.toContain('hash-');
    expect(outbox.stats).toMatchObject({ parked: 0, parkedOldestAgeMs: 0, nobodys: 1, lost: 0, appended: 3 });
    await until(() => warnings.some((line) => line.startsWith('1 calls came with keys')), 'one line about it');
  });

  test('are numbered by a producer of their own, which says goodbye, and leave no folder', async () => {
    const log = new ModelLog(4);
    const root = newRoot();
    const keys = new Keys();
    const { outbox } = await start(log, root, keys);
    for (let index = 0; index < 40; index++) {
      await outbox.park(call(index % 3 === 0 ? null : 'a'), index % 4 === 0 ? 'hash-wrong' : 'hash-a');
    }
    keys.isDown = false;
    await until(() => foldersOf(root).length === 1, 'only the live folder is left');
    const producers = new Set(log.all.map(({ producer }) => producer.id));
    expect(producers.size).toBe(1);
    expect(producers).not.toContain(outbox.producerId);
    for (let partition = 0; partition < 4; partition++) {
      const stored = log.stored(partition);
      if (stored.length === 0) continue;
      expect(stored.at(-1)).toMatchObject({ kind: 'closed', last_seq: stored.length - 2 });
    }
    expect(appliedEvents(log).events).toHaveLength(30);
  });

  test('of one session keep their order', async () => {
    const log = new ModelLog(4);
    const keys = new Keys();
    const { outbox } = await start(log, newRoot(), keys);
    const events = Array.from({ length: 30 }, () => call('a'));
    for (const event of events) await outbox.park(event, 'hash-a');
    keys.isDown = false;
    await until(() => outbox.stats.unsent === 0, 'all sent');
    expect(idsOf(appliedEvents(log).events)).toEqual(idsOf(events as unknown as LogEvent[]));
  });

  test('are decided by keys read after the last of them was parked, not by what was being read before', async () => {
    const log = new ModelLog(4);
    const keys = new Keys();
    keys.isDown = false;
    // A read that saw nothing of a key made since, and is answered late.
    const answers: (() => void)[] = [];
    const read = async () => {
      const seen = await keys.read();
      await new Promise<void>((resolve) => answers.push(resolve));
      return seen;
    };
    const { outbox } = await startOutbox(log, newRoot(), { readKeys: read, readKeysIntervalMs: 3 });
    await outbox.park(call('a'), 'hash-a');
    await until(() => answers.length === 1, 'a read is under way');
    keys.tenants.set('hash-new', 'newcomer');
    await outbox.park(call('b'), 'hash-new');
    answers[0]!();
    await until(() => answers.length === 2, 'a second read');
    answers[1]!();
    await until(() => outbox.stats.unsent === 0, 'all sent');
    expect(
      appliedEvents(log)
        .events.map(({ tenant_id }) => tenant_id)
        .sort(),
    ).toEqual(['acme', 'newcomer']);
  });

  test('count towards the bytes of the outbox: beyond them both kinds are refused, and the refusals are named', async () => {
    const log = new ModelLog(1);
    log.isReachable = false;
    const keys = new Keys();
    const { outbox } = await start(log, newRoot(), keys, { bytesMax: 40_000, startWaitMs: 1 });
    let parked = 0;
    const refused = await (async () => {
      for (;;) {
        try {
          await outbox.park(call('a'), 'hash-a');
          parked++;
        } catch (error) {
          return error;
        }
      }
    })();
    expect(refused).toMatchObject({ code: 'full' });
    expect(parked).toBeGreaterThan(5);
    expect(outbox.writable).toBe(false);
    await expect(outbox.append(call('a', { tenant_id: 'acme' }))).rejects.toMatchObject({ code: 'full' });
    keys.isDown = false;
    log.isReachable = true;
    await until(() => outbox.writable && outbox.stats.unsent === 0, 'there is room again', 60_000);
    await outbox.close();
    const { events } = appliedEvents(log);
    expect(events.filter(({ kind }) => kind === 'request')).toHaveLength(parked);
    const counts = events.flatMap((event) => (event.kind === 'refused' ? [[event.tenant_id, event.count]] : []));
    expect(counts.sort()).toEqual([
      ['', 1],
      ['acme', 1],
    ]);
  });

  test('stay over an orderly end, which does not wait for them', async () => {
    const log = new ModelLog(4);
    const root = newRoot();
    const keys = new Keys();
    const first = await start(log, root, keys);
    const event = call('a');
    await first.outbox.park(event, 'hash-a');
    await first.outbox.close();
    expect(first.warnings.join('\n')).toContain('1 events wait');
    await expect(first.outbox.park(event, 'hash-a')).rejects.toMatchObject({ code: 'closed' });
    keys.isDown = false;
    const second = await start(log, root, keys);
    await until(() => appliedEvents(log).events.length === 1, 'sent by the next one');
    await second.outbox.close();
    expect(foldersOf(root)).toEqual([]);
  });

  test('of a gateway that is gone are taken by another one; one that cannot read keys leaves them alone', async () => {
    const log = new ModelLog(4);
    const left = newRoot();
    const keys = new Keys();
    const dead = await start(log, newRoot(), keys);
    await dead.outbox.park(call('a'), 'hash-a');
    dead.die(left);
    const without = await startOutbox(log, left);
    await expect(without.outbox.park(call('a'), 'hash-a')).rejects.toMatchObject({ code: 'failed' });
    expect(without.outbox.stats).toMatchObject({ parked: 0, unsent: 0 });
    await without.outbox.close();
    expect(foldersOf(left)).not.toEqual([]);
    const { outbox } = await start(log, left, keys);
    await until(() => outbox.stats.parked === 1, 'adopted');
    keys.isDown = false;
    await until(() => appliedEvents(log).events.length === 1, 'sent');
  });
});

describe('what was decided', () => {
  test('holds, whatever becomes of the keys: a repetition after a crash has the same numbers', async () => {
    const log = new ModelLog(2);
    const keys = new Keys();
    let gateway = await start(log, newRoot(), keys);
    const events = Array.from({ length: 20 }, () => call(null));
    for (const [index, event] of events.entries()) await gateway.outbox.park(event, index % 2 ? 'hash-a' : 'hash-b');
    // Stored, but nobody hears of it, until the process is gone.
    log.fate = () => 'unknown';
    keys.isDown = false;
    await until(() => log.all.length > 0, 'some of it sent');
    const left = newRoot();
    gateway.die(left);
    log.fate = () => 'stored';
    keys.tenants.delete('hash-a');
    gateway = await start(log, left, keys);
    await until(() => gateway.outbox.stats.unsent === 0, 'all sent');
    const { events: applied } = appliedEvents(log);
    expect(idsOf(applied).sort()).toEqual(idsOf(events as unknown as LogEvent[]).sort());
    expect(gateway.outbox.stats.nobodys).toBe(0);
  });

  test('is not read out of a damaged file: the folder is kept and somebody is told', async () => {
    const log = new ModelLog(2);
    const root = newRoot();
    const keys = new Keys();
    const first = await start(log, root, keys);
    await first.outbox.park(call('a'), 'hash-a');
    await first.outbox.close();
    const [dir] = foldersOf(root);
    storeParkedKeys(dir!, new Map([['hash-a', 'acme']]));
    const file = path.join(dir!, 'parked-keys.json');
    fs.truncateSync(file, fs.statSync(file).size - 5);
    keys.isDown = false;
    const second = await start(log, root, keys);
    await until(() => second.errors.length > 0, 'an alarm');
    expect(second.errors[0]).toContain('parked-keys.json is damaged');
    expect(log.all).toEqual([]);
  });
});

test('a folder of parked events has a format that versions without them leave alone', async () => {
  const log = new ModelLog(2);
  const root = newRoot();
  const { outbox } = await start(log, root, new Keys());
  await outbox.park(call('a'), 'hash-a');
  await outbox.close();
  const [dir] = foldersOf(root);
  expect(JSON.parse(fs.readFileSync(path.join(dir!, 'outbox.json'), 'utf8'))).toMatchObject({ format: 2 });
  const claim = claimOutboxFolder(dir!, 'llm.requests');
  expect(claim).toMatchObject({ outcome: 'claimed', folder: { meta: { isParked: true } } });
  if (claim.outcome === 'claimed') claim.folder.release();
});

type Step =
  | { readonly do: 'park'; readonly hashes: readonly string[] }
  | { readonly do: 'append'; readonly count: number }
  | { readonly do: 'keys'; readonly isDown: boolean }
  | { readonly do: 'pause'; readonly ms: number }
  | { readonly do: 'crash'; readonly at: string | undefined };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('park' as const),
        hashes: fc.array(fc.constantFrom('hash-a', 'hash-b', 'hash-wrong'), {
          minLength: 1,
          maxLength: 30,
          size: 'max',
        }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('append' as const), count: fc.nat(10) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('keys' as const), isDown: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('pause' as const), ms: fc.nat(15) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('crash' as const),
        at: fc.constantFrom(...PARKING_CRASH_POINTS, 'outbox:after-bind', 'outbox:after-send', undefined),
      }),
    },
  ),
  { maxLength: 20 },
);

test('whatever comes and goes and dies, every parked event of a key that exists is in the log once, no other is', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const log = new ModelLog(3);
      const keys = new Keys();
      let root = newRoot();
      let gateway: OutboxProcess | undefined;
      let crashAt: string | undefined;
      let left: string | undefined;
      const begin = async () => {
        gateway = undefined;
        const begun = await start(log, root, keys, {
          segmentBytesMax: 8_000,
          closeWaitMs: 30,
          limits: { lingerMs: 1, retryMinMs: 1, retryMaxMs: 4, storeIntervalMs: 2, batchEventsMax: 5 },
          crashPoint(point) {
            if (point !== crashAt || left !== undefined || gateway === undefined) return;
            left = newRoot();
            gateway.die(left);
          },
        });
        gateway = begun;
        return begun;
      };
      let running = await begin();
      const restartIfDead = async () => {
        if (left === undefined) return;
        root = left;
        left = undefined;
        crashAt = undefined;
        running = await begin();
      };
      const wanted: string[] = [];
      for (const step of all) {
        await restartIfDead();
        if (step.do === 'park') {
          for (const hash of step.hashes) {
            const event = call(wanted.length % 2 ? 's' : null);
            await running.outbox.park(event, hash);
            // What is parked by a process that is dead is nobody's promise.
            if (left !== undefined) break;
            if (hash !== 'hash-wrong') wanted.push(event.event_id);
          }
        } else if (step.do === 'append') {
          for (let index = 0; index < step.count && left === undefined; index++) {
            const event = call(null, { tenant_id: 'acme' });
            await running.outbox.append(event);
            if (left === undefined) wanted.push(event.event_id);
          }
        } else if (step.do === 'keys') keys.isDown = step.isDown;
        else if (step.do === 'pause') await new Promise((resolve) => setTimeout(resolve, step.ms));
        else if (step.at !== undefined) crashAt = step.at;
        else {
          left = newRoot();
          running.die(left);
        }
      }
      await restartIfDead();
      crashAt = undefined;
      keys.isDown = false;
      await until(() => running.outbox.stats.unsent === 0, 'everything sent');
      const { events } = appliedEvents(log);
      const ids = idsOf(events);
      expect(new Set(ids).size).toBe(ids.length);
      expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
      expect(new Set(events.map(({ tenant_id }) => tenant_id)).has('')).toBe(false);
      expect(running.outbox.stats).toMatchObject({ lost: 0, refused: 0, replaced: 0 });
      await destroyAll();
    }),
    { numRuns: 40 },
  );
}, 240_000);
