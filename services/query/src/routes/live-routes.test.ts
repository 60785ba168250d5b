import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { liveChanged, liveSession } from '@throughline/contracts/api/live';
import { hashKey, type KeyRecord } from '@throughline/contracts/keys';
import { waitFor } from '@throughline/testkit/wait-for';
import { type EventStream, openEventStream, type StreamedEvent } from '../../test/event-stream.ts';
import { type LiveFigures, liveFigures } from '../../test/live-figures.ts';
import { type QueryServer, startQueryServer } from '../../test/query-server.ts';
import { TENANT_STREAMS_MAX } from '../live/live-hub.ts';

const keys = new Map<string, KeyRecord>();
let figures: LiveFigures;
let server: QueryServer;
const opened: EventStream[] = [];

beforeEach(async () => {
  for (const tenantId of ['acme', 'rival']) {
    const hash = hashKey(tenantId);
    keys.set(hash, { hash, id: tenantId, tenantId, permissions: ['m'] });
  }
  figures = liveFigures();
  const nothing = async () => Promise.reject(new Error('live updates ask nothing of the analytics store'));
  const analytics = { insert: nothing, query: nothing, instanceId: nothing, close: async () => {} };
  server = await startQueryServer(analytics, { live: figures.ports, keys: { find: (hash) => keys.get(hash) } });
});

afterEach(async () => {
  for (const stream of opened.splice(0)) stream.close();
  await server.close();
});

async function open(tenant = 'acme', query = ''): Promise<EventStream> {
  const stream = await openEventStream(`${server.url}/v1/live${query}`, tenant);
  opened.push(stream);
  return stream;
}

const changedTo =
  (requests: number) =>
  ({ name, data }: StreamedEvent): boolean =>
    name === 'changed' && data.requests === requests;

const sessionIs =
  (id: string, state: string) =>
  ({ name, data }: StreamedEvent): boolean =>
    name === 'session' && data.session_id === id && data.state === state;

/** Until the stores were looked at so many times more. */
async function looks(count: number): Promise<void> {
  const until = figures.looks + 2 * count;
  await waitFor(() => figures.looks >= until);
}

test('what the tenant has comes at once, then whatever changes, in the shapes that are documented', async () => {
  figures.commit({ tenants: { acme: { requests: 3, errors: 1 }, rival: { requests: 9 } } });
  figures.show();
  const stream = await open();
  expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(stream.headers.get('cache-control')).toBe('no-store');
  expect(stream.headers.get('x-accel-buffering')).toBe('no');
  expect((await stream.next(changedTo(3))).data).toMatchObject({ requests: 3, errors: 1, annotations: 0 });
  expect(stream.text).toMatch(/^retry: \d+\n\n/);
  figures.commit({ tenants: { acme: { requests: 4, annotations: 1 } } });
  figures.show();
  expect((await stream.next(changedTo(4))).data).toMatchObject({ errors: 1, annotations: 1 });
  for (const { name, data } of stream.events) (name === 'changed' ? liveChanged : liveSession).parse(data);
});

test('a change is not told before lists show it', async () => {
  const stream = await open();
  await stream.next(changedTo(0));
  figures.commit({ tenants: { acme: { requests: 1 } } });
  await looks(5);
  expect(stream.events).toHaveLength(1);
  figures.show();
  await stream.next(changedTo(1));
});

test('nobody hears of another tenant', async () => {
  const stream = await open('acme', '?session=theirs');
  await stream.next(sessionIs('theirs', 'none'));
  const theirs = { tenantId: 'rival', sessionId: 'theirs' };
  figures.commit({ tenants: { rival: { requests: 1 } }, session: [theirs, { requests: 1, errors: 0, applied: 0 }] });
  figures.show();
  const other = await open('rival', '?session=theirs');
  await other.next(sessionIs('theirs', 'live'));
  await looks(5);
  expect(stream.events).toHaveLength(2);
});

test('a session that is named is told of when it changes, is annotated, and is gone', async () => {
  const key = { tenantId: 'acme', sessionId: 'a/b?c' };
  const stream = await open('acme', '?session=a%2Fb%3Fc&session=other');
  await stream.next(sessionIs('a/b?c', 'none'));
  figures.commit({ tenants: { acme: { requests: 1 } }, session: [key, { requests: 1, errors: 1, applied: 0 }] });
  figures.show();
  expect((await stream.next(sessionIs('a/b?c', 'live'))).data).toMatchObject({ requests: 1, errors: 1, applied: 0 });
  // A rating of one of its requests: its totals stay as they are.
  figures.commit({ tenants: { acme: { annotations: 1 } } });
  figures.show();
  await stream.next(sessionIs('a/b?c', 'live'));
  figures.commit({ tenants: { acme: { requests: 0, annotations: 2 } }, session: [key, undefined] });
  figures.show();
  expect((await stream.next(sessionIs('a/b?c', 'none'))).data).toMatchObject({ requests: null, applied: null });
  // A call of another session is no news of these.
  figures.commit({ tenants: { acme: { requests: 1 } } });
  figures.show();
  await stream.next(changedTo(1));
  expect(stream.events.at(-1)!.name).toBe('changed');
});

test('many changes are told as a few, the last of them for certain', async () => {
  const stream = await open();
  await stream.next(changedTo(0));
  for (let requests = 1; requests <= 20; requests++) {
    figures.commit({ tenants: { acme: { requests } } });
    figures.show();
    await looks(1);
  }
  await stream.next(changedTo(20));
  expect(stream.events.length).toBeLessThan(20);
});

test('nothing is looked at while nobody listens', async () => {
  const stream = await open();
  await stream.next(changedTo(0));
  stream.close();
  // The next one begins anew; the one that has gone is not told.
  const before = figures.reads;
  await waitFor(async () => {
    const { looks: then } = figures;
    await new Promise((resolve) => setTimeout(resolve, 250));
    return figures.looks === then;
  });
  expect(figures.reads).toBe(before);
});

test('a key that is revoked hears nothing more', async () => {
  const stream = await open();
  const other = await open('rival');
  await stream.next(changedTo(0));
  keys.delete(hashKey('acme'));
  await waitFor(() => stream.isEnded);
  expect(other.isEnded).toBe(false);
});

test('a process that stops ends every stream, and begins none', async () => {
  const streams = [await open(), await open('rival')];
  for (const stream of streams) await stream.next(changedTo(0));
  figures.stop();
  await waitFor(() => streams.every(({ isEnded }) => isEnded));
  expect((await server.call({ path: '/v1/live', headers: { authorization: 'acme' } })).status).toBe(503);
});

test('a tenant has a bounded number of streams, and the next one begins when one has ended', async () => {
  const streams = await Promise.all(Array.from({ length: TENANT_STREAMS_MAX }, () => open()));
  const call = { path: '/v1/live', headers: { authorization: 'acme' } };
  expect(await server.call(call)).toMatchObject({ status: 429 });
  expect((await open('rival')).status).toBe(200);
  streams[0]!.close();
  await waitFor(async () => (await server.call(call)).status === 200);
});

test('a few sessions may be named, and HEAD opens no stream', async () => {
  const authorization = { authorization: 'acme' };
  const many = Array.from({ length: 21 }, (_, index) => `session=${index}`).join('&');
  expect(await server.call({ path: `/v1/live?${many}`, headers: authorization })).toMatchObject({ status: 400 });
  expect((await open('acme', `?${many.slice('session=0&'.length)}`)).status).toBe(200);
  const head = await fetch(`${server.url}/v1/live`, { method: 'HEAD', headers: authorization });
  expect([head.status, await head.text()]).toEqual([200, '']);
});
