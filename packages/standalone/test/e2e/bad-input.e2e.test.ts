import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { answerHeader, rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance({ CAPTURE_BYTES_MAX: '32KiB' });
}, SETUP_MS_MAX);
afterAll(() => instance?.stop(), SETUP_MS_MAX);

const CHAT = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] });

function chat(headers: Record<string, string>, body: string | Buffer = CHAT) {
  return rawCall({
    url: `${instance.openaiUrl}/chat/completions`,
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-provider-key', ...headers },
    body,
  });
}

describe('to the provider', () => {
  test('a body that is no JSON is forwarded untouched and logged', async () => {
    const sessionId = `bad-${randomUUID()}`;
    const answer = await chat(instance.session(sessionId), '{"model": "gpt-4o-mini", "messages": [');
    expect(answer.status).toBe(400);
    expect(instance.provider.last().requestBody.toString()).toBe('{"model": "gpt-4o-mini", "messages": [');
    const [stored] = await instance.storedSession(sessionId, 1);
    expect(stored).toMatchObject({ response_status: 400, error: { type: 'invalid_request_error' } });
  });

  test('a body over the capture limit is forwarded whole and stored as truncated', async () => {
    const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'x'.repeat(200_000) }] });
    const answer = await chat(instance.session(`bad-${randomUUID()}`), body);
    expect(instance.provider.last().requestBody.length).toBe(body.length);
    const stored = await instance.stored(answerHeader(answer, 'helicone-id')!);
    expect(stored).toMatchObject({ request_truncated: true, response_truncated: false, usage_complete: true });
  });
});

describe('in headers', () => {
  test.each([
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['toString', 'toString'],
    ['SQL', "'; DROP TABLE requests; --"],
    ['braces and quotes', '{braces} and "quotes" \\ back\\slash'],
    ['8 kB', 'x'.repeat(8_000)],
    ['Latin-1', 'na\u00efve caf\u00e9'],
  ])('a value of %s is stored as data', async (_, value) => {
    const id = `${value}-${randomUUID()}`;
    const headers = {
      ...instance.session(id, `/${value}`),
      'Helicone-Session-Name': value,
      'Helicone-User-Id': value,
      'Helicone-Property-Odd': value,
    };
    const answer = await chat(headers);
    expect(answer.status).toBe(200);
    const stored = await instance.stored(answerHeader(answer, 'helicone-id')!);
    expect(stored).toMatchObject({
      session_id: id,
      session_name: value,
      session_path: `/${value}`,
      request_user_id: value,
    });
    expect(stored.properties.odd).toBe(value);
    const session = await waitFor(() => instance.api.session(id), { what: 'the session' });
    expect(session.session_id === id).toBe(true);
    expect(session.total_requests).toBe(1);
    // Sets of values are bounded in a session's row; one that is too large for it is named, not lost.
    const isNamed = session.session_names.includes(value) || session.truncated_fields.includes('session_names');
    expect(isNamed).toBe(true);
  });

  test('bytes of UTF-8 are read as the text they are', async () => {
    const id = `bad-${randomUUID()}`;
    // Node writes header values byte by byte: this puts the UTF-8 bytes on the wire, as other clients do.
    const onWire = Buffer.from('東京 🙂').toString('latin1');
    await chat({ ...instance.session(id), 'Helicone-Session-Name': onWire });
    const [stored] = await instance.storedSession(id, 1);
    expect(stored?.session_name).toBe('東京 🙂');
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('a property named %s is data', async (name) => {
    const answer = await chat({ ...instance.session(`bad-${randomUUID()}`), [`Helicone-Property-${name}`]: 'v' });
    const stored = await instance.stored(answerHeader(answer, 'helicone-id')!);
    expect(Object.entries(stored.properties)).toContainEqual([name.toLowerCase(), 'v']);
  });

  test('empty values mean absent', async () => {
    const answer = await chat({
      'Helicone-Auth': `Bearer ${instance.throughline.key}`,
      'Helicone-Session-Id': '',
      'Helicone-Session-Name': '',
      'Helicone-Session-Path': '',
    });
    const stored = await instance.stored(answerHeader(answer, 'helicone-id')!);
    expect(stored.session_id || null).toBeNull();
  });

  test('more header bytes than a server takes are refused with 431, and the next call is fine', async () => {
    const answer = await chat({ 'Helicone-Property-Huge': 'x'.repeat(600_000) });
    // The server closes while the client is still sending: how the answer ends is up to the timing.
    expect(answer.status).toBe(431);
    expect((await chat({})).status).toBe(200);
  });
});

describe('keys', () => {
  test('a missing or unknown key never blocks a call, and the answer says whether it is recorded', async () => {
    const none = await chat({});
    expect(none.status).toBe(200);
    expect(answerHeader(none, 'throughline-recorded')).toBeUndefined();
    await instance.stored(answerHeader(none, 'helicone-id')!);
    const unknown = await chat({ 'Helicone-Auth': 'Bearer sk-helicone-aaaaaaa-bbbbbbb-ccccccc-ddddddd' });
    expect(unknown.status).toBe(200);
    expect(answerHeader(unknown, 'throughline-recorded')).toBe('no; reason=unknown-key');
  });

  test('the API answers 401 without a key, with an unknown one, and says which', async () => {
    const { api } = instance;
    const without = await api.call('GET', '/v1/session/x', undefined, null);
    expect(without).toMatchObject({ status: 401, body: { data: null, error: 'No authorization header' } });
    const unknown = await api.call('POST', '/v1/session/query', {}, 'sk-helicone-aaaaaaa-bbbbbbb-ccccccc-ddddddd');
    expect(unknown).toMatchObject({ status: 401, body: { data: null, error: 'No API key found' } });
  });
});

describe('to the API', () => {
  const query = {
    search: '',
    timeFilter: { startTimeUnixMs: 0, endTimeUnixMs: 2e12 },
    timezoneDifference: 0,
    filter: 'all',
  };

  test('an unknown session and an unknown request are 404', async () => {
    const { api } = instance;
    expect(await api.call('GET', '/v1/session/nobody-knows-this')).toMatchObject({
      status: 404,
      body: { data: null, error: 'Session not found' },
    });
    expect(await api.call('GET', `/v1/request/${randomUUID()}`)).toMatchObject({
      status: 404,
      body: { data: null, error: 'Request not found' },
    });
    expect((await api.call('GET', '/v1/session/nobody-knows-this/requests')).status).toBe(404);
  });

  test.each<[string, unknown, number, string | undefined]>([
    ['a body that is no JSON', '{"search": ', 400, undefined],
    ['a missing search', { ...query, search: undefined }, 422, 'requestBody.search'],
    ['a missing time filter', { ...query, timeFilter: undefined }, 422, 'requestBody.timeFilter'],
    ['a key too many', { ...query, foo: 1 }, 422, 'requestBody.foo'],
    ['a null name', { ...query, nameEquals: null }, 422, 'requestBody.nameEquals'],
    ['a filter that is none', { ...query, filter: 'none' }, 422, 'requestBody.filter'],
    ['a time zone beyond a day', { ...query, timezoneDifference: 99_999 }, 400, undefined],
  ])('%s is refused with the readable place', async (_, body, status, place) => {
    const answer = await instance.api.call<{ details?: Record<string, unknown> }>('POST', '/v1/session/query', body);
    expect(answer.status).toBe(status);
    if (place) expect(Object.keys(answer.body.details ?? {})).toContain(place);
  });

  test.each<[string, object]>([
    ['negative limit and offset', { limit: -5, offset: -5 }],
    ['digits as text', { timezoneDifference: '60' }],
    ['a start after the end', { timeFilter: { startTimeUnixMs: 2e12, endTimeUnixMs: 0 } }],
  ])('%s is accepted', async (_, more) => {
    const answer = await instance.api.call('POST', '/v1/session/query', { ...query, ...more });
    expect(answer).toMatchObject({ status: 200, body: { error: null } });
  });

  test('an endpoint that does not exist is 404 with a sentence', async () => {
    const answer = await instance.api.call<{ error: string }>('GET', '/v1/nothing/here');
    expect(answer.status).toBe(404);
    expect(answer.body.error).toContain('/v1/nothing/here');
  });
});

describe('targets', () => {
  const generic = (target: string | undefined) =>
    rawCall({
      url: `${instance.throughline.url}/v1/gateway/gateway/v1/describe`,
      headers: { ...instance.session('targets'), ...(target !== undefined && { 'Helicone-Target-URL': target }) },
    });

  test.each([
    'http://127.0.0.1:9',
    'http://[::1]:9',
    'http://[::ffff:127.0.0.1]:9',
    'http://2130706433',
    'http://0x7f.1',
    'http://169.254.169.254',
    'http://10.0.0.1',
    'http://localhost:9',
  ])('%s is refused with 403 and the setting that would allow it', async (target) => {
    const answer = await generic(target);
    expect(answer.status).toBe(403);
    expect(answer.body.toString()).toContain('ALLOWED_TARGETS');
  });

  test('a trailing dot is no way around: such a name is refused, or not found', async () => {
    const answer = await generic('http://localhost.:9');
    expect([403, 502]).toContain(answer.status);
    expect(answer.body.toString()).toMatch(/ALLOWED_TARGETS|cannot be reached: .*(name|NOTFOUND|dns)/i);
  });

  test('the origin that a setting names is allowed', async () => {
    const answer = await generic(instance.provider.origin);
    expect([answer.status, JSON.parse(answer.body.toString()).path]).toEqual([200, '/v1/describe']);
  });

  test.each([
    [undefined, 'Missing target base url'],
    ['not a url', 'not a url'],
    ['ftp://example.com', 'ftp://example.com'],
  ])('the target %s is 400', async (target, words) => {
    const answer = await generic(target);
    expect(answer.status).toBe(400);
    expect(answer.body.toString()).toContain(words);
  });

  test('a provider that is none is 400', async () => {
    const answer = await rawCall({ url: `${instance.throughline.url}/v1/gateway/nobody/v1/x`, body: '{}' });
    expect([answer.status, JSON.parse(answer.body.toString()).message]).toEqual([400, 'Invalid provider']);
  });
});

test('all of this left the process well', async () => {
  const { throughline, api } = instance;
  expect(throughline.pid).toBeDefined();
  expect((await api.call('GET', '/readyz', undefined, null)).status).toBe(200);
});
