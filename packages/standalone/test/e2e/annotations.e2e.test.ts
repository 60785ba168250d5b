import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runThroughline } from '@throughline/testkit/process/service-process';
import { answerHeader, rawCall } from '@throughline/testkit/raw-call';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
}, SETUP_MS_MAX);
afterAll(() => instance.stop(), SETUP_MS_MAX);

/** One recorded call; its request id. */
async function call(session: string | undefined, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const { 'Helicone-Auth': auth } = instance.session('any');
  const answer = await rawCall({
    url: `${instance.openaiUrl}/chat/completions`,
    headers: {
      'Helicone-Auth': auth!,
      ...(session !== undefined && { 'Helicone-Session-Id': session }),
      authorization: 'Bearer sk-provider-key',
      ...headers,
    },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Rate me' }] }),
  });
  expect(answer.status).toBe(200);
  return answerHeader(answer, 'Helicone-Id')!;
}

async function write(method: string, path: string, body: unknown) {
  const answer = await instance.api.call<Record<string, unknown>>(method, path, body);
  return { status: answer.status, body: answer.body };
}

/** Ids of the sessions that a filter chooses. */
async function sessionsWhere(filter: unknown): Promise<string[]> {
  const answer = await instance.api.call<{ data: { session_id: string }[] }>('POST', '/v1/session/query', {
    search: '',
    // From before the epoch: a session without requests lies there.
    timeFilter: { startTimeUnixMs: -1_000, endTimeUnixMs: Date.now() + 60_000 },
    timezoneDifference: 0,
    filter,
    limit: 100,
  });
  return answer.body.data.map(({ session_id }) => session_id);
}

async function requestOf(id: string) {
  const answer = await instance.api.call<{ data: { scores: object; properties: object } }>('GET', `/v1/request/${id}`);
  const { scores, properties } = answer.body.data;
  return { scores, properties };
}

const rows = (leaf: object) => ({ request_response_rmt: leaf });
const session = (leaf: object) => ({ sessions_request_response_rmt: leaf });

describe('what is said after a call', () => {
  test('of its session is in the next read: in totals and in lists', async () => {
    const id = 'team/chat ü "1"';
    await call(id);
    const path = `/v1/session/${encodeURIComponent(id)}`;
    // At once: the call itself may not show yet.
    expect(await write('POST', `${path}/feedback`, { rating: false })).toEqual({
      status: 200,
      body: { data: null, error: null },
    });
    expect(await sessionsWhere(session({ session_feedback: { equals: false } }))).toEqual([id]);
    expect(await write('POST', `${path}/tag`, { tag: 'gold' })).toEqual({
      status: 200,
      body: { data: null, error: null },
    });
    expect((await instance.api.call('GET', `${path}/tag`)).body).toEqual({ data: 'gold', error: null });
    expect(await sessionsWhere(session({ session_tag: { contains: 'OL' } }))).toEqual([id]);
    expect((await write('POST', `${path}/score`, { scores: { depth: 0.5, done: true } })).status).toBe(200);
    expect(await sessionsWhere(session({ scores: { depth: { lt: 0.6 } } }))).toEqual([id]);
    expect(await instance.api.session(id)).toMatchObject({
      total_requests: 1,
      tag: 'gold',
      feedback: false,
      scores: { depth: 0.5, 'done-hcone-bool': 1 },
    });
    await write('POST', `${path}/tag`, { tag: '' });
    expect((await instance.api.call('GET', `${path}/tag`)).body).toEqual({ data: null, error: null });
    expect(await sessionsWhere(session({ session_tag: { equals: 'gold' } }))).toEqual([]);
  });

  test('of a request is in its row and in what filters find, and doubles no total', async () => {
    const id = await call('rated', { 'Helicone-Property-Stage': 'draft' });
    expect(await write('POST', `/v1/request/${id}/feedback`, { rating: true })).toEqual({
      status: 201,
      body: { data: null, error: null },
    });
    expect((await requestOf(id)).scores).toEqual({ 'helicone-score-feedback': 1 });
    expect(await sessionsWhere(rows({ 'helicone-score-feedback': { equals: true } }))).toEqual(['rated']);
    expect(await write('PUT', `/v1/request/${id}/property`, { key: 'Stage', value: 'final' })).toEqual({
      status: 201,
      body: { data: null, error: null, ok: 'true' },
    });
    expect(await sessionsWhere(rows({ properties: { Stage: { equals: 'final' } } }))).toEqual(['rated']);
    expect(await sessionsWhere(rows({ properties: { Stage: { equals: 'draft' } } }))).toEqual([]);
    expect((await write('POST', `/v1/request/${id}/score`, { scores: { words: 12, polite: false } })).status).toBe(201);
    expect(await write('POST', '/v1/feedback', { 'helicone-id': id, rating: false })).toEqual({
      status: 200,
      body: { message: expect.any(String), helicone_id: id },
    });
    expect(await requestOf(id)).toEqual({
      scores: { 'helicone-score-feedback': 0, words: 12, 'polite-hcone-bool': 0 },
      properties: expect.objectContaining({ Stage: 'final', 'Helicone-Session-Id': 'rated' }),
    });
    expect(await instance.api.session('rated')).toMatchObject({ total_requests: 1 });
    expect((await instance.api.sessionRequests('rated')).length).toBe(1);
  });

  test('of a request without a session shows as well', async () => {
    const id = await call(undefined);
    expect((await write('POST', `/v1/request/${id}/score`, { scores: { alone: 7 } })).status).toBe(201);
    expect((await requestOf(id)).scores).toEqual({ alone: 7 });
  });

  test('may come first: a session that was only tagged is in no list until it is called', async () => {
    const tagged = await write('POST', '/v1/session/early/tag', { tag: 'planned' });
    expect(tagged.status).toBe(200);
    expect((await instance.api.call('GET', '/v1/session/early/tag')).body).toEqual({ data: 'planned', error: null });
    expect(await instance.api.session('early')).toBeUndefined();
    expect(await sessionsWhere(session({ session_tag: { equals: 'planned' } }))).toEqual([]);
    await call('early');
    await instance.storedSession('early', 1);
    expect(await instance.api.session('early')).toMatchObject({ total_requests: 1, tag: 'planned' });
  });

  test('of nothing that was called is refused', async () => {
    expect(await write('POST', '/v1/session/nobody/feedback', { rating: true })).toEqual({
      status: 404,
      body: { data: null, error: 'No request found' },
    });
    const unknown = '01900000-0000-7000-8000-000000000000';
    expect((await write('POST', `/v1/request/${unknown}/feedback`, { rating: true })).status).toBe(404);
  });

  test('survives a kill, and the audit is clean', async () => {
    const id = await call('killed');
    expect((await write('POST', '/v1/session/killed/tag', { tag: 'kept' })).status).toBe(200);
    expect((await write('PUT', `/v1/request/${id}/property`, { key: 'k', value: 'v' })).status).toBe(201);
    await instance.throughline.kill('SIGKILL');
    await instance.throughline.start();
    expect(await instance.api.session('killed')).toMatchObject({ total_requests: 1, tag: 'kept' });
    expect((await requestOf(id)).properties).toMatchObject({ k: 'v' });
    const { stdout } = await runThroughline(['audit', '--json'], {
      THROUGHLINE_DATA_DIR: instance.throughline.dataDir,
    });
    const audit = JSON.parse(stdout);
    expect(audit).toMatchObject({ clean: true, settled: true });
    expect(audit.partitions[0].stored.annotations).toBeGreaterThan(10);
  });
});
