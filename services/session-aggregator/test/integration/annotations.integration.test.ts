import { describe, expect, test } from '@jest/globals';
import { FINAL } from '@throughline/analytics/read-settings';
import { type AnnotationChange, FEEDBACK_SCORE } from '@throughline/contracts/annotation';
import { encodeEvent } from '@throughline/contracts/event-codec';
import type { NewAnnotationEvent, NewRequestEvent } from '@throughline/contracts/request-event';
import type { SessionState } from '@throughline/session-totals/session-state';
import { createRandom, type Random, seedFromEnv } from '@throughline/testkit/seed';
import { World } from '../aggregator-world.ts';
import { type Call, callEvent, requestAnnotation, sessionAnnotation } from '../calls.ts';
import { useEmbeddedStore } from '../embedded-store.ts';
import { bySession, figuresByPlace, liveStates } from '../expectations.ts';
import { expectRebuilt, liveRandomly } from '../random-lives.ts';

const store = useEmbeddedStore('annotations');
const NOW = Date.now();

/** What annotations change of a request, and what they do not, as stored: newest version of each row, by event id. */
async function rowsOf(world: World): Promise<Record<string, { properties: object; scores: object; rest: string }>> {
  const rows = await world.raw.query<{ event_id: string; properties: object; scores: object; rest: string }>({
    sql: `
SELECT event_id, properties, scores,
  toString((request_id, session_id, model, toString(cost), prompt_tokens, received_at, source_offset, producer_seq)) AS rest
FROM requests FINAL WHERE tenant_id = {tenant:String}`,
    params: { tenant: world.tenant },
    settings: FINAL,
  });
  return Object.fromEntries(rows.map(({ event_id, ...row }) => [event_id, row]));
}

async function snapshotsOf(world: World): Promise<Record<string, Said>> {
  const rows = await world.raw.query<Said & { session_id: string }>({
    sql: 'SELECT session_id, tag, feedback, scores FROM sessions FINAL WHERE tenant_id = {tenant:String}',
    params: { tenant: world.tenant },
    settings: FINAL,
  });
  return Object.fromEntries(rows.map(({ session_id, ...said }) => [session_id, said]));
}

interface Said {
  readonly tag: string | null;
  readonly feedback: boolean | null;
  readonly scores: Readonly<Record<string, number>>;
}

function saidIn({ tag, feedback, scores }: SessionState): Said {
  return { tag, feedback, scores: Object.fromEntries(scores) };
}

const NOTHING: Said = { tag: null, feedback: null, scores: {} };

/** Logs calls and annotations, and keeps the plain reference of what they come to. */
class Stream {
  readonly calls: Call[] = [];
  readonly said: Record<string, Said> = {};
  readonly properties = new Map<string, Map<string, string>>();
  readonly scores = new Map<string, Map<string, number>>();
  readonly #events: NewRequestEvent[] = [];
  readonly #sent: { event: NewAnnotationEvent | NewRequestEvent; number: number }[] = [];
  readonly #world: World;
  #number = 0;

  constructor(world: World) {
    this.#world = world;
  }

  call(call: Omit<Call, 'tenant'>): NewRequestEvent {
    const whole = { tenant: this.#world.tenant, ...call };
    const event = callEvent(whole);
    this.#append(event);
    this.calls.push(whole);
    this.#events.push(event);
    const own = call.session === undefined ? [] : [['Helicone-Session-Id', call.session] as const];
    this.properties.set(event.event_id, new Map([...(call.properties ?? []), ...own]));
    this.scores.set(event.event_id, new Map());
    return event;
  }

  ofSession(session: string, change: AnnotationChange): void {
    this.#append(sessionAnnotation(this.#world.tenant, session, change));
    const said = this.said[session] ?? NOTHING;
    if (change.kind === 'tag') this.said[session] = { ...said, tag: change.tag === '' ? null : change.tag };
    else if (change.kind === 'feedback') this.said[session] = { ...said, feedback: change.rating };
    else if (change.kind === 'score') {
      this.said[session] = { ...said, scores: { ...said.scores, ...Object.fromEntries(change.scores) } };
    }
  }

  ofRequest(event: NewRequestEvent, change: AnnotationChange): void {
    this.#append(requestAnnotation(event, change));
    if (change.kind === 'property') this.properties.get(event.event_id)!.set(change.key, change.value);
    else if (change.kind === 'score') {
      for (const [name, value] of change.scores) this.scores.get(event.event_id)!.set(name, value);
    }
  }

  any(random: Random): void {
    const draw = random.next();
    if (draw < 0.35 || this.#events.length === 0) {
      this.call({
        session: random.chance(0.2) ? undefined : `s${random.integer(0, 4)}`,
        startedAt: NOW - random.integer(0, 3_600_000),
        properties: random.chance(0.5) ? [] : [[`k${random.integer(0, 2)}`, `v${random.integer(0, 5)}`]],
        promptTokens: random.integer(0, 1_000),
      });
    } else if (draw < 0.45) {
      const { event, number } = random.pick(this.#sent);
      this.#world.log.append(event, 'producer', number);
    } else if (draw < 0.65) {
      this.ofSession(
        `s${random.integer(0, 6)}`,
        random.pick<AnnotationChange>([
          { kind: 'tag', tag: random.pick(['', 'good', 'x y', 'ü']) },
          { kind: 'feedback', rating: random.chance(0.5) },
          { kind: 'score', scores: [[`m${random.integer(0, 2)}`, random.integer(-5, 5)]] },
        ]),
      );
    } else {
      this.ofRequest(
        random.pick(this.#events),
        random.pick<AnnotationChange>([
          { kind: 'property', key: `k${random.integer(0, 3)}`, value: `w${random.integer(0, 9)}` },
          { kind: 'score', scores: [[random.pick([FEEDBACK_SCORE, 'm']), random.integer(0, 1)]] },
        ]),
      );
    }
  }

  async expectExact(note: object = {}): Promise<void> {
    const world = this.#world;
    const rows = await rowsOf(world);
    const asObjects = (maps: Map<string, Map<string, unknown>>) =>
      Object.fromEntries([...maps].map(([id, map]) => [id, Object.fromEntries(map)]));
    const by = (what: 'properties' | 'scores') =>
      Object.fromEntries(Object.entries(rows).map(([id, row]) => [id, row[what]]));
    expect({ ...note, properties: by('properties') }).toEqual({ ...note, properties: asObjects(this.properties) });
    expect({ ...note, scores: by('scores') }).toEqual({ ...note, scores: asObjects(this.scores) });
    const figures = await figuresByPlace(world);
    const expected = bySession(this.calls);
    expect({ ...note, rows: figures.rows }).toEqual({ ...note, rows: expected });
    const called = Object.fromEntries(Object.entries(figures.snapshots).filter(([, { requests }]) => requests > 0));
    expect({ ...note, called }).toEqual({ ...note, called: expected });
    const said = Object.fromEntries([
      ...Object.keys(expected).map((session) => [session, NOTHING]),
      ...Object.entries(this.said),
    ]);
    expect({ ...note, said: await snapshotsOf(world) }).toEqual({ ...note, said });
    expect({ ...note, differences: (await world.audit()).differences }).toEqual({ ...note, differences: [] });
  }

  #append(event: NewAnnotationEvent | NewRequestEvent): void {
    this.#world.log.append(event);
    this.#sent.push({ event, number: this.#number++ });
  }
}

describe('what is said of a session', () => {
  test('is in its totals and its snapshot, the latest of each kind, and changes no figure', async () => {
    const world = await World.create(store.analytics);
    const stream = new Stream(world);
    stream.call({ session: 's', startedAt: NOW });
    stream.ofSession('s', { kind: 'tag', tag: 'first' });
    stream.ofSession('s', {
      kind: 'score',
      scores: [
        ['a', 1],
        ['b', 2],
      ],
    });
    await world.live();
    stream.ofSession('s', { kind: 'tag', tag: 'second' });
    stream.ofSession('s', { kind: 'feedback', rating: false });
    stream.ofSession('s', { kind: 'score', scores: [['b', 3]] });
    await world.live();
    const [state] = await liveStates(world, ['s']);
    expect(saidIn(state!)).toEqual({ tag: 'second', feedback: false, scores: { a: 1, b: 3 } });
    await stream.expectExact();
    const audit = await world.audit();
    expect([audit.stored.requests, audit.stored.annotations, audit.totalled]).toEqual([1, 5, 1]);
    stream.ofSession('s', { kind: 'tag', tag: '' });
    await world.live();
    await stream.expectExact();
    await world.destroy();
  });

  test('may come before its first request: then its key moves to where that is', async () => {
    const world = await World.create(store.analytics);
    const stream = new Stream(world);
    stream.ofSession('early', { kind: 'tag', tag: 'x' });
    await world.live();
    await stream.expectExact();
    expect((await liveStates(world, ['early'])).map(({ requests, createdAt }) => [requests, createdAt])).toEqual([
      [0, 0],
    ]);
    stream.call({ session: 'early', startedAt: NOW });
    await world.live();
    await stream.expectExact();
    const keys = await world.raw.query({
      sql: 'SELECT toUnixTimestamp64Milli(created_at) AS at FROM sessions FINAL WHERE tenant_id = {tenant:String}',
      params: { tenant: world.tenant },
    });
    expect(keys).toEqual([{ at: String(NOW) }]);
    await world.destroy();
  });

  test('survives eviction, also when the snapshot is gone with it', async () => {
    const world = await World.create(store.analytics);
    const stream = new Stream(world);
    stream.call({ session: 's', startedAt: NOW });
    stream.ofSession('s', { kind: 'tag', tag: 'kept' });
    stream.ofSession('only', { kind: 'tag', tag: 'kept too' });
    let looks = 0;
    const evicting = { config: { evictAfterIdleMs: -86_400_000 }, now: () => NOW + looks++ * 3_600_000 };
    await world.live(evicting);
    stream.ofSession('other', { kind: 'feedback', rating: true });
    await world.live(evicting);
    const stubs = await world.totals.loadMany(world.partition, [{ tenantId: world.tenant, sessionId: 's' }]);
    expect(stubs[0]).toMatchObject({ evicted: true });
    for (const table of ['sessions', 'session_keys']) {
      await store.command(
        `ALTER TABLE ${table} DELETE WHERE tenant_id = '${world.tenant}' SETTINGS mutations_sync = 1`,
      );
    }
    stream.ofSession('s', { kind: 'feedback', rating: true });
    stream.ofSession('only', { kind: 'feedback', rating: true });
    await world.live();
    const states = await liveStates(world, ['s', 'only']);
    expect(states.map(saidIn).map(({ tag, feedback }) => [tag, feedback])).toEqual([
      ['kept', true],
      ['kept too', true],
    ]);
    await world.destroy();
  });
});

describe('what is said of a request', () => {
  test('changes its row and nothing else of it, and counts nothing', async () => {
    const world = await World.create(store.analytics);
    const stream = new Stream(world);
    const first = stream.call({ session: 's', startedAt: NOW, properties: [['env', 'dev']] });
    const alone = stream.call({ startedAt: NOW });
    await world.live();
    const before = await rowsOf(world);
    stream.ofRequest(first, { kind: 'property', key: 'env', value: 'prod' });
    stream.ofRequest(first, {
      kind: 'score',
      scores: [
        ['a', 1],
        [FEEDBACK_SCORE, 0],
      ],
    });
    stream.ofRequest(first, { kind: 'property', key: 'new', value: '' });
    stream.ofRequest(alone, { kind: 'score', scores: [['a-hcone-bool', 1]] });
    await world.live();
    await stream.expectExact();
    const after = await rowsOf(world);
    for (const id of Object.keys(before)) expect(after[id]!.rest).toBe(before[id]!.rest);
    // Bodies are not written again.
    const bodies = await world.raw.query<{ n: string }>({
      sql: 'SELECT count() AS n FROM request_bodies FINAL WHERE tenant_id = {tenant:String}',
      params: { tenant: world.tenant },
    });
    expect(bodies).toEqual([{ n: '2' }]);
    const [state] = await liveStates(world, ['s']);
    expect(state!.properties.get('env')!.values).toEqual(['dev', 'prod']);
    expect((await world.audit()).totalled).toBe(2);
    await world.destroy();
  });

  test('finds its request in the same batch', async () => {
    const world = await World.create(store.analytics);
    const stream = new Stream(world);
    const first = stream.call({ session: 's', startedAt: NOW });
    stream.ofRequest(first, { kind: 'property', key: 'k', value: 'one' });
    const second = stream.call({ session: 's', startedAt: NOW });
    stream.ofRequest(second, { kind: 'property', key: 'k', value: 'two' });
    stream.ofRequest(first, { kind: 'property', key: 'k', value: 'three' });
    await world.live();
    await stream.expectExact();
    await world.destroy();
  });

  test('that is not there is named in the ledger, and holds nobody up', async () => {
    const world = await World.create(store.analytics);
    const stream = new Stream(world);
    const never = callEvent({ tenant: world.tenant, session: 's', startedAt: NOW });
    world.log.append(requestAnnotation(never, { kind: 'property', key: 'k', value: 'v' }));
    const call = callEvent({ tenant: world.tenant, session: 's', startedAt: NOW });
    world.log.append(call);
    // Of another session than the request's: it would be folded where the request is not.
    world.log.append({
      ...requestAnnotation(call, { kind: 'property', key: 'k', value: 'v' }),
      session: { id: 'another' },
    });
    stream.calls.push({ tenant: world.tenant, session: 's' });
    await world.live();
    const audit = await world.audit();
    expect(audit.differences).toEqual([]);
    expect(audit.stored).toEqual({ requests: 1, annotations: 0, exceptions: { orphan: 2 } });
    expect(Object.keys((await figuresByPlace(world)).snapshots)).toEqual(['s']);
    await world.destroy();
  });
});

test('a row that is made once more, after totals were set back, is what its new owner makes of it, and annotated', async () => {
  const world = await World.create(store.analytics);
  const stream = new Stream(world);
  stream.call({ session: 's', startedAt: NOW });
  await world.live();
  const [partition, [session]] = [await world.totals.loadPartition(world.partition), await liveStates(world, ['s'])];
  const event = stream.call({ session: 's', startedAt: NOW, promptTokens: 10, properties: [['env', 'dev']] });
  const offset = world.log.high - 1;
  stream.ofRequest(event, { kind: 'property', key: 'env', value: 'prod' });
  stream.ofRequest(event, { kind: 'score', scores: [['m', 1]] });
  await world.live();
  await stream.expectExact();

  const { fence } = (await world.totals.loadPartition(world.partition))!;
  await world.totals.commit(world.partition, fence, partition!, [session!]);
  // Another version reads the same call otherwise.
  const read = { ...callEvent({ ...stream.calls[1]!, promptTokens: 77 }), event_id: event.event_id };
  const stamp = { producer: { id: 'producer', seq: offset }, partition: 0, received_at: Date.now() };
  world.log.replace(offset, encodeEvent({ ...read, request_id: event.request_id, ...stamp }));
  stream.calls[1] = { ...stream.calls[1]!, promptTokens: 77 };
  await world.live();
  await stream.expectExact();
  await world.destroy();
});

describe('annotations that stores have lost', () => {
  /** The sessions of the last commit are published again at each start: what was lost of earlier ones must be found. */
  async function filled(): Promise<{ world: World; stream: Stream }> {
    const world = await World.create(store.analytics);
    const stream = new Stream(world);
    const events = Array.from({ length: 6 }, (_, i) => stream.call({ session: `s${i % 2}`, startedAt: NOW + i }));
    await world.live();
    for (const [i, event] of events.entries()) {
      stream.ofRequest(event, { kind: 'property', key: 'k', value: `a${i}` });
      stream.ofRequest(event, { kind: 'score', scores: [['m', i]] });
      stream.ofSession(`s${i % 2}`, { kind: 'tag', tag: `t${i}` });
    }
    await world.live();
    for (const event of events.slice(0, 3)) stream.ofRequest(event, { kind: 'property', key: 'k', value: 'b' });
    await world.live();
    stream.call({ session: 'last', startedAt: NOW });
    await world.live();
    return { world, stream };
  }

  test('are no orphans while a store that has just restarted lacks their requests', async () => {
    const { world, stream } = await filled();
    const again = stream.call({ session: 's0', startedAt: NOW });
    const life = world.start();
    await life.caughtUp();
    await store.command(
      `ALTER TABLE requests DELETE WHERE source_partition = ${world.partition} SETTINGS mutations_sync = 1`,
    );
    world.store.instance = 'second';
    stream.ofRequest(again, { kind: 'property', key: 'k', value: 'v' });
    await life.caughtUp();
    expect(await life.stop()).toBeUndefined();
    await stream.expectExact();
    await world.destroy();
  });

  test.each([
    ['annotations', '1'],
    ['annotations', 'source_offset % 2 = 0'],
    ['requests', '1'],
    ['requests', 'intDiv(version, 1048576) != source_offset'],
    ['requests', 'intDiv(version, 1048576) > 23'],
    ['request_bodies', '1'],
    ['sessions', '1'],
  ])('are made good at the next start: those of %s where %s', async (table, condition) => {
    const { world, stream } = await filled();
    const own = table === 'sessions' ? `tenant_id = '${world.tenant}'` : `source_partition = ${world.partition}`;
    await store.command(`ALTER TABLE ${table} DELETE WHERE ${own} AND ${condition} SETTINGS mutations_sync = 1`);
    await world.live();
    await stream.expectExact({ table, condition });
    // And nothing is undone by what comes next.
    stream.ofSession('s0', { kind: 'feedback', rating: true });
    await world.live();
    await stream.expectExact({ table, condition });
    await world.destroy();
  });
});

describe('any stream of calls and annotations, with deaths at any step', () => {
  const seed = seedFromEnv('annotated lives');
  test.each(Array.from({ length: 5 }, (_, run) => run))(
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
        log: () => stream.any(random),
      });
      await stream.expectExact(note);
      await expectRebuilt(world, note, (id) => stream.ofSession(id, { kind: 'feedback', rating: true }));
      await stream.expectExact(note);
      await world.destroy();
    },
  );
});
