import { describe, expect, test } from '@jest/globals';
import { FINAL, WITH_TOMBSTONES } from '@throughline/analytics/read-settings';
import { encodeRows } from '@throughline/analytics/tables';
import type { AnnotationChange, Deletion } from '@throughline/contracts/annotation';
import { planOf, storedChange } from '@throughline/contracts/annotation-row';
import { newEventId } from '@throughline/contracts/ids';
import {
  ANNOTATION_SCHEMA_VERSION,
  type NewAnnotationEvent,
  type NewRequestEvent,
} from '@throughline/contracts/request-event';
import { createRandom, type Random, seedFromEnv } from '@throughline/testkit/seed';
import { AGGREGATOR_DELETION_CRASH_POINTS } from '../../src/crash-points.ts';
import { purgeDeleted } from '../../src/deletion/purge-deleted.ts';
import { readAnnotations } from '../../src/read-annotations.ts';
import { crashAt, World } from '../aggregator-world.ts';
import { type Call, callEvent, requestAnnotation, sessionAnnotation } from '../calls.ts';
import { useEmbeddedStore } from '../embedded-store.ts';
import { bySession, figuresByPlace, liveStates } from '../expectations.ts';
import { expectRebuilt, liveRandomly } from '../random-lives.ts';

const store = useEmbeddedStore('deletion');
const NOW = Date.now();
const DAY = 86_400_000;

type Target<K extends Deletion['kind']> = Omit<Extract<Deletion, { kind: K }>, 'id' | 'partition' | 'kind'>;

/** One thing that was logged and is there still. */
interface Item {
  readonly receivedAt: number;
  readonly session: string | undefined;
  readonly call?: Call;
  /** Of the call, or the one that a note is about. */
  readonly event?: NewRequestEvent;
  readonly change?: AnnotationChange;
  bodiesDeleted: boolean;
}

/** Logs calls, annotations and deletions, and keeps the plain reference: what is there, in the order of the log. */
class Stream {
  items: Item[] = [];
  readonly #events: NewRequestEvent[] = [];
  readonly #sent: { event: NewAnnotationEvent | NewRequestEvent; number: number; receivedAt: number }[] = [];
  readonly #world: World;
  #number = 0;

  constructor(world: World) {
    this.#world = world;
  }

  call(call: Omit<Call, 'tenant'>, receivedAt = NOW): NewRequestEvent {
    const whole = { tenant: this.#world.tenant, ...call };
    const event = callEvent(whole);
    this.#append(event, receivedAt);
    this.#events.push(event);
    this.items.push({ receivedAt, session: call.session, call: whole, event, bodiesDeleted: false });
    return event;
  }

  ofSession(session: string, change: AnnotationChange, receivedAt = NOW): void {
    this.#append(sessionAnnotation(this.#world.tenant, session, change), receivedAt);
    this.items.push({ receivedAt, session, change, bodiesDeleted: false });
  }

  ofRequest(event: NewRequestEvent, change: AnnotationChange, receivedAt = NOW): void {
    this.#append(requestAnnotation(event, change), receivedAt);
    if (!this.items.some((item) => item.event === event)) return;
    this.items.push({ receivedAt, session: event.session?.id, event, change, bodiesDeleted: false });
  }

  delete<K extends Deletion['kind']>(kind: K, target: Target<K>): void {
    const change = { kind, id: newEventId(0, NOW), partition: 0, ...target } as unknown as Deletion;
    const base = {
      kind: 'annotation',
      schema_version: ANNOTATION_SCHEMA_VERSION,
      session: null,
      request: null,
    } as const;
    this.#append({ ...base, event_id: newEventId(0, NOW), tenant_id: this.#world.tenant, change }, NOW);
    switch (change.kind) {
      case 'delete-sessions': {
        const gone = new Set(change.sessions.filter((session) => this.#isInactive(session, change.inactive_since)));
        this.items = this.items.filter(({ session }) => session === undefined || !gone.has(session));
        break;
      }
      case 'delete-user': {
        const deleted = new Set(this.items.filter(({ call }) => call?.user === change.user).map(({ event }) => event));
        const touched = new Set(
          this.items.filter(({ event }) => event && deleted.has(event)).map(({ session }) => session),
        );
        this.items = this.items.filter(({ event }) => event === undefined || !deleted.has(event));
        const left = new Set(this.items.filter(({ call }) => call).map(({ session }) => session));
        this.items = this.items.filter(
          ({ session }) => session === undefined || !touched.has(session) || left.has(session),
        );
        break;
      }
      case 'delete-calls': {
        const deleted = new Set(
          this.items
            .filter(({ call, session, receivedAt }) => call && session === undefined && receivedAt < change.before)
            .map(({ event }) => event),
        );
        this.items = this.items.filter(({ event }) => event === undefined || !deleted.has(event));
        break;
      }
      case 'delete-bodies':
        for (const item of this.items) {
          const { session } = item;
          if (!item.call || session === undefined || !change.sessions.includes(session)) continue;
          if (this.#isInactive(session, change.inactive_since)) item.bodiesDeleted = true;
        }
        break;
      case 'delete-call-bodies':
        for (const item of this.items) {
          if (item.call && item.session === undefined && item.receivedAt < change.before) item.bodiesDeleted = true;
        }
    }
  }

  #isInactive(id: string, since: number | null): boolean {
    return since === null || this.items.every(({ session, receivedAt }) => session !== id || receivedAt < since);
  }

  any(random: Random): void {
    const draw = random.next();
    const receivedAt = NOW - random.integer(0, 4) * DAY;
    const sessions = () => Array.from({ length: random.integer(1, 3) }, () => `s${random.integer(0, 6)}`);
    const since = NOW - random.integer(0, 4) * DAY;
    if (draw < 0.4 || this.#events.length === 0) {
      this.call(
        {
          session: random.chance(0.2) ? undefined : `s${random.integer(0, 4)}`,
          user: random.pick(['', 'u0', 'u1', 'u2']),
          startedAt: receivedAt - random.integer(0, 3_600_000),
          properties: random.chance(0.5) ? [] : [[`k${random.integer(0, 2)}`, `v${random.integer(0, 5)}`]],
          promptTokens: random.integer(0, 1_000),
          name: random.pick(['', 'one', 'two']),
        },
        receivedAt,
      );
    } else if (draw < 0.47) {
      const { event, number, receivedAt: at } = random.pick(this.#sent);
      this.#world.log.append(event, 'producer', number, at);
    } else if (draw < 0.6) {
      const change = random.pick<AnnotationChange>([
        { kind: 'tag', tag: random.pick(['', 'good', 'ü']) },
        { kind: 'feedback', rating: random.chance(0.5) },
        { kind: 'score', scores: [[`m${random.integer(0, 2)}`, random.integer(-5, 5)]] },
      ]);
      this.ofSession(`s${random.integer(0, 6)}`, change, receivedAt);
    } else if (draw < 0.85) {
      const change = random.pick<AnnotationChange>([
        { kind: 'property', key: `k${random.integer(0, 3)}`, value: `w${random.integer(0, 9)}` },
        { kind: 'score', scores: [['m', random.integer(0, 1)]] },
      ]);
      this.ofRequest(random.pick(this.#events), change, receivedAt);
    } else if (draw < 0.89) {
      this.delete('delete-sessions', { sessions: sessions(), reason: 'asked', inactive_since: null });
    } else if (draw < 0.92) {
      this.delete('delete-sessions', { sessions: sessions(), reason: 'retention', inactive_since: since });
    } else if (draw < 0.96) this.delete('delete-user', { user: random.pick(['u0', 'u1', 'u2', 'u3']) });
    else if (draw < 0.97) this.delete('delete-calls', { before: since });
    else if (draw < 0.99) this.delete('delete-bodies', { sessions: sessions(), inactive_since: since });
    else this.delete('delete-call-bodies', { before: since });
  }

  async expectExact(note: object = {}): Promise<void> {
    const world = this.#world;
    const calls = this.items.flatMap(({ call }) => (call ? [call] : []));
    const expected = bySession(calls);
    const { rows, totals, snapshots } = await figuresByPlace(world);
    expect({ ...note, rows }).toEqual({ ...note, rows: expected });
    const called = Object.fromEntries(Object.entries(snapshots).filter(([, { requests }]) => requests > 0));
    expect({ ...note, called }).toEqual({ ...note, called: expected });
    // Those that are live: others are in their snapshots alone.
    const live = Object.fromEntries(Object.entries(totals).filter(([, { requests }]) => requests > 0));
    expect({ ...note, live }).toEqual({
      ...note,
      live: Object.fromEntries(Object.entries(expected).filter(([session]) => session in live)),
    });
    expect({ ...note, said: await this.#said() }).toEqual({ ...note, said: this.#expectedSaid() });
    expect({ ...note, requests: await this.#requests() }).toEqual({ ...note, requests: this.#expectedRequests() });
    const { differences } = await world.audit();
    expect({ ...note, differences }).toEqual({ ...note, differences: [] });
  }

  async #said() {
    const rows = await this.#world.raw.query<Record<string, unknown> & { session_id: string }>({
      sql: 'SELECT session_id, tag, feedback, scores, deleted_bodies FROM sessions FINAL WHERE tenant_id = {tenant:String}',
      params: { tenant: this.#world.tenant },
      settings: FINAL,
    });
    return Object.fromEntries(rows.map(({ session_id, ...said }) => [session_id, said]));
  }

  #expectedSaid() {
    const said: Record<
      string,
      { tag: string | null; feedback: boolean | null; scores: object; deleted_bodies: boolean }
    > = {};
    for (const { session, event, change, bodiesDeleted } of this.items) {
      if (session === undefined) continue;
      said[session] ??= { tag: null, feedback: null, scores: {}, deleted_bodies: false };
      const own = said[session];
      if (bodiesDeleted) own.deleted_bodies = true;
      if (event !== undefined) continue;
      if (change?.kind === 'tag') own.tag = change.tag === '' ? null : change.tag;
      if (change?.kind === 'feedback') own.feedback = change.rating;
      if (change?.kind === 'score') own.scores = { ...own.scores, ...Object.fromEntries(change.scores) };
    }
    return said;
  }

  async #requests() {
    const rows = await this.#world.raw.query<Record<string, unknown> & { event_id: string }>({
      sql: `
SELECT event_id, properties, scores, user_id, bodies.encoding AS encoding, bodies.size > 0 AS has_body
FROM (SELECT * FROM requests FINAL WHERE tenant_id = {tenant:String}) AS r
LEFT JOIN (
  SELECT source_offset, request_encoding AS encoding, length(request_body) AS size FROM request_bodies FINAL
  WHERE tenant_id = {tenant:String}
) AS bodies USING source_offset`,
      params: { tenant: this.#world.tenant },
      settings: FINAL,
    });
    return Object.fromEntries(rows.map(({ event_id, ...row }) => [event_id, row]));
  }

  #expectedRequests() {
    const requests = new Map<NewRequestEvent, Record<string, object | string | number>>();
    for (const { call, event, change, bodiesDeleted } of this.items) {
      if (call) {
        const own = call.session === undefined ? {} : { 'Helicone-Session-Id': call.session };
        const named = call.name ? { 'Helicone-Session-Name': call.name } : {};
        requests.set(event!, {
          properties: { ...Object.fromEntries(call.properties ?? []), ...own, ...(call.session && named) },
          scores: {},
          user_id: call.user ?? '',
          encoding: bodiesDeleted ? 'deleted' : 'utf8',
          has_body: bodiesDeleted ? 0 : 1,
        });
      } else if (event) {
        const request = requests.get(event)!;
        if (change!.kind === 'property')
          request.properties = { ...(request.properties as object), [change!.key]: change!.value };
        if (change!.kind === 'score')
          request.scores = { ...(request.scores as object), ...Object.fromEntries(change!.scores) };
      }
    }
    return Object.fromEntries([...requests].map(([event, request]) => [event.event_id, request]));
  }

  #append(event: NewAnnotationEvent | NewRequestEvent, receivedAt: number): void {
    this.#world.log.append(event, 'producer', undefined, receivedAt);
    this.#sent.push({ event, number: this.#number++, receivedAt });
  }
}

async function purge(): Promise<void> {
  await purgeDeleted({ analytics: store.analytics, beforeMs: NOW + DAY });
}

/** Every version of every row of a tenant, tombstones and all, as text. */
async function everything(world: World): Promise<string> {
  const texts: string[] = [];
  for (const table of ['requests', 'request_bodies', 'annotations', 'sessions', 'session_keys', 'ledger_exceptions']) {
    const rows = await world.raw.query({
      sql: `SELECT * FROM ${table} WHERE tenant_id = {tenant:String}`,
      params: { tenant: world.tenant },
      settings: WITH_TOMBSTONES,
    });
    for (const row of rows) texts.push(`${table}: ${JSON.stringify(row)}`);
  }
  return texts.join('\n');
}

describe('a session that is deleted', () => {
  test('is nowhere, and what is recorded under its id afterwards starts anew', async () => {
    const world = await World.create(store.analytics);
    const stream = new Stream(world);
    const first = stream.call({ session: 's', startedAt: NOW, user: 'ada', name: 'a name' });
    stream.call({ session: 'other', startedAt: NOW });
    stream.ofSession('s', { kind: 'tag', tag: 'gold' });
    stream.ofRequest(first, { kind: 'property', key: 'k', value: 'v' });
    await world.live();
    stream.delete('delete-sessions', { sessions: ['s', 'nobody'], reason: 'asked', inactive_since: null });
    await world.live();
    await stream.expectExact();
    const audit = await world.audit();
    expect(audit.stored).toEqual({ requests: 1, annotations: 1, exceptions: { deleted: 3 } });
    // What comes late about it is told from what is there.
    stream.ofRequest(first, { kind: 'property', key: 'k', value: 'w' });
    await world.live();
    expect((await world.audit()).stored.exceptions).toEqual({ deleted: 3, orphan: 1 });
    stream.call({ session: 's', startedAt: NOW - 5_000 });
    await world.live();
    await stream.expectExact();
    expect((await liveStates(world, ['s'])).map(({ requests, tag }) => [requests, tag])).toEqual([[1, null]]);
    await world.destroy();
  });

  test('leaves no text of its calls once it is purged, nor does the deletion of a user', async () => {
    const world = await World.create(store.analytics);
    const stream = new Stream(world);
    const secret = { session: 'MARK-session', name: 'MARK-name', path: '/MARK-path', user: 'MARK-user' };
    const first = stream.call({ ...secret, properties: [['MARK-key', 'MARK-value']], model: 'MARK-model' });
    stream.ofSession('MARK-session', { kind: 'tag', tag: 'MARK-tag' });
    stream.ofRequest(first, { kind: 'property', key: 'MARK-late', value: 'MARK-late' });
    const kept = { session: 'kept', startedAt: NOW };
    stream.call({ ...kept, user: 'MARK-user', properties: [['env', 'MARK-env']] });
    const alone = stream.call({ startedAt: NOW, user: 'MARK-user' });
    stream.ofRequest(alone, { kind: 'property', key: 'MARK-alone', value: '1' });
    stream.call(kept);
    await world.live();
    expect(await everything(world)).toContain('MARK-tag');
    stream.delete('delete-sessions', { sessions: ['MARK-session'], reason: 'asked', inactive_since: null });
    stream.delete('delete-user', { user: 'MARK-user' });
    await world.live();
    await stream.expectExact();
    await purge();
    expect(await everything(world)).not.toContain('MARK');
    await stream.expectExact();
    // Nothing of it is missed at the next start, nor when totals are made anew.
    await world.live();
    await stream.expectExact();
    await world.loseTotals();
    await world.live();
    await stream.expectExact();
    expect(await everything(world)).not.toContain('MARK');
    await world.destroy();
  });

  test('comes back neither by an event that is sent once more nor by a repair', async () => {
    const world = await World.create(store.analytics);
    const stream = new Stream(world);
    const event = stream.call({ session: 's', startedAt: NOW });
    await world.live();
    stream.delete('delete-sessions', { sessions: ['s'], reason: 'asked', inactive_since: null });
    await world.live();
    world.log.append(event, 'producer', 0);
    await world.live();
    await stream.expectExact();
    for (const lost of ['is_deleted = 0', 'is_deleted = 1', '1']) {
      await store.command(
        `ALTER TABLE requests DELETE WHERE source_partition = ${world.partition} AND ${lost} SETTINGS mutations_sync = 1`,
      );
      await world.live();
      await stream.expectExact({ lost });
    }
    const own = `source_partition = ${world.partition}`;
    for (const table of ['ledger_exceptions', 'annotations', 'requests']) {
      await store.command(`ALTER TABLE ${table} DELETE WHERE ${own} SETTINGS mutations_sync = 1`);
    }
    await world.live();
    await stream.expectExact({ lost: 'everything' });
    await world.destroy();
  });

  test('is told by its owner alone: one that went on is left', async () => {
    const world = await World.create(store.analytics);
    const stream = new Stream(world);
    stream.call({ session: 'old', startedAt: NOW }, NOW - 3 * DAY);
    stream.call({ session: 'goes-on', startedAt: NOW }, NOW - 3 * DAY);
    stream.ofSession('goes-on', { kind: 'feedback', rating: true }, NOW - DAY);
    stream.call({ startedAt: NOW }, NOW - 3 * DAY);
    stream.call({ startedAt: NOW }, NOW - DAY);
    const since = NOW - 2 * DAY;
    stream.delete('delete-sessions', { sessions: ['old', 'goes-on'], reason: 'retention', inactive_since: since });
    stream.delete('delete-calls', { before: since });
    await world.live();
    await stream.expectExact();
    expect(stream.items.filter(({ call }) => call).map(({ session }) => session)).toEqual(['goes-on', undefined]);
    await world.destroy();
  });

  test('is gone from totals that were set back to before its deletion, which are made anew', async () => {
    const world = await World.create(store.analytics);
    const stream = new Stream(world);
    stream.call({ session: 's', startedAt: NOW, user: 'u' });
    stream.call({ session: 'other', startedAt: NOW, user: 'u' });
    stream.call({ session: 'other', startedAt: NOW });
    stream.call({ startedAt: NOW, user: 'u' });
    await world.live();
    const before = (await world.totals.loadPartition(world.partition))!;
    const states = await liveStates(world, ['s', 'other']);
    stream.delete('delete-sessions', { sessions: ['s'], reason: 'asked', inactive_since: null });
    stream.delete('delete-user', { user: 'u' });
    stream.call({ session: 'later', startedAt: NOW });
    await world.live();
    await purge();
    const { fence } = (await world.totals.loadPartition(world.partition))!;
    await world.totals.commit(world.partition, fence, before, states);
    await world.live();
    await stream.expectExact();
    await world.destroy();
  });
});

test('bodies that are deleted leave their requests as they were', async () => {
  const world = await World.create(store.analytics);
  const stream = new Stream(world);
  stream.call({ session: 's', startedAt: NOW }, NOW - 3 * DAY);
  stream.call({ session: 'other', startedAt: NOW });
  stream.call({ startedAt: NOW }, NOW - 3 * DAY);
  await world.live();
  stream.delete('delete-bodies', { sessions: ['s', 'other'], inactive_since: NOW - DAY });
  stream.delete('delete-call-bodies', { before: NOW - DAY });
  await world.live();
  await stream.expectExact();
  await purge();
  await stream.expectExact();
  const bodies = await world.raw.query({
    sql: 'SELECT request_encoding, length(request_body) > 0 AS some FROM request_bodies WHERE tenant_id = {tenant:String} ORDER BY ALL',
    params: { tenant: world.tenant },
  });
  expect(bodies).toEqual([
    { request_encoding: 'deleted', some: 0 },
    { request_encoding: 'deleted', some: 0 },
    { request_encoding: 'utf8', some: 1 },
  ]);
  await world.destroy();
});

describe('an owner that dies while it deletes', () => {
  test.each(AGGREGATOR_DELETION_CRASH_POINTS)('at %s has deleted the same after the next start', async (point) => {
    const world = await World.create(store.analytics);
    const stream = new Stream(world);
    const annotated = stream.call({ session: 's', startedAt: NOW, user: 'u' });
    stream.ofRequest(annotated, { kind: 'property', key: 'k', value: 'v' });
    stream.ofSession('s', { kind: 'tag', tag: 'x' });
    stream.call({ session: 'mixed', startedAt: NOW, user: 'u' });
    stream.call({ session: 'mixed', startedAt: NOW });
    stream.call({ session: 'bodies', startedAt: NOW }, NOW - 3 * DAY);
    stream.call({ startedAt: NOW, user: 'u' });
    await world.live();
    if (point === 'aggregator:deletion-bodies-emptied') {
      stream.delete('delete-bodies', { sessions: ['bodies'], inactive_since: NOW });
    }
    stream.delete('delete-user', { user: 'u' });
    stream.call({ session: 's', startedAt: NOW });
    expect(await world.liveUntilCrash({ crashPoint: crashAt(point) })).toBe(point);
    const points: string[] = [];
    await world.live({ crashPoint: (name) => points.push(name) });
    // Sessions that have lost requests to a part of it are not taken for damaged ones.
    expect(points).not.toContain('aggregator:rebuilt-page-committed');
    await stream.expectExact();
    await world.destroy();
  });

  test.each(AGGREGATOR_DELETION_CRASH_POINTS)(
    'at %s, and with the totals lost, has deleted the same',
    async (point) => {
      const world = await World.create(store.analytics);
      const stream = new Stream(world);
      stream.call({ session: 's', startedAt: NOW, user: 'u' });
      stream.call({ session: 'mixed', startedAt: NOW, user: 'u' });
      stream.call({ session: 'mixed', startedAt: NOW });
      stream.call({ session: 'bodies', startedAt: NOW }, NOW - 3 * DAY);
      await world.live();
      stream.delete('delete-user', { user: 'u' });
      stream.delete('delete-bodies', { sessions: ['bodies'], inactive_since: NOW });
      stream.call({ session: 's', startedAt: NOW });
      await world.liveUntilCrash({ crashPoint: crashAt(point) });
      await world.loseTotals();
      await world.live();
      await stream.expectExact();
      await world.destroy();
    },
  );
});

describe('a deletion whose plan was lost together with the totals', () => {
  /** Plans that the analytics store has lost, and those that were inserted again from the log since, undecided. */
  async function losePlans(world: World, areInsertedAgain: boolean): Promise<void> {
    const plans = await readAnnotations(store.analytics, world.partition, 0, 1_000);
    const own = `source_partition = ${world.partition} AND target = 'partition'`;
    await store.command(`ALTER TABLE annotations DELETE WHERE ${own} SETTINGS mutations_sync = 1`);
    const undecided = plans.flatMap((row) => {
      const plan = planOf(row);
      return plan ? [{ ...row, ...storedChange(plan.change) }] : [];
    });
    if (areInsertedAgain) await store.analytics.insert(encodeRows('annotations', undecided));
  }

  describe.each([
    ['and was not found in the log yet', false],
    ['and was inserted again from the log, undecided', true],
  ])('%s', (_, areInsertedAgain) => {
    test.each([
      ['delete-sessions', 'aggregator:deletion-stored'],
      ['delete-sessions', 'aggregator:deletion-requests-hidden'],
      ['delete-sessions', 'aggregator:deletion-snapshots-hidden'],
      ['delete-sessions', 'aggregator:deletion-done'],
      ['delete-user', 'aggregator:deletion-part-committed'],
      ['delete-user', 'aggregator:deletion-committed'],
      ['delete-user', 'aggregator:deletion-requests-hidden'],
      ['delete-user', 'aggregator:deletion-snapshots-hidden'],
      ['delete-bodies', 'aggregator:deletion-committed'],
      ['delete-bodies', 'aggregator:deletion-bodies-emptied'],
    ] as const)('%s takes the same, by an owner that died at %s', async (kind, point) => {
      const world = await World.create(store.analytics);
      const stream = new Stream(world);
      const first = stream.call({ session: 'gone', startedAt: NOW - 3 * DAY, user: 'u' }, NOW - 3 * DAY);
      stream.ofRequest(first, { kind: 'property', key: 'k', value: 'v' }, NOW - 3 * DAY);
      stream.call({ session: 'gone', startedAt: NOW, user: 'u' }, NOW - 3 * DAY);
      stream.ofSession('gone', { kind: 'tag', tag: 'x' }, NOW - 3 * DAY);
      stream.call({ session: 'untold', startedAt: NOW, user: 'u' }, NOW - 3 * DAY);
      stream.call({ session: 'mixed', startedAt: NOW, user: 'u' }, NOW - 3 * DAY);
      stream.call({ session: 'mixed', startedAt: NOW }, NOW - 3 * DAY);
      stream.ofSession('mixed', { kind: 'tag', tag: 'y' }, NOW - 3 * DAY);
      stream.call({ session: 'tagged since', startedAt: NOW }, NOW - 3 * DAY);
      stream.ofSession('tagged since', { kind: 'feedback', rating: true }, NOW - DAY);
      stream.call({ session: 'goes on', startedAt: NOW }, NOW - 3 * DAY);
      stream.call({ session: 'goes on', startedAt: NOW }, NOW - DAY);
      stream.ofSession('only tagged', { kind: 'tag', tag: 'z' }, NOW - 3 * DAY);
      stream.call({ startedAt: NOW, user: 'u' }, NOW - 3 * DAY);
      await world.live();
      const sessions = ['gone', 'untold', 'tagged since', 'goes on', 'only tagged', 'nobody'];
      const since = NOW - 2 * DAY;
      if (kind === 'delete-user') stream.delete(kind, { user: 'u' });
      else if (kind === 'delete-bodies') stream.delete(kind, { sessions, inactive_since: since });
      else stream.delete(kind, { sessions, reason: 'retention', inactive_since: since });
      stream.call({ session: 'gone', startedAt: NOW });
      expect(await world.liveUntilCrash({ crashPoint: crashAt(point) })).toBe(point);
      await losePlans(world, areInsertedAgain);
      await world.loseTotals();
      await world.live();
      await stream.expectExact();
      await world.destroy();
    });
  });

  test('leaves the bodies of a session that goes on, though some of it were deleted before, also where the totals are there', async () => {
    const world = await World.create(store.analytics);
    const stream = new Stream(world);
    stream.call({ session: 's', startedAt: NOW }, NOW - 3 * DAY);
    stream.delete('delete-bodies', { sessions: ['s'], inactive_since: NOW - 2 * DAY });
    stream.call({ session: 's', startedAt: NOW });
    stream.delete('delete-bodies', { sessions: ['s'], inactive_since: NOW - DAY });
    await world.live();
    await losePlans(world, false);
    await world.live();
    await stream.expectExact();
    await world.destroy();
  });
});

describe('any stream of calls, annotations and deletions, with deaths at any step', () => {
  const seed = seedFromEnv('deleting lives');
  test.each(Array.from({ length: 2 }, (_, run) => run))(
    'comes to what a plain reference says, and is rebuilt bit for bit (run %i)',
    async (run) => {
      const random = createRandom(seed).fork(run);
      const note = { seed, run };
      const world = await World.create(store.analytics);
      const stream = new Stream(world);
      await liveRandomly(world, random, {
        livesMax: 6,
        eventsMax: 40,
        losing: 0.2,
        points: [...AGGREGATOR_DELETION_CRASH_POINTS, ...AGGREGATOR_DELETION_CRASH_POINTS],
        afterLife: async () => void (random.chance(0.15) && (await purge())),
        log: () => stream.any(random),
      });
      await stream.expectExact(note);
      await expectRebuilt(world, note, (id) => stream.ofSession(id, { kind: 'feedback', rating: true }));
      await stream.expectExact(note);
      await purge();
      await stream.expectExact({ ...note, purged: true });
      await world.destroy();
    },
  );
});
