import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { CachedAnswer, ResponseCache } from '@throughline/call-state/cache/response-cache';
import { type CallState, CallStateError } from '@throughline/call-state/call-state';
import { openLmdbCallState } from '@throughline/call-state/open-lmdb-call-state';
import { openRedisCallState } from '@throughline/call-state/open-redis-call-state';
import { type BodyUpstream, startBodyUpstream } from '../support/body-upstream.ts';
import { useCleanups } from '../support/clean-up.ts';
import {
  type Harness,
  type HarnessOptions,
  KEY,
  OTHER_KEY,
  READ_KEY,
  request,
  startGateway,
} from '../support/gateway-harness.ts';

const cleanups = useCleanups();

type Answer = (req: http.IncomingMessage, res: http.ServerResponse, nth: number) => void;

const chat = (nth: number) => ({
  id: `chatcmpl-${nth}`,
  object: 'chat.completion',
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: `answer ${nth}` }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
});

const json: Answer = (_req, res, nth) => {
  const headers = {
    'content-type': 'application/json',
    'x-request-id': `req_${nth}`,
    'x-ratelimit-remaining-requests': '7',
    'set-cookie': 'session=1',
    date: 'Thu, 01 Jan 1970 00:00:00 GMT',
  };
  res.writeHead(200, headers).end(JSON.stringify(chat(nth)));
};

const EVENTS = [
  '{"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"}}]}',
  '{"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"content":"lo"}}]}',
  '{"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}',
  '[DONE]',
].map((data) => `data: ${data}\n\n`);

async function setUp(answer: Answer = json, options: HarnessOptions = {}) {
  const provider = await startBodyUpstream((req, res, { length: nth }) => answer(req, res, nth));
  cleanups.push(provider.upstream.close);
  const callState = options.callState ?? (await lmdbState());
  const origins = { OPENAI: provider.upstream.origin, ANTHROPIC: provider.upstream.origin };
  const gateway = await startGateway({ providerOrigins: origins, ...options, callState });
  cleanups.push(gateway.close);
  return { provider, gateway };
}

async function lmdbState(dir?: string): Promise<CallState> {
  dir ??= await mkdtemp(join(tmpdir(), 'call-state-'));
  const state = openLmdbCallState({ dir });
  cleanups.push(async () => {
    await state.close();
    await rm(dir, { recursive: true, force: true });
  });
  return state;
}

const ON = { 'Helicone-Cache-Enabled': 'true' };
const BODY = '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}';

function call(
  gateway: Harness,
  headers: Record<string, string> = {},
  body: string | Buffer = BODY,
  path = '/v1/chat/completions',
) {
  return request(`${gateway.origin}/v1/gateway/oai${path}`, {
    method: 'POST',
    body,
    headers: {
      'Helicone-Auth': `Bearer ${KEY}`,
      Authorization: 'Bearer of-the-provider',
      'Content-Type': 'application/json',
      ...ON,
      ...headers,
    },
  });
}

/** What the cache said of each answer, and the answer. */
async function said(calls: Iterable<() => ReturnType<typeof call>>): Promise<string[]> {
  const all: string[] = [];
  for (const made of calls) {
    const { headers, body } = await made();
    all.push(`${headers['helicone-cache']} ${/answer (\d+)/.exec(body.toString())?.[1]}`);
  }
  return all;
}

const asked = ({ bodies }: BodyUpstream) => bodies.length;

describe('a call that asks for the cache', () => {
  test('is answered once by the provider, then by what it answered', async () => {
    const { provider, gateway } = await setUp();
    const first = await call(gateway);
    const second = await call(gateway, {
      'Helicone-Session-Id': 's',
      'Helicone-Request-Id': '4f0b7f3c-2f0e-4a86-9b8c-1c8d0a3e2f11',
    });
    expect(asked(provider)).toBe(1);
    expect([first.status, first.headers['helicone-cache']]).toEqual([200, 'MISS']);
    expect(first.headers['helicone-cache-latency']).toBeUndefined();
    expect(second.status).toBe(200);
    expect(second.body).toEqual(first.body);
    expect(second.headers).toMatchObject({
      'content-type': 'application/json',
      'x-request-id': 'req_1',
      'helicone-cache': 'HIT',
      'helicone-cache-bucket-idx': '0',
      'helicone-cache-latency': expect.stringMatching(/^\d+$/),
      'helicone-id': '4f0b7f3c-2f0e-4a86-9b8c-1c8d0a3e2f11',
      'helicone-status': 'success',
    });
    for (const name of ['set-cookie', 'x-ratelimit-remaining-requests']) expect(second.headers[name]).toBeUndefined();
    expect(new Date(second.headers.date!).getFullYear()).toBeGreaterThan(2000);

    const [miss, hit] = await gateway.recorded(2);
    expect(miss).not.toHaveProperty('cache_reference_id');
    expect(hit).toMatchObject({
      request_id: '4f0b7f3c-2f0e-4a86-9b8c-1c8d0a3e2f11',
      cache_reference_id: miss!.request_id,
      status: 200,
      session: { id: 's' },
      abort_reason: '',
    });
    expect(Buffer.from(hit!.response_body.bytes)).toEqual(first.body);
    expect(Buffer.from(hit!.request_body.bytes).toString()).toBe(BODY);
    const metrics = await gateway.metrics();
    expect(metrics).toMatch(/gateway_cache_reads_total\{outcome="hit"\} 1/);
    expect(metrics).toMatch(/gateway_cache_reads_total\{outcome="miss"\} 1/);
  });

  test('says nothing of a cache, and asks the provider, without the header', async () => {
    const { provider, gateway } = await setUp();
    await call(gateway);
    const other = await call(gateway, { 'Helicone-Cache-Enabled': 'false' });
    expect([other.headers['helicone-cache'], asked(provider)]).toEqual([undefined, 2]);
  });

  test('may only read, or only save', async () => {
    const { gateway } = await setUp();
    const reads = { 'Helicone-Cache-Enabled': '', 'Helicone-Cache-Read': 'true' };
    const saves = { 'Helicone-Cache-Enabled': '', 'Helicone-Cache-Save': 'true' };
    expect(
      await said([
        () => call(gateway, reads),
        () => call(gateway, reads),
        () => call(gateway, saves),
        () => call(gateway, reads),
        () => call(gateway, saves),
        () => call(gateway, reads),
      ]),
    ).toEqual(['MISS 1', 'MISS 2', 'undefined 3', 'HIT 3', 'undefined 4', 'HIT 3']);
  });

  test('is answered from a bucket once that is full', async () => {
    const { gateway } = await setUp();
    const bucket = { 'Helicone-Cache-Bucket-Max-Size': '2' };
    const [first, second, ...hits] = await said(Array.from({ length: 22 }, () => () => call(gateway, bucket)));
    expect([first, second]).toEqual(['MISS 1', 'MISS 2']);
    expect(new Set(hits)).toEqual(new Set(['HIT 1', 'HIT 2']));
  });

  test('has an answer of its own for each seed, body and credential', async () => {
    const { gateway } = await setUp();
    expect(
      await said([
        () => call(gateway),
        () => call(gateway, { 'Helicone-Cache-Seed': '1' }),
        () => call(gateway, {}, BODY.replace('hi', 'ho')),
        () => call(gateway, { Authorization: 'Bearer of-somebody-else' }),
        () => call(gateway, { 'Helicone-Cache-Seed': '1' }),
        () => call(gateway),
      ]),
    ).toEqual(['MISS 1', 'MISS 2', 'MISS 3', 'MISS 4', 'HIT 2', 'HIT 1']);
  });

  test('is told by its body without the keys that it says', async () => {
    const { gateway } = await setUp();
    const ignoring = { 'Helicone-Cache-Ignore-Keys': '"user","metadata"' };
    expect(
      await said([
        () => call(gateway, ignoring, '{"model":"m","user":"a","metadata":{"x":1}}'),
        () => call(gateway, ignoring, '{"model":"m","user":"b"}'),
        () => call(gateway, ignoring, '{"model":"n","user":"b"}'),
      ]),
    ).toEqual(['MISS 1', 'HIT 1', 'MISS 2']);
  });

  test('is answered for as long as its Cache-Control says', async () => {
    const { gateway, provider } = await setUp();
    const briefly = { 'Cache-Control': 'max-age=1' };
    const first = await said([() => call(gateway, briefly), () => call(gateway, briefly)]);
    expect(first).toEqual(['MISS 1', 'HIT 1']);
    while (asked(provider) === 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await call(gateway, briefly);
    }
    expect(await said([() => call(gateway, { 'Cache-Control': 'no-store' }, '{"other":1}')])).toEqual(['MISS 3']);
    expect(await said([() => call(gateway, {}, '{"other":1}')])).toEqual(['MISS 4']);
  });

  test('is refused where its headers cannot be read', async () => {
    const { gateway, provider } = await setUp();
    const bucket = await call(gateway, { 'Helicone-Cache-Bucket-Max-Size': '21' });
    expect([bucket.status, bucket.body.toString()]).toEqual([
      400,
      expect.stringContaining('Cache bucket size cannot be greater than 20'),
    ]);
    expect((await call(gateway, { 'Helicone-Cache-Ignore-Keys': 'user' })).status).toBe(400);
    expect(asked(provider)).toBe(0);
  });

  test('has its settings among its properties', async () => {
    const { gateway } = await setUp();
    await call(gateway, {
      'Helicone-Cache-Seed': '7th',
      'Helicone-Cache-Bucket-Max-Size': '3',
      'Helicone-Cache-Control': 'max-age=5',
    });
    await call(gateway, { 'Helicone-Cache-Enabled': 'false', 'Helicone-Cache-Seed': 'seven' });
    const [one, other] = await gateway.recorded(2);
    expect(new Map(one!.properties)).toEqual(
      new Map([
        ['Helicone-Cache-Enabled', 'true'],
        ['Helicone-Cache-Seed', '7'],
        ['Helicone-Cache-Bucket-Max-Size', '3'],
        ['Helicone-Cache-Control', 'max-age=5'],
      ]),
    );
    expect(other!.properties).toEqual([]);
  });

  test('is proxied when it is a kind of call that changes something', async () => {
    const { gateway, provider } = await setUp();
    for (const method of ['DELETE', 'DELETE']) {
      const { headers } = await request(`${gateway.origin}/v1/gateway/oai/v1/files/a`, {
        method,
        headers: { 'Helicone-Auth': `Bearer ${KEY}`, ...ON },
      });
      expect(headers['helicone-cache']).toBeUndefined();
    }
    expect(asked(provider)).toBe(2);
  });
});

describe('a stream', () => {
  const stream: Answer = (_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of EVENTS) res.write(event);
    res.end();
  };
  const streaming = BODY.replace('{', '{"stream":true,');

  test('is kept, and given again as a stream', async () => {
    const { gateway, provider } = await setUp(stream);
    const first = await call(gateway, {}, streaming);
    const again = await call(gateway, {}, streaming);
    expect([asked(provider), again.headers['helicone-cache']]).toEqual([1, 'HIT']);
    expect(again.body.toString()).toBe(EVENTS.join(''));
    expect(again.body).toEqual(first.body);
    expect(again.headers).toMatchObject({ 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' });
    expect(again.reads.length).toBeGreaterThan(1);
    for (const read of again.reads) expect(read.toString()).toMatch(/\n\n$/);
  });

  test.each([
    ['ends early', EVENTS.slice(0, 2)],
    [
      'has an error in it',
      [EVENTS[0]!, 'data: {"error":{"message":"overloaded","type":"server_error"}}\n\n', EVENTS[3]!],
    ],
  ])('is not kept where it %s', async (_name, events) => {
    const { gateway, provider } = await setUp((_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).end(events.join(''));
    });
    await call(gateway, {}, streaming);
    expect((await call(gateway, {}, streaming)).headers['helicone-cache']).toBe('MISS');
    expect(asked(provider)).toBe(2);
  });

  test('is not kept where its client has left', async () => {
    const { gateway } = await setUp((_req, res, nth) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write(EVENTS[0]);
      if (nth > 1) res.end(EVENTS.slice(1).join(''));
    });
    const left = fetch(`${gateway.origin}/v1/gateway/oai/v1/chat/completions`, {
      method: 'POST',
      body: streaming,
      headers: {
        'Helicone-Auth': `Bearer ${KEY}`,
        Authorization: 'Bearer of-the-provider',
        'Content-Type': 'application/json',
        ...ON,
      },
    });
    await (await left).body!.cancel();
    expect((await gateway.recorded(1))[0]!.status).toBe(-3);
    expect((await call(gateway, {}, streaming)).headers['helicone-cache']).toBe('MISS');
  });
});

describe('what is kept', () => {
  test.each([400, 401, 404, 429, 500, 302])('is no answer with status %i', async (status) => {
    const { gateway, provider } = await setUp(
      (_req, res) => void res.writeHead(status).end('{"error":{"message":"no"}}'),
    );
    expect((await call(gateway)).status).toBe(status);
    expect((await call(gateway)).headers['helicone-cache']).toBe('MISS');
    expect(asked(provider)).toBe(2);
  });

  test('is no error that comes with 200', async () => {
    const { gateway, provider } = await setUp((_req, res) => {
      res.writeHead(200, { 'content-type': 'application/json' }).end('{"error":{"message":"no","code":502}}');
    });
    await call(gateway);
    await call(gateway);
    expect(asked(provider)).toBe(2);
  });

  test('is no answer larger than what is captured', async () => {
    const { gateway, provider } = await setUp(json, { config: { captureBytesMax: 50 } });
    await call(gateway);
    await call(gateway);
    expect(asked(provider)).toBe(2);
  });

  test('is compressed as it came', async () => {
    const { gateway, provider } = await setUp((_req, res, nth) => {
      res
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(gzipSync(JSON.stringify(chat(nth))));
    });
    const first = await call(gateway, { 'Accept-Encoding': 'gzip' });
    const again = await call(gateway, { 'Accept-Encoding': 'gzip' });
    expect([asked(provider), again.headers['helicone-cache'], again.headers['content-encoding']]).toEqual([
      1,
      'HIT',
      'gzip',
    ]);
    expect(gunzipSync(again.body)).toEqual(gunzipSync(first.body));
    expect((await call(gateway)).headers['helicone-cache']).toBe('MISS');
  });

  test('is one answer of many that are asked for at the same time', async () => {
    const { gateway } = await setUp();
    const together = await Promise.all(Array.from({ length: 8 }, () => call(gateway)));
    expect(together.map(({ status }) => status)).toEqual(Array(8).fill(200));
    const after = await said(Array.from({ length: 3 }, () => () => call(gateway)));
    expect(new Set(after).size).toBe(1);
    expect(after[0]).toMatch(/^HIT /);
  });

  test.each<[string, HarnessOptions, Record<string, string>]>([
    ['what is stored is masked', { masking: { literals: ['answer'] } }, {}],
    ['its bodies are not stored', {}, { 'Helicone-Omit-Response': 'true' }],
  ])('can be read by nobody who has no more than the store, where %s', async (_why, options, headers) => {
    const dir = await mkdtemp(join(tmpdir(), 'call-state-'));
    const callState = await lmdbState(dir);
    const { gateway } = await setUp(json, { callState, ...options });
    const answer = (await call(gateway, headers)).body.toString();
    const again = await call(gateway, headers);
    expect([again.headers['helicone-cache'], again.body.toString()]).toEqual(['HIT', answer]);
    await callState.close();
    const file = readFileSync(join(dir, 'cache', 'data.mdb')).toString('latin1');
    expect(file).toContain('req_1');
    for (const secret of ['answer 1', 'gpt-4o-mini', 'of-the-provider', KEY, '"messages"'])
      expect(file).not.toContain(secret);
  });

  test('is nobody else’s', async () => {
    const { gateway, provider } = await setUp();
    await call(gateway);
    const other = await call(gateway, { 'Helicone-Auth': `Bearer ${OTHER_KEY}` });
    expect([other.headers['helicone-cache'], asked(provider)]).toEqual(['MISS', 2]);
    const again = await call(gateway, { 'Helicone-Auth': `Bearer ${OTHER_KEY}` });
    expect([again.headers['helicone-cache'], again.body.toString()]).toEqual(['HIT', other.body.toString()]);
  });

  test.each([READ_KEY, 'sk-helicone-unknown'])('is not given to a call that is not recorded (%s)', async (key) => {
    const { gateway, provider } = await setUp();
    await call(gateway);
    const unknown = await call(gateway, { 'Helicone-Auth': `Bearer ${key}` });
    expect([unknown.status, unknown.headers['helicone-cache'], asked(provider)]).toEqual([200, undefined, 2]);
  });
});

describe('a cache that is away', () => {
  test('lets calls through, and is counted', async () => {
    const callState = openRedisCallState({ url: 'redis://127.0.0.1:1', namespace: 'test', timeoutMs: 50 });
    cleanups.push(() => callState.close());
    const { gateway, provider } = await setUp(json, { callState });
    expect(await said([() => call(gateway), () => call(gateway)])).toEqual(['MISS 1', 'MISS 2']);
    expect(asked(provider)).toBe(2);
    expect(await gateway.recorded(2)).toHaveLength(2);
    expect(await gateway.metrics()).toMatch(/gateway_call_state_failures_total\{part="cache"\} 4/);
  });

  test('holds nothing up that has to be kept', async () => {
    const never = new Promise<never>(() => {});
    const { gateway } = await setUp(json, { callState: stateWith({ find: () => undefined, put: () => never }) });
    expect((await call(gateway)).status).toBe(200);
  });

  test('gives what another gateway kept', async () => {
    const answers: CachedAnswer[] = [];
    const put: ResponseCache['put'] = async (_key, _slots, answer) => {
      answers.push(answer);
      throw new CallStateError('full', 'no room');
    };
    const { gateway } = await setUp(json, {
      callState: stateWith({ find: async () => answers[0] && { slot: 3, answer: answers[0] }, put }),
    });
    await call(gateway);
    expect((await call(gateway)).headers).toMatchObject({ 'helicone-cache': 'HIT', 'helicone-cache-bucket-idx': '3' });
  });
});

function stateWith(cache: Pick<ResponseCache, 'find' | 'put'>): CallState {
  // Nothing of it is opened before it is used.
  const others = openLmdbCallState({ dir: '/dev/null/nowhere' });
  return { ...others, cache: { ...cache, close: async () => {} } };
}
