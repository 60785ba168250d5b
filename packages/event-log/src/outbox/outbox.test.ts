import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { newEventIdFor } from '@throughline/contracts/partition';
import type { LogEvent, NewRequestEvent } from '@throughline/contracts/request-event';
import { appliedEvents, ModelLog } from '../../test/model-log.ts';
import { copyTree, destroyAll, foldersOf, newRoot, QUICK, startOutbox, until } from '../../test/outbox-rig.ts';
import { body, requestEvent } from '../contract-events.ts';
import { listSegments } from '../files/segment-files.ts';
import { createOutboxFolder } from './outbox-folder.ts';

afterEach(destroyAll);

/** Sessions that lie in partitions 0, 1, 2, 3 of four. */
const SESSION_OF = ['b', 'c', 'd', 'a'];

function call(sessionId: string | null, more: Partial<NewRequestEvent> = {}): NewRequestEvent {
  const id = newEventIdFor('default', sessionId, 1_760_000_000_000, 4);
  const session =
    sessionId === null ? null : { id: sessionId, name: '', path: '', rule: 'helicone-session-id' as const };
  return requestEvent({ event_id: id, request_id: id, session, ...more });
}

const idsOf = (events: readonly LogEvent[]) => events.map(({ event_id }) => event_id);
const requestsOf = (log: ModelLog, partition: number) => log.stored(partition).filter(({ kind }) => kind === 'request');

describe('what is accepted', () => {
  test('is in the log with the stamp that the append returned, in its partition', async () => {
    const log = new ModelLog(4);
    const { outbox } = await startOutbox(log, newRoot());
    const events = [...SESSION_OF.map((session) => call(session)), call(null)];
    const appended = await Promise.all(events.map((event) => outbox.append(event)));
    expect(appended.slice(0, 4).map(({ partition }) => partition)).toEqual([0, 1, 2, 3]);
    await until(() => outbox.stats.unsent === 0, 'all sent');
    for (const [index, { partition, stamp }] of appended.entries()) {
      expect(log.stored(partition)).toContainEqual({ ...events[index], ...stamp });
    }
    expect(outbox.stats).toMatchObject({ appended: 5, sent: 5, resent: 0, refused: 0, unsent: 0, oldestAgeMs: 0 });
  });

  test('waits while the log cannot be reached, from the start or later, and says since when', async () => {
    const log = new ModelLog(4);
    log.isReachable = false;
    let now = 1_000_000;
    const { outbox, warnings } = await startOutbox(log, newRoot(), { startWaitMs: 5, clock: () => now });
    await outbox.append(call('a'));
    now += 60_000;
    expect(outbox.stats).toMatchObject({ unsent: 1, oldestAgeMs: 60_000 });
    log.isReachable = true;
    await until(() => outbox.stats.unsent === 0, 'sent once it is reachable');
    log.isReachable = false;
    await Promise.all(SESSION_OF.map((session) => outbox.append(call(session))));
    await until(() => outbox.stats.sendErrors > 2, 'tried again');
    expect(outbox.stats.unsent).toBe(4);
    expect(outbox.writable).toBe(true);
    log.isReachable = true;
    await until(() => outbox.stats.unsent === 0, 'sent once it is reachable again');
    expect(appliedEvents(log).events).toHaveLength(5);
    expect(warnings.join('\n')).toContain('no broker answers');
  });

  test('goes out in order though a batch of unknown fate is in the way: it is sent again unchanged, and first', async () => {
    const log = new ModelLog(1);
    const { outbox } = await startOutbox(log, newRoot());
    let failures = 3;
    log.fate = () => (failures-- > 0 ? 'unknown' : 'stored');
    await outbox.append(call('a'));
    await outbox.append(call('a'));
    await until(() => log.requests.length > 0, 'a first try');
    for (let index = 0; index < 5; index++) await outbox.append(call('a'));
    await until(() => outbox.stats.unsent === 0, 'all sent');
    const sent = log.requests.map(({ batches }) => batches[0]!.records.map(({ head }) => head.producer.seq));
    expect(sent.slice(1, 4)).toEqual([sent[0], sent[0], sent[0]]);
    expect(sent[4]![0]).toBe(sent[0]!.length);
    expect(appliedEvents(log)).toMatchObject({ resent: 3 * sent[0]!.length });
    expect(outbox.stats.resent).toBe(3 * sent[0]!.length);
  });

  test('is said goodbye for, in every partition that has something, and leaves no folder', async () => {
    const log = new ModelLog(4);
    const root = newRoot();
    const { outbox } = await startOutbox(log, root);
    for (let index = 0; index < 3; index++) await outbox.append(call(SESSION_OF[1]!));
    await outbox.append(call(SESSION_OF[2]!));
    await outbox.close();
    await expect(outbox.append(call('a'))).rejects.toMatchObject({ code: 'closed' });
    const closed = log.all.filter(({ kind }) => kind === 'closed');
    expect(closed).toHaveLength(2);
    expect(closed).toContainEqual(
      expect.objectContaining({ partition: 1, last_seq: 2, producer: { id: outbox.producerId, seq: -1 } }),
    );
    expect(closed).toContainEqual(expect.objectContaining({ partition: 2, last_seq: 0 }));
    expect(foldersOf(root)).toEqual([]);
  });

  test('stays for the next start when the log does not take it before the close is over', async () => {
    const log = new ModelLog(4);
    const root = newRoot();
    const first = await startOutbox(log, root, { closeWaitMs: 20 });
    await first.outbox.append(call('a'));
    await until(() => first.outbox.stats.unsent === 0, 'sent');
    log.isReachable = false;
    const waiting = call('a');
    await first.outbox.append(waiting);
    await first.outbox.close();
    expect(first.warnings.join('\n')).toContain('1 events wait');
    log.isReachable = true;
    const second = await startOutbox(log, root);
    await second.outbox.append(call('a'));
    await second.outbox.close();
    const { events } = appliedEvents(log);
    expect(events.find(({ event_id }) => event_id === waiting.event_id)!.producer).toEqual({
      id: first.outbox.producerId,
      seq: 1,
    });
    expect(
      log.all
        .filter(({ kind }) => kind === 'closed')
        .map(({ producer }) => producer.id)
        .sort(),
    ).toEqual([first.outbox.producerId, second.outbox.producerId].sort());
    expect(foldersOf(root)).toEqual([]);
  });

  test('is deleted from the disk as it is stored, while more is appended', async () => {
    const log = new ModelLog(1);
    const root = newRoot();
    const { outbox } = await startOutbox(log, root, { segmentBytesMax: 10_000 });
    for (let index = 0; index < 100; index++) await outbox.append(call('a'));
    await until(() => outbox.stats.unsent === 0, 'all sent');
    const logDir = path.join(foldersOf(root)[0]!, 'log');
    await until(() => listSegments(logDir).length === 1, 'only the newest segment is left');
    expect(outbox.stats.bytes).toBeLessThan(12_000);
  });
});

describe('a partition that does not take events', () => {
  test('holds up no other, is tried alone, and is served from the disk in order once it takes them', async () => {
    const log = new ModelLog(4);
    const { outbox, warnings, errors } = await startOutbox(log, newRoot(), {
      alarmAfterMs: 10,
      limits: { ...QUICK.limits, batchBytesMax: 20_000 },
    });
    log.stuck.add(2);
    await outbox.append(call(SESSION_OF[2]!));
    await until(() => outbox.stats.stuckMs[2]! > 30, 'stuck for a while');
    // Far more than its queue holds, between events of the others.
    for (let round = 0; round < 40; round++) {
      const events = SESSION_OF.flatMap((session) => Array.from({ length: 10 }, () => call(session)));
      await Promise.all(events.map((event) => outbox.append(event)));
    }
    await until(() => outbox.stats.sent === 1_200, 'the others are sent');
    expect(outbox.stats).toMatchObject({ unsent: 401, stuckMs: [0, 0, expect.any(Number), 0] });
    expect(requestsOf(log, 2)).toEqual([]);
    const tries = log.requests.filter(({ batches }) => batches.some(({ partition }) => partition === 2)).slice(1);
    expect(tries.every(({ batches, isolated }) => isolated && batches.length === 1)).toBe(true);
    expect(warnings.join('\n')).toContain('partition 2 does not take events');
    await until(() => errors.length > 0, 'an alarm');
    expect(errors[0]).toContain('in partition 2');
    log.stuck.clear();
    await until(() => outbox.stats.unsent === 0, 'all sent');
    expect(requestsOf(log, 2).map(({ producer }) => producer.seq)).toEqual(
      Array.from({ length: 401 }, (_, seq) => seq),
    );
    expect(appliedEvents(log).events).toHaveLength(1_601);
    expect(warnings.join('\n')).toContain('partition 2 takes events again');
  });

  test('does not hold up those whose requests go another way', async () => {
    const log = new ModelLog(4);
    log.laneOf = (partition) => partition % 2;
    const { outbox } = await startOutbox(log, newRoot(), {
      limits: { ...QUICK.limits, retryMinMs: 60_000, retryMaxMs: 60_000 },
    });
    log.fate = (batches) => (batches.some(({ partition }) => partition % 2 === 1) ? 'unreachable' : 'stored');
    await outbox.append(call(SESSION_OF[1]!));
    await until(() => outbox.stats.sendErrors === 1, 'the first lane is blocked');
    for (let index = 0; index < 3; index++) await outbox.append(call(SESSION_OF[2]!));
    await until(() => outbox.stats.sent === 3, 'the other lane goes on');
    expect(outbox.stats.unsent).toBe(1);
  });
});

describe('an event that the log never takes', () => {
  test.each([
    ['too-large', limitRecords],
    ['rejected', rejectEvent],
  ] as const)(
    'is replaced by a refused event under its number (%s), and the others around it are stored',
    async (reason, prepare) => {
      const log = new ModelLog(4);
      log.isReachable = false;
      const { outbox, errors } = await startOutbox(log, newRoot(), { startWaitMs: 1 });
      const poison = call('a', { tenant_id: 'default', request_body: body(Buffer.alloc(6_000)) });
      prepare(log, poison.event_id);
      const events = [
        ...Array.from({ length: 9 }, () => call('a')),
        poison,
        ...Array.from({ length: 9 }, () => call('a')),
      ];
      for (const event of events) await outbox.append(event);
      log.isReachable = true;
      await until(() => outbox.stats.unsent === 0, 'all sent');
      const { events: applied } = appliedEvents(log);
      expect(idsOf(applied)).toEqual(idsOf(events as unknown as LogEvent[]));
      expect(applied[9]).toMatchObject({
        kind: 'refused',
        reason,
        count: 1,
        producer: { seq: 9 },
        tenant_id: 'default',
      });
      expect(applied.filter(({ kind }) => kind === 'request')).toHaveLength(18);
      expect(outbox.stats).toMatchObject({ replaced: 1, sent: 19 });
      expect(errors.join('\n')).toContain(poison.event_id);
    },
  );
});

describe('before events are sent', () => {
  test('a hook may change them, slowly, and their order stays', async () => {
    const log = new ModelLog(4);
    const { outbox } = await startOutbox(log, newRoot(), {
      beforeSend({ bytes }) {
        if (bytes.length < 2_000) return bytes;
        const delay = Math.random() * 5;
        return new Promise((resolve) => setTimeout(() => resolve(replaceInBytes(bytes, 'large', 'LARGE')), delay));
      },
    });
    for (let index = 0; index < 60; index++) {
      await outbox.append(call('a', index % 3 === 0 ? { request_body: body(Buffer.alloc(3_000, 'large ')) } : {}));
    }
    await until(() => outbox.stats.unsent === 0, 'all sent');
    const { events, resent } = appliedEvents(log);
    expect(resent).toBe(0);
    const large = events.filter((event) => event.kind === 'request' && event.request_body.size === 3_000);
    expect(large).toHaveLength(20);
    expect(large.every((event) => JSON.stringify(event).includes('LARGE') || bodyText(event).includes('LARGE'))).toBe(
      true,
    );
  });

  test('an event that cannot be prepared holds up its own partition only, and is prepared again', async () => {
    const log = new ModelLog(4);
    let isBroken = true;
    let tries = 0;
    const { outbox, warnings } = await startOutbox(log, newRoot(), {
      beforeSend({ head, bytes }) {
        if (head.partition !== 3) return bytes;
        tries++;
        return isBroken ? Promise.reject(new Error('the store is down')) : Promise.resolve(bytes);
      },
    });
    for (let index = 0; index < 10; index++) {
      await Promise.all(SESSION_OF.map((session) => outbox.append(call(session))));
    }
    await until(() => outbox.stats.sent === 30 && tries > 20, 'the others are sent');
    expect(warnings.join('\n')).toContain('the store is down');
    expect(outbox.stats.stuckMs[3]).toBeGreaterThan(0);
    isBroken = false;
    await until(() => outbox.stats.unsent === 0, 'all sent');
    expect(appliedEvents(log).events).toHaveLength(40);
  });

  test('what is prepared behind events that are ready is prepared once, and its failure is nobody else’s', async () => {
    const log = new ModelLog(1);
    const tries = new Map<string, number>();
    const { outbox, warnings } = await startOutbox(log, newRoot(), {
      beforeSend({ head, bytes }) {
        if (bytes.length < 2_000) return bytes;
        const times = (tries.get(head.eventId) ?? 0) + 1;
        tries.set(head.eventId, times);
        // At once: before anybody waits for it.
        return times === 1 ? Promise.reject(new Error('the store is down')) : Promise.resolve(bytes);
      },
    });
    for (let index = 0; index < 30; index++) {
      // Together: ready ones lie in front of each that is not.
      const large = { request_body: body(Buffer.alloc(3_000, 'large ')) };
      await Promise.all([outbox.append(call('a')), outbox.append(call('a')), outbox.append(call('a', large))]);
    }
    await until(() => outbox.stats.unsent === 0, 'all sent');
    expect(appliedEvents(log).events).toHaveLength(90);
    expect([...tries.values()]).toEqual(Array(30).fill(2));
    expect(warnings.join('\n')).toContain('the store is down');
  });

  test('a hook that throws is one that rejects', async () => {
    const log = new ModelLog(1);
    let isBroken = true;
    const { outbox } = await startOutbox(log, newRoot(), {
      beforeSend({ bytes }) {
        if (isBroken) throw new Error('a mistake');
        return bytes;
      },
    });
    await outbox.append(call('a'));
    await until(() => outbox.stats.stuckMs[0]! > 0, 'failing');
    isBroken = false;
    await until(() => outbox.stats.unsent === 0, 'sent');
  });
});

describe('partitions of the log', () => {
  test('are those of the last start while the log cannot be asked', async () => {
    const log = new ModelLog(4);
    const root = newRoot();
    const first = await startOutbox(log, root, { partitions: 9 });
    expect(first.outbox.partitions).toBe(4);
    await first.outbox.close();
    log.isReachable = false;
    const second = await startOutbox(log, root, { partitions: 9, startWaitMs: 60_000 });
    expect(second.outbox.partitions).toBe(4);
  });

  test('may prove other than assumed: what waits is numbered anew under another producer, also after crashes', async () => {
    const log = new ModelLog(4);
    log.isReachable = false;
    let root = newRoot();
    let gateway = await startOutbox(log, root, { partitions: 7, startWaitMs: 1 });
    const sessions = ['a', 'b', 'c', 'd', null];
    const events = Array.from({ length: 50 }, (_, index) => call(sessions[index % 5]!, { user_id: String(index) }));
    for (const event of events) await gateway.outbox.append(event);
    const before = gateway.outbox.producerId;
    let left = 6;
    log.fate = () => (left-- > 0 ? 'partly' : 'stored');
    log.isReachable = true;
    await until(() => left < 4, 'some of it is sent');
    const after = newRoot();
    gateway.die(after);
    root = after;
    gateway = await startOutbox(log, root);
    const last = call('a');
    await gateway.outbox.append(last);
    await until(() => gateway.outbox.stats.unsent === 0, 'all sent');
    await gateway.outbox.close();
    const { events: applied } = appliedEvents(log);
    expect(idsOf(applied).sort()).toEqual([...events, last].map(({ event_id }) => event_id).sort());
    expect(applied.some(({ producer }) => producer.id === before)).toBe(false);
    // One more producer than the gateways: that of what was numbered anew.
    expect(new Set(applied.map(({ producer }) => producer.id)).size).toBe(2);
    for (const session of sessions) {
      const users = applied.flatMap((event) =>
        event.kind === 'request' && (event.session?.id ?? null) === session && event.user_id !== 'user-1'
          ? [Number(event.user_id)]
          : [],
      );
      if (session !== null) expect(users).toEqual(users.toSorted((a, b) => a - b));
    }
    expect(foldersOf(root)).toEqual([]);
  });
});

describe('a log that is not the one it was', () => {
  test('gets nothing, events stay, and somebody is told what to do; what to do works', async () => {
    const log = new ModelLog(4);
    const root = newRoot();
    const first = await startOutbox(log, root, { closeWaitMs: 20 });
    await first.outbox.append(call('a'));
    await until(() => first.outbox.stats.unsent === 0, 'sent');
    log.logId = 'log-2';
    await until(() => first.errors.length > 0, 'an alarm');
    expect(first.errors[0]).toContain('sent to log log-1');
    const stored = log.all.length;
    await first.outbox.append(call('a'));
    expect(first.outbox.log).toBeUndefined();
    await first.outbox.close();
    expect(log.all).toHaveLength(stored);

    const second = await startOutbox(log, root, { closeWaitMs: 20 });
    const fresh = call('a');
    await second.outbox.append(fresh);
    await until(() => second.outbox.stats.sent === 1 && second.errors.length > 0, 'new events go to the new log');
    expect(second.outbox.stats).toMatchObject({ unsent: 1, adopted: 1 });
    await second.outbox.close();
    const [folder] = foldersOf(root);
    expect(second.errors.join('\n')).toContain(folder);
    const file = path.join(folder!, 'outbox.json');
    const { sent_to: _dropped, ...meta } = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
    fs.writeFileSync(file, JSON.stringify(meta));
    const third = await startOutbox(log, root);
    await until(() => third.outbox.stats.unsent === 0, 'sent to the new log');
    await third.outbox.close();
    expect(foldersOf(root)).toEqual([]);
    expect(log.all.filter(({ kind }) => kind === 'request')).toHaveLength(3);
  });

  test('is looked at again when it turns out to be missing, and sent to when it is the same', async () => {
    const log = new ModelLog(4);
    const { outbox, errors } = await startOutbox(log, newRoot());
    await outbox.append(call('a'));
    await until(() => outbox.stats.unsent === 0, 'sent');
    log.exists = false;
    await outbox.append(call('a'));
    await until(() => errors.length > 0, 'an alarm');
    expect(errors.join('\n')).toContain('throughline migrate');
    log.exists = true;
    await until(() => outbox.stats.unsent === 0, 'sent');
    expect(appliedEvents(log).events).toHaveLength(2);
  });
});

describe('folders left behind', () => {
  test('by a gateway that died are emptied by another one that runs on the same volume', async () => {
    const log = new ModelLog(4);
    const root = newRoot();
    const running = await startOutbox(log, root);
    const other = newRoot();
    const dying = await startOutbox(log, other);
    log.isReachable = false;
    const lost = call('a');
    await dying.outbox.append(lost);
    await until(() => dying.outbox.stats.sendErrors > 0, 'tried');
    dying.die(root);
    log.isReachable = true;
    await until(() => appliedEvents(log).events.length === 1, 'adopted and sent');
    // Closing does not wait for folders of others: what is left of one, the next start takes up.
    const isClosed = () => log.all.some(({ kind }) => kind === 'closed');
    await until(() => isClosed() && foldersOf(root).length === 1, 'nothing left in it');
    await running.outbox.append(call('a'));
    await running.outbox.close();
    const { events } = appliedEvents(log);
    expect(events.find(({ event_id }) => event_id === lost.event_id)?.producer).toEqual({
      id: dying.outbox.producerId,
      seq: 0,
    });
    expect(log.all.filter(({ kind }) => kind === 'closed')).toHaveLength(2);
    expect(foldersOf(root)).toEqual([]);
  });

  test('are told from those of gateways that run: each of two on one volume has its own', async () => {
    const log = new ModelLog(4);
    const root = newRoot();
    const [one, two] = [await startOutbox(log, root), await startOutbox(log, root)];
    expect(foldersOf(root)).toHaveLength(2);
    for (let index = 0; index < 20; index++) {
      await Promise.all([one.outbox.append(call('a')), two.outbox.append(call('a'))]);
    }
    await Promise.all([one.outbox.close(), two.outbox.close()]);
    const { events, resent } = appliedEvents(log);
    expect(events).toHaveLength(40);
    expect(resent).toBe(0);
    expect(foldersOf(root)).toEqual([]);
  });

  test('may be copies of each other: what both send has the same numbers', async () => {
    const log = new ModelLog(4);
    const root = newRoot();
    const dying = await startOutbox(log, root);
    await Promise.all(Array.from({ length: 30 }, () => dying.outbox.append(call('a'))));
    const [left, clone] = [newRoot(), newRoot()];
    dying.die(left);
    copyTree(left, clone);
    const gateways = await Promise.all([startOutbox(log, left), startOutbox(log, clone)]);
    for (const { outbox } of gateways) await until(() => outbox.stats.unsent === 0, 'sent');
    for (const { outbox } of gateways) await outbox.close();
    expect(appliedEvents(log).events).toHaveLength(30);
  });

  test('may be cut at the end: what is left is sent, with its numbers', async () => {
    const log = new ModelLog(1);
    log.isReachable = false;
    const root = newRoot();
    const dying = await startOutbox(log, root, { startWaitMs: 1 });
    for (let index = 0; index < 10; index++) await dying.outbox.append(call('a'));
    const left = newRoot();
    dying.die(left);
    const [folder] = foldersOf(left);
    const newest = listSegments(path.join(folder!, 'log')).at(-1)!.path;
    fs.truncateSync(newest, fs.statSync(newest).size - 10);
    log.isReachable = true;
    const { outbox, warnings } = await startOutbox(log, left);
    await outbox.close();
    expect(appliedEvents(log).events.map(({ producer }) => producer.seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(log.all.at(-1)).toMatchObject({ kind: 'closed', last_seq: 8 });
    expect(warnings.join('\n')).toContain('unfinished tail');
  });

  test('may be damaged in the middle: what is lost is counted and named, the rest is sent', async () => {
    const log = new ModelLog(1);
    log.isReachable = false;
    const dying = await startOutbox(log, newRoot(), { startWaitMs: 1 });
    for (let index = 0; index < 10; index++) await dying.outbox.append(call('a'));
    const left = newRoot();
    dying.die(left);
    const [segment] = listSegments(path.join(foldersOf(left)[0]!, 'log'));
    const bytes = fs.readFileSync(segment!.path);
    bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 20);
    fs.writeFileSync(segment!.path, bytes);
    log.isReachable = true;
    const { outbox, errors } = await startOutbox(log, left);
    await until(() => outbox.stats.unsent === 0, 'the rest is sent');
    expect(outbox.stats).toMatchObject({ sent: 9, lost: 1 });
    expect(errors.join('\n')).toContain('has lost offsets');
    const seqs = requestsOf(log, 0).map(({ producer }) => producer.seq);
    expect(seqs).toHaveLength(9);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  });

  test('whose positions are damaged are sent again from their beginning, and nothing is missing', async () => {
    const log = new ModelLog(4);
    const root = newRoot();
    const dying = await startOutbox(log, root);
    await Promise.all(Array.from({ length: 30 }, () => dying.outbox.append(call('a'))));
    await until(() => dying.outbox.stats.unsent === 0, 'sent');
    const positionsIn = (place: string) => path.join(foldersOf(place)[0]!, 'positions');
    await until(() => fs.existsSync(positionsIn(root)), 'positions stored');
    const left = newRoot();
    dying.die(left);
    const positions = fs.readFileSync(positionsIn(left));
    fs.writeFileSync(positionsIn(left), positions.fill(0x7b));
    const { outbox } = await startOutbox(log, left);
    await outbox.close();
    const { events, resent } = appliedEvents(log);
    expect(events).toHaveLength(30);
    expect(resent).toBe(30);
    expect(log.all.at(-1)).toMatchObject({ kind: 'closed', last_seq: 29 });
  });

  test('are removed when they never became an outbox or were emptied, and stay when they cannot be understood', async () => {
    const log = new ModelLog(4);
    const root = newRoot();
    fs.mkdirSync(path.join(root, 'half-made'));
    fs.mkdirSync(path.join(root, 'half-deleted', 'log'), { recursive: true });
    fs.writeFileSync(path.join(root, 'half-deleted', 'emptied.json'), '{}');
    fs.mkdirSync(path.join(root, 'foreign'));
    fs.writeFileSync(path.join(root, 'foreign', 'notes.txt'), 'not ours');
    fs.mkdirSync(path.join(root, 'damaged'));
    fs.writeFileSync(path.join(root, 'damaged', 'outbox.json'), '{"format":1,');
    fs.mkdirSync(path.join(root, 'newer'));
    fs.writeFileSync(path.join(root, 'newer', 'outbox.json'), '{"format":2}');
    createOutboxFolder(root, { target: 'another.topic', partitions: 4 }, 0).release();
    const { outbox, errors } = await startOutbox(log, root);
    await outbox.close();
    const names = foldersOf(root).map((dir) => path.basename(dir));
    expect(names).toEqual(expect.arrayContaining(['foreign', 'damaged', 'newer']));
    expect(names).toHaveLength(4);
    for (const name of ['foreign', 'damaged', 'newer']) {
      expect(errors.filter((message) => message.includes(path.join(root, name)))).toHaveLength(1);
    }
  });
});

describe('a full outbox', () => {
  test('refuses and counts what is new, keeps what is old, and takes events again once it has been emptied', async () => {
    const log = new ModelLog(1);
    log.isReachable = false;
    const { outbox, errors } = await startOutbox(log, newRoot(), { startWaitMs: 1, bytesMax: 40_000 });
    const results = [];
    for (let index = 0; index < 100; index++) results.push(...(await Promise.allSettled([outbox.append(call('a'))])));
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(30);
    expect(refused[0]).toMatchObject({ reason: { code: 'full', retryable: true } });
    expect(outbox.writable).toBe(false);
    expect(outbox.stats).toMatchObject({ refused: refused.length, appended: 100 - refused.length });
    expect(errors.join('\n')).toContain('has reached 40000 bytes'.replace('reached', 'reached its'));
    log.isReachable = true;
    await until(() => outbox.writable, 'room again');
    await until(() => outbox.stats.unsent === 0, 'all sent');
    await outbox.append(call('a'));
    await outbox.close();
    const { events } = appliedEvents(log);
    const named = events.flatMap((event) => (event.kind === 'refused' ? [event.count] : []));
    expect(named.reduce((sum, count) => sum + count, 0)).toBe(refused.length);
    expect(events.filter(({ kind }) => kind === 'request')).toHaveLength(101 - refused.length);
  });

  test('counts what lies in folders left behind', async () => {
    const log = new ModelLog(1);
    log.isReachable = false;
    const root = newRoot();
    const first = await startOutbox(log, root, { startWaitMs: 1, closeWaitMs: 1 });
    for (let index = 0; index < 60; index++) await first.outbox.append(call('a'));
    await first.outbox.close();
    const second = await startOutbox(log, root, { startWaitMs: 1, bytesMax: 40_000 });
    expect(second.outbox.stats).toMatchObject({ adopted: 1, unsent: 60 });
    await expect(second.outbox.append(call('a'))).rejects.toMatchObject({ code: 'full' });
    log.isReachable = true;
    await until(() => second.outbox.stats.adopted === 0 && second.outbox.writable, 'emptied');
    await second.outbox.append(call('a'));
  });

  test('is also one whose oldest event has waited for too long', async () => {
    const log = new ModelLog(1);
    log.isReachable = false;
    let now = 1_760_000_000_000;
    const { outbox, errors } = await startOutbox(log, newRoot(), { startWaitMs: 1, ageMaxHours: 2, clock: () => now });
    await outbox.append(call('a'));
    now += 2 * 3_600_000 + 1;
    let refused = 0;
    while (refused === 0) {
      await outbox.append(call('a')).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'full' });
        refused++;
      });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(errors.join('\n')).toContain('has waited for more than 2 h');
    log.isReachable = true;
    await until(() => outbox.writable, 'it takes events again');
    await outbox.append(call('a'));
    await outbox.close();
    const { events } = appliedEvents(log);
    expect(events.find(({ kind }) => kind === 'refused')).toMatchObject({ count: 1, reason: 'full' });
  });
});

test('the highest numbers given are told when the process ends', async () => {
  const log = new ModelLog(4);
  const told: unknown[] = [];
  const { outbox } = await startOutbox(log, newRoot(), { onNumbers: (numbers) => told.push(numbers) });
  for (let index = 0; index < 3; index++) await outbox.append(call(SESSION_OF[2]!));
  await outbox.close();
  expect(told).toEqual([{ producerId: outbox.producerId, lastSeq: { 2: 2 } }]);
});

function limitRecords(log: ModelLog): void {
  log.recordBytesMax = 5_000;
}

function rejectEvent(log: ModelLog, eventId: string): void {
  log.rejected.add(eventId);
}

function replaceInBytes(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(from); at >= 0; at = copy.indexOf(from)) copy.write(to, at);
  return copy;
}

function bodyText(event: LogEvent): string {
  return event.kind === 'request' ? Buffer.from(event.request_body.bytes).toString() : '';
}
