import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LOG_BYTES_MAX } from '@throughline/contracts/api/log';
import { type Harness, KEY, type RawResponse, READ_KEY, request, startGateway } from '../support/gateway-harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startGateway();
});
afterEach(() => harness.close());

const AUTH = { authorization: `Bearer ${KEY}` };
const ID = '5f0f2f5e-0f6b-4c43-9d3f-0a4f5c5f4b2a';
const MODEL = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] };
const ANSWER = { model: 'gpt-4o-mini', choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } };
const TIMING = {
  startTime: { seconds: 1_700_000_000, milliseconds: 250 },
  endTime: { seconds: 1_700_000_001, milliseconds: 0 },
  timeToFirstToken: 90,
};

function log(changes: Record<string, unknown> = {}, response: Record<string, unknown> = {}) {
  return {
    providerRequest: { url: 'custom-model-nopath', json: MODEL, meta: {} },
    providerResponse: { json: ANSWER, status: 200, headers: {}, ...response },
    timing: TIMING,
    ...changes,
  };
}

function post(path: string, body: unknown, headers: Record<string, string> = AUTH): Promise<RawResponse> {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return request(`${harness.origin}${path}`, { method: 'POST', headers, body: text });
}

const text = (response: RawResponse) => response.body.toString();
const bodyText = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const only = () => {
  expect(harness.appender.requests).toHaveLength(1);
  return harness.appender.requests[0]!;
};

describe('a log call', () => {
  test.each([
    ['/custom/v1/log', 'CUSTOM'],
    ['/oai/v1/log', 'OPENAI'],
    ['/anthropic/v1/log', 'ANTHROPIC'],
    ['/googleapis/v1/log', 'GOOGLE'],
    ['/v1/trace/custom/v1/log', 'CUSTOM'],
    ['/v1/trace/custom/log', 'CUSTOM'],
    ['/v1/trace/oai/v1/log', 'OPENAI'],
    ['/v1/trace/anthropic/v1/log?a=b', 'ANTHROPIC'],
    ['/v1/trace/googleapis/v1/log', 'GOOGLE'],
  ])('to %s is recorded for %s and answered with its id', async (path, provider) => {
    const answer = await post(path, log());
    expect([answer.status, text(answer)]).toEqual([200, 'ok']);
    const event = only();
    expect(answer.headers['helicone-id']).toBe(event.request_id);
    expect(event).toMatchObject({
      tenant_id: 'acme',
      provider,
      target_url: 'custom-model-nopath',
      path: 'custom-model-nopath',
      method: 'POST',
      status: 200,
      request_at: 1_700_000_000_250,
      first_byte_at: 1_700_000_000_340,
      response_at: 1_700_000_001_000,
      abort_reason: '',
      session: null,
      logged: { by: 'log', cost_usd: null },
    });
    expect(JSON.parse(bodyText(event.request_body.bytes))).toEqual(MODEL);
    expect(JSON.parse(bodyText(event.response_body.bytes))).toEqual(ANSWER);
  });

  test('is in the log before it is answered', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    harness.appender.gate = promise;
    let answered = false;
    const answer = post('/custom/v1/log', log()).then((got) => {
      answered = true;
      return got;
    });
    while (!(await harness.metrics()).includes('open_log_calls 1')) await new Promise((done) => setTimeout(done, 2));
    await new Promise((done) => setTimeout(done, 50));
    expect(answered).toBe(false);
    resolve();
    expect((await answer).status).toBe(200);
    expect(harness.appender.events).toHaveLength(1);
  });

  test('that the log refuses is answered 503 and may be sent again', async () => {
    harness.appender.refuseWith('full');
    const answer = await post('/custom/v1/log', log());
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
    expect(JSON.parse(text(answer)).error).toContain('takes nothing');
    harness.appender.refuseWith(undefined);
    expect((await post('/custom/v1/log', log())).status).toBe(200);
    expect(await harness.metrics()).toMatch(/logged_total\{by="log",outcome="log-refused"\} 1/);
  });

  test('has headers as a proxied call has, its own before those in meta', async () => {
    const meta = {
      'Helicone-Session-Id': 'from-meta',
      'helicone-session-path': '/meta/größe',
      'Helicone-Property-Kind': 'a',
      'Helicone-Property-__proto__': 'b',
      'Helicone-Request-Id': ID.toUpperCase(),
      'Helicone-Webhook-Enabled': true,
      user_id: 'nobody',
      'x-session-affinity': 'not ours',
    };
    const headers = {
      ...AUTH,
      'Helicone-Session-Id': 'from-header',
      'Helicone-Session-Name': 'Name',
      'Helicone-User-Id': 'ada',
    };
    const body = log({ providerRequest: { url: 'custom-model-nopath', json: MODEL, meta } });
    const answer = await post('/custom/v1/log', body, headers);
    expect(answer.headers['helicone-id']).toBe(ID);
    const event = only();
    expect(event).toMatchObject({
      request_id: ID,
      request_id_chosen: true,
      user_id: 'ada',
      session: { id: 'from-header', name: 'Name', path: '/meta/größe', rule: 'helicone-session-id' },
      webhook: true,
    });
    expect(event.properties).toEqual([
      ['kind', 'a'],
      ['__proto__', 'b'],
    ]);
  });

  test('keeps no credential that stands anywhere in it', async () => {
    const canary = 'sk-canary-0123456789';
    const headers = {
      Authorization: canary,
      'Helicone-Auth': canary,
      'openai-organization': 'org',
      'Set-Cookie': canary,
    };
    const url = `https://user:${canary}@api.example.com/v1/chat/completions?key=${canary}&a=b`;
    const meta = { 'Helicone-Auth': canary };
    await post('/oai/v1/log', log({ providerRequest: { url, json: MODEL, meta } }, { headers }));
    const event = only();
    expect(JSON.stringify(event)).not.toContain(canary);
    expect(event.response_headers).toEqual([['openai-organization', 'org']]);
    expect(event).toMatchObject({
      target_url: 'https://api.example.com/v1/chat/completions?key=***&a=b',
      path: '/v1/chat/completions?key=***&a=b',
    });
  });

  test.each([
    ['plain words', 'text/plain'],
    ['data: {"a":1}\n\ndata: [DONE]\n\n', 'text/event-stream'],
    ['{"a":1}\n{"b":2}\n', 'application/x-ndjson'],
    ['{"a":\n{"b":2}}', 'application/json'],
    ['Error: no\n    at x\n\n{"a":1}\n', 'text/plain'],
  ])('keeps the text of its response as it is, %j as %s', async (textBody, type) => {
    await post('/custom/v1/log', log({}, { json: {}, textBody }));
    const { response_body: body } = only();
    expect([bodyText(body.bytes), body.content_type]).toEqual([textBody, type]);
  });

  test('without times began when it was logged; a worker’s took a second', async () => {
    await post('/custom/v1/log', log({ timing: undefined }));
    await post('/v1/trace/custom/v1/log', log({ timing: null }));
    const [worker, api] = harness.appender.requests;
    expect(Math.abs(Date.now() - worker!.request_at)).toBeLessThan(60_000);
    expect(worker!.response_at - worker!.request_at).toBe(1_000);
    expect(api!.response_at - api!.request_at).toBe(0);
  });

  test.each([
    [{ startTime: '2023-11-14T22:13:20.250Z', endTime: '1700000001000' }],
    [{ startTime: '1700000000.25', endTime: 1_700_000_001 }],
    [{ startTime: { seconds: '1700000000', milliseconds: '250' }, endTime: { seconds: 1_700_000_001 } }],
  ])('of the API form may say when it was in words: %j', async (timing) => {
    const answer = await post('/v1/trace/custom/v1/log', log({ timing }));
    expect(answer.status).toBe(200);
    expect(only()).toMatchObject({ request_at: 1_700_000_000_250, response_at: 1_700_000_001_000 });
  });

  test('names its provider and its cost', async () => {
    await post('/v1/trace/custom/v1/log', log({ provider: 'Groq' }, { cost: 0.25, status: -3 }));
    expect(only()).toMatchObject({
      provider: 'GROQ',
      logged: { by: 'log', cost_usd: 0.25 },
      status: -3,
      abort_reason: 'client-aborted',
    });
  });

  test('leaves meta and headers out, as documented examples do', async () => {
    const answer = await post('/custom/v1/log', {
      providerRequest: { url: 'u', json: { _type: 'data', name: 'x' } },
      providerResponse: { json: { status: 'ok' }, status: 200 },
    });
    expect(answer.status).toBe(200);
  });

  test('may come compressed', async () => {
    const answer = await post('/custom/v1/log', gzipSync(JSON.stringify(log())), {
      ...AUTH,
      'content-encoding': 'gzip',
    });
    expect(answer.status).toBe(200);
    expect(JSON.parse(bodyText(only().request_body.bytes))).toEqual(MODEL);
  });

  test.each(['x-api-key', 'api-key'])('has its key in %s as well', async (name) => {
    expect((await post('/custom/v1/log', log(), { [name]: KEY })).status).toBe(200);
  });

  test('is nothing that a GET could be', async () => {
    const answer = await request(`${harness.origin}/custom/v1/log`, { headers: AUTH });
    expect(answer.status).toBe(404);
  });
});

describe('a worker’s log call is checked in this order:', () => {
  const bad = 'sk-helicone-not-a-key';
  const unknown = 'sk-helicone-zzzzzzz-zzzzzzz-zzzzzzz-zzzzzzz';
  const tooLarge = Buffer.alloc(LOG_BYTES_MAX + 1, 0x20);
  test.each<[string, unknown, Record<string, string>, number, string | { error: string }]>([
    ['its size', tooLarge, {}, 400, 'Payload too large'],
    ['a credential', 'not JSON', {}, 401, 'Unauthorized'],
    ['its shape, of what is no JSON', 'not JSON', AUTH, 400, { error: 'providerRequest is required' }],
    ['its shape before its key', {}, { authorization: bad }, 400, { error: 'providerRequest is required' }],
    ['the word Bearer', log(), { authorization: KEY }, 401, { error: 'Must included Bearer in API Key' }],
    ['the form of its key', log(), { authorization: `Bearer ${bad}` }, 401, { error: 'API Key is not well formed' }],
    ['its key', log(), { authorization: `Bearer ${unknown}` }, 401, { error: 'No API key found' }],
    [
      'what its key may do',
      log(),
      { authorization: `Bearer ${READ_KEY}` },
      401,
      { error: 'This key lacks the permission w; use a key that has it' },
    ],
  ])('%s', async (_, body, headers, status, expected) => {
    const answer = await post('/custom/v1/log', body, headers);
    const got = typeof expected === 'string' ? text(answer) : JSON.parse(text(answer));
    expect([answer.status, got]).toEqual([status, expected]);
    expect(harness.appender.events).toEqual([]);
  });

  const shape = (request: unknown, response: unknown, timing?: unknown) => ({
    providerRequest: request,
    providerResponse: response,
    ...(timing !== undefined && { timing }),
  });
  const req = { url: 'u', json: {}, meta: {} };
  const res = { json: {}, status: 200, headers: {} };
  const at = (seconds: unknown, milliseconds: unknown = 0) => ({ seconds, milliseconds });
  test.each<[unknown, string]>([
    [[], 'body must be an object'],
    [null, 'body must be an object'],
    [shape(undefined, res), 'providerRequest is required'],
    [shape(req, undefined), 'providerResponse is required'],
    [shape({ ...req, url: 1 }, res), 'providerRequest.url must be a string'],
    [shape({ ...req, meta: 'x' }, res), 'providerRequest.meta must be an object'],
    [shape({ url: 'u' }, res), 'providerRequest.json is required'],
    [shape(req, { ...res, json: undefined }), 'providerResponse.json is required'],
    [shape(req, { ...res, status: '200' }), 'providerResponse.status must be a number'],
    [shape(req, { ...res, headers: [] }), 'providerResponse.headers must be an object'],
    [shape(req, { ...res, cost: -1 }), 'providerResponse.cost must not be negative'],
    [shape(req, res, {}), 'timing.startTime is required'],
    [shape(req, res, { startTime: at('1'), endTime: at(2) }), 'timing.startTime.seconds must be a number'],
    [shape(req, res, { startTime: at(-1), endTime: at(2) }), 'timing.startTime.seconds must not be negative'],
    [shape(req, res, { startTime: at(2), endTime: at(1) }), 'timing timing.startTime is after timing.endTime'],
    [shape(req, res, { startTime: at(1e300), endTime: at(1e300) }), 'timing timing.startTime is no time'],
    [shape({ ...req, meta: { 'Helicone-User-Id': 'x'.repeat(70_000) } }, res), 'providerRequest.meta is longer'],
  ])('its shape, case %#', async (body, reason) => {
    const answer = await post('/custom/v1/log', body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(text(answer)).error).toMatch(new RegExp(`^${reason}`));
    expect(harness.appender.events).toEqual([]);
  });

  test('and may be nested as deep as it likes: it is stored as it is', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const body = `{"providerRequest":{"url":"u","json":${deep}},"providerResponse":{"json":{},"status":200}}`;
    expect((await post('/custom/v1/log', body)).status).toBe(200);
    expect(bodyText(only().request_body.bytes)).toBe(deep);
  });

  test('and a bomb is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const answer = await post('/custom/v1/log', bomb, { ...AUTH, 'content-encoding': 'gzip' });
    expect([answer.status, text(answer)]).toEqual([400, 'Payload too large']);
    const other = await post('/custom/v1/log', 'x', { ...AUTH, 'content-encoding': 'lzma' });
    expect(other.status).toBe(415);
  });
});

describe('a log call under /v1/trace', () => {
  test('is refused as calls of the API are', async () => {
    const none = await post('/v1/trace/custom/v1/log', log(), {});
    expect([none.status, JSON.parse(text(none))]).toEqual([
      401,
      { data: null, error: 'No authorization header', trace: 'isAuthenticated.error' },
    ]);
    const malformed = await post('/v1/trace/custom/v1/log', '{');
    expect(malformed.status).toBe(400);
    const shape = await post('/v1/trace/custom/v1/log', { providerRequest: 1 });
    expect([shape.status, JSON.parse(text(shape))]).toMatchObject([
      422,
      { message: 'Validation Failed', details: { 'requestBody.providerRequest': { message: 'is required' } } },
    ]);
    expect(harness.appender.events).toEqual([]);
  });

  const typed = (changes: Record<string, unknown> = {}, timing: unknown = undefined) => ({
    providerRequest: { url: 'u', json: MODEL, meta: { 'Helicone-Session-Id': 's' } },
    providerResponse: { json: ANSWER, status: 200, headers: {}, ...changes },
    timing: timing ?? { startTime: '2023-11-14T22:13:20Z', endTime: '1700000001' },
  });

  test('of the typed form is recorded', async () => {
    expect((await post('/v1/trace/custom/log/typed', typed({ json: undefined, textBody: 'hello' }))).status).toBe(200);
    expect(only()).toMatchObject({ session: { id: 's' }, request_at: 1_700_000_000_000, provider: 'CUSTOM' });
  });

  test.each([
    [typed({ json: undefined }), 'providerResponse'],
    [typed({}, { startTime: 'soon', endTime: '1700000001' }), 'timing'],
    [typed({}, { startTime: '1700000002', endTime: '1700000001' }), 'timing'],
  ])('of the typed form names the mistake by its field', async (body, field) => {
    const answer = await post('/v1/trace/custom/log/typed', body);
    expect([answer.status, JSON.parse(text(answer))]).toEqual([
      400,
      { isValid: false, errors: [{ field, message: expect.any(String) }] },
    ]);
  });

  test('of the typed form wants its headers', async () => {
    const body = { ...typed(), providerRequest: { url: 'u', json: MODEL } };
    expect((await post('/v1/trace/custom/log/typed', body)).status).toBe(422);
  });
});
