import { afterEach, describe, expect, test } from '@jest/globals';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { decodeEvent, encodeEvent } from '@throughline/contracts/event-codec';
import { partitionOf } from '@throughline/contracts/partition';
import type { NewAnnotationEvent, NewEvent } from '@throughline/contracts/request-event';
import { type Appended, EventLogError } from '@throughline/event-log/event-log';
import { sampleState } from '@throughline/session-totals/session-state-samples';
import { type QueryServer, startQueryServer } from '../../test/query-server.ts';
import type { AnnotationPorts } from '../annotate/annotation-ports.ts';

const ID = '4f3c9c6e-7a55-4a5c-9b0e-0a4c6f1f2d11';
const PARTITIONS = 8;

let server: QueryServer | undefined;
let appended: NewEvent[] = [];
afterEach(async () => {
  await server?.close();
  server = undefined;
  appended = [];
});

/** What the store finds of one request: the columns that an annotation needs. */
const row = {
  request_id: ID,
  event_id: '0190f0a0-0000-7000-8000-000000000001',
  session_id: 'run 1',
  ordered_at_ms: '1700000000000',
  property_entries: [['env', 'dev']],
  score_pairs: [['known', 1]],
};

function storeOf(rows: () => readonly object[]): AnalyticsStore {
  return {
    query: async <Row>() => rows() as Row[],
    insert: async () => {},
    instanceId: async () => 'stub',
    close: async () => {},
  };
}

async function start(
  options: {
    rows?: () => readonly object[];
    until?: AnnotationPorts['applied']['until'];
    append?: AnnotationPorts['appender']['append'];
    waitMs?: number;
  } = {},
): Promise<QueryServer> {
  const append = async (event: NewEvent): Promise<Appended> => {
    appended.push(event);
    const stamp = { producer: { id: 'p', seq: appended.length - 1 }, partition: 0, received_at: 1 };
    return { partition: 0, stamp, offset: appended.length - 1 };
  };
  server = await startQueryServer(storeOf(options.rows ?? (() => [row])), {
    config: { annotationWaitMs: options.waitMs ?? 300 },
    annotations: {
      appender: { partitions: PARTITIONS, append: options.append ?? append },
      applied: { until: options.until ?? (async () => true) },
    },
  });
  server.live.set(JSON.stringify(['acme', 'run 1']), sampleState('run 1', 2, { tenantId: 'acme', tag: 'now' }));
  return server;
}

const say = (method: string, path: string, body: unknown, key = 'acme:w') => server!.call({ method, path, body, key });

describe('what is logged', () => {
  test.each<[string, string, string, object, Pick<NewAnnotationEvent, 'change'>['change']]>([
    ['feedback', 'POST', '/v1/session/run%201/feedback', { rating: 'true' }, { kind: 'feedback', rating: true }],
    ['a tag', 'POST', '/v1/session/run%201/tag', { tag: 'x' }, { kind: 'tag', tag: 'x' }],
    [
      'scores',
      'POST',
      '/v1/session/run%201/score',
      { scores: { a: 0.5, b: true } },
      {
        kind: 'score',
        scores: [
          ['a', 0.5],
          ['b-hcone-bool', 1],
        ],
      },
    ],
  ])('of a session: %s', async (_, method, path, body, change) => {
    await start();
    expect(await say(method, path, body)).toMatchObject({ status: 200, json: { data: null, error: null } });
    expect(appended).toEqual([
      {
        kind: 'annotation',
        schema_version: 2,
        event_id: expect.any(String),
        tenant_id: 'acme',
        session: { id: 'run 1' },
        request: null,
        change,
      },
    ]);
  });

  test.each<[string, string, string, object, number, Pick<NewAnnotationEvent, 'change'>['change']]>([
    [
      'feedback',
      'POST',
      `/v1/request/${ID}/feedback`,
      { rating: false },
      201,
      { kind: 'score', scores: [['helicone-score-feedback', 0]] },
    ],
    [
      'feedback of clients of old',
      'POST',
      '/v1/feedback',
      { 'helicone-id': ID, rating: true },
      200,
      { kind: 'score', scores: [['helicone-score-feedback', 1]] },
    ],
    [
      'a property',
      'PUT',
      `/v1/request/${ID}/property`,
      { key: '__proto__', value: '' },
      201,
      { kind: 'property', key: '__proto__', value: '' },
    ],
    [
      'scores',
      'POST',
      `/v1/request/${ID}/score`,
      { scores: { a: 3, no: false } },
      201,
      {
        kind: 'score',
        scores: [
          ['a', 3],
          ['no-hcone-bool', 0],
        ],
      },
    ],
  ])('of a request: %s, with what finds its row', async (_, method, path, body, status, change) => {
    await start();
    expect((await say(method, path, body)).status).toBe(status);
    const request = { request_id: ID, event_id: row.event_id, ordered_at: 1_700_000_000_000 };
    expect(appended).toMatchObject([{ session: { id: 'run 1' }, request, change }]);
    // As it is read back from the log.
    const stamp = { producer: { id: 'p', seq: 0 }, partition: 0, received_at: 1 };
    expect(decodeEvent(encodeEvent({ ...(appended[0] as NewAnnotationEvent), ...stamp })).outcome).toBe('event');
  });

  test('of a request without a session goes to where the request is', async () => {
    await start({ rows: () => [{ ...row, session_id: '' }] });
    await say('POST', `/v1/request/${ID}/feedback`, { rating: true });
    const [event] = appended as [NewAnnotationEvent];
    expect(event.session).toBeNull();
    const logged = { kind: 'request', tenant_id: 'acme', event_id: row.event_id, session: null };
    expect(partitionOf(event, PARTITIONS)).toBe(partitionOf(logged as unknown as NewEvent, PARTITIONS));
  });

  test('waits for a call that has just been made', async () => {
    let looks = 0;
    await start({ rows: () => (++looks > 2 ? [row] : []), waitMs: 20_000 });
    expect((await say('POST', `/v1/request/${ID}/feedback`, { rating: true })).status).toBe(201);
    server!.live.delete(JSON.stringify(['acme', 'run 1']));
    server!.live.set(JSON.stringify(['acme', 'late']), sampleState('late', 0, { tenantId: 'acme' }));
    const answer = say('POST', '/v1/session/late/feedback', { rating: true });
    setTimeout(
      () => server!.live.set(JSON.stringify(['acme', 'late']), sampleState('late', 1, { tenantId: 'acme' })),
      60,
    );
    expect((await answer).status).toBe(200);
  });
});

describe('nothing is logged', () => {
  test.each<[string, string, string, object, number, string]>([
    [
      'of a request id that is no UUID',
      'POST',
      '/v1/request/abc/feedback',
      { rating: true },
      400,
      'Invalid requestId: must be a valid UUID',
    ],
    [
      'of scores for such an id',
      'POST',
      '/v1/request/abc/score',
      { scores: {} },
      400,
      'Invalid requestId: must be a valid UUID',
    ],
    [
      'with half a point',
      'POST',
      `/v1/request/${ID}/score`,
      { scores: { a: 1.5 } },
      400,
      'Score a is neither an integer nor a boolean',
    ],
    [
      'that would move a request',
      'PUT',
      `/v1/request/${ID}/property`,
      { key: 'helicone-session-ID', value: 'x' },
      400,
      'cannot be changed',
    ],
    [
      'beyond a hundred scores',
      'POST',
      `/v1/request/${ID}/score`,
      { scores: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`s${i}`, i])) },
      400,
      'more than 100 scores',
    ],
  ])('%s', async (_, method, path, body, status, sentence) => {
    await start();
    const answer = await say(method, path, body);
    expect(answer).toMatchObject({ status, json: { data: null, error: expect.stringContaining(sentence) } });
    expect(appended).toEqual([]);
  });

  test.each<[string, string, string, unknown, string]>([
    ['no rating', 'POST', '/v1/session/s/feedback', {}, 'requestBody.rating'],
    ['a rating that is a text', 'POST', `/v1/request/${ID}/feedback`, { rating: 'good' }, 'requestBody.rating'],
    ['a tag that is too long', 'POST', '/v1/session/s/tag', { tag: 'x'.repeat(1_025) }, 'requestBody.tag'],
    ['something more', 'POST', '/v1/session/s/tag', { tag: 'x', name: 'y' }, 'requestBody.name'],
    ['a property without a key', 'PUT', `/v1/request/${ID}/property`, { key: '', value: 'x' }, 'requestBody.key'],
    ['a score that is a text', 'POST', '/v1/session/s/score', { scores: { a: '1' } }, 'requestBody.scores.a'],
    ['scores in a list', 'POST', '/v1/session/s/score', { scores: [1] }, 'requestBody.scores'],
    ['no scores', 'POST', '/v1/session/s/score', {}, 'requestBody.scores'],
  ])('for a body with %s: 422 with its place', async (_, method, path, body, place) => {
    await start();
    const answer = await say(method, path, body);
    expect(answer.status).toBe(422);
    expect(Object.keys(answer.json.details)).toEqual([place]);
    expect(appended).toEqual([]);
  });

  test('of what is not there, or is another tenant’s', async () => {
    await start({ rows: () => [] });
    expect(await say('POST', `/v1/request/${ID}/feedback`, { rating: true })).toMatchObject({
      status: 404,
      json: { data: null, error: 'Request not found' },
    });
    for (const key of ['acme:w', 'rival:w']) {
      const session = key === 'acme:w' ? 'nobody' : 'run%201';
      expect(await say('POST', `/v1/session/${session}/feedback`, { rating: true }, key)).toMatchObject({
        status: 404,
        json: { data: null, error: 'No request found' },
      });
    }
    expect(appended).toEqual([]);
  });

  test('by whoever may only read', async () => {
    await start();
    expect((await say('POST', '/v1/session/run%201/tag', { tag: 'x' }, 'acme:r')).status).toBe(401);
    expect(appended).toEqual([]);
  });
});

describe('an answer', () => {
  test('is 503 while the log takes nothing: nothing was changed', async () => {
    const full = () => Promise.reject(new EventLogError('full', 'no room'));
    await start({ append: full });
    const answer = await say('POST', '/v1/session/run%201/tag', { tag: 'x' });
    expect(answer).toMatchObject({ status: 503, json: { error: expect.stringContaining('nothing was changed') } });
  });

  test('is 503 when what was logged does not show in time: it will', async () => {
    const never: AnnotationPorts['applied']['until'] = (_appended, _annotation, signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(false)));
    await start({ until: never, waitMs: 30 });
    const answer = await say('POST', '/v1/session/run%201/tag', { tag: 'x' });
    expect(answer).toMatchObject({ status: 503, json: { error: expect.stringContaining('will show') } });
    expect(appended.length).toBe(1);
  });

  test('about a tag is the current one, or null; also of a session that nobody has called', async () => {
    await start();
    server!.live.set(JSON.stringify(['acme', 'early']), sampleState('early', 0, { tenantId: 'acme', tag: 'before' }));
    const get = (path: string) => server!.call({ path, key: 'acme:r' });
    expect((await get('/v1/session/run%201/tag')).json).toEqual({ data: 'now', error: null });
    expect((await get('/v1/session/early/tag')).json).toEqual({ data: 'before', error: null });
    expect((await get('/v1/session/early')).status).toBe(404);
  });
});
