import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { receivedHeader, sentBody } from '@throughline/testkit/fake-provider/exchange';
import { type FakeScript, scriptHeader } from '@throughline/testkit/fake-provider/script';
import { answerHeader, type RawAnswer, type RawCall, rawCall } from '@throughline/testkit/raw-call';
import { createRandom, seedFromEnv } from '@throughline/testkit/seed';
import { waitFor } from '@throughline/testkit/wait-for';
import { type Instance, leaksOf, SETUP_MS_MAX, startInstance } from './support/instance.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance({ CAPTURE_BYTES_MAX: '64KiB' });
}, SETUP_MS_MAX);
afterAll(() => instance?.stop(), SETUP_MS_MAX);

const CHAT = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Which step was slow?' }] };
const STREAM = { ...CHAT, stream: true, stream_options: { include_usage: true } };

/** A call to OpenAI's route, in a session of its own. */
async function call(path: string, options: Partial<RawCall> & { script?: FakeScript } = {}) {
  const sessionId = `bytes-${randomUUID()}`;
  const { script, headers, ...rest } = options;
  const answer = await rawCall({
    url: `${instance.throughline.url}/v1/gateway/oai${path}`,
    headers: {
      ...instance.session(sessionId),
      authorization: 'Bearer sk-provider-key',
      ...(script && scriptHeader(script)),
      ...headers,
    },
    ...rest,
  });
  return { answer, sessionId };
}

function exchangeOf(answer: RawAnswer) {
  return instance.provider.exchange(answerHeader(answer, 'x-fake-exchange')!);
}

describe('responses arrive byte for byte', () => {
  const shapes: [string, FakeScript, object][] = [
    ['plain', {}, CHAT],
    ['a stream, event by event', {}, STREAM],
    ['a stream in random pieces that cut characters', { split: 'random' }, STREAM],
    ['a stream of single bytes', { split: 'bytes', words: 4 }, STREAM],
    ['a stream with CRLF', { lineEnd: 'crlf' }, STREAM],
    ['a stream that is held up for a while', { fault: { kind: 'stall', after: { writes: 3 }, ms: 150 } }, STREAM],
    ['a stream that ends without [DONE]', { fault: { kind: 'cut', after: { writes: 3 } } }, STREAM],
    ['gzip', { encoding: 'gzip' }, CHAT],
    ['gzip, streamed', { encoding: 'gzip' }, STREAM],
    ['brotli, streamed', { encoding: 'br' }, STREAM],
    ['zstd, streamed', { encoding: 'zstd' }, STREAM],
    ['deflate', { encoding: 'deflate' }, CHAT],
    ['framed by the end of the connection', { framing: 'close' }, CHAT],
    ['chunked although it is plain', { framing: 'chunked' }, CHAT],
    ['a stream with a length', { framing: 'length' }, STREAM],
    ['an error of the provider', { status: 500 }, CHAT],
    ['a body far over the capture limit', { words: 100_000 }, CHAT],
  ];
  test.each(shapes)('%s', async (_, script, body) => {
    const { answer, sessionId } = await call('/v1/chat/completions', { script, body: JSON.stringify(body) });
    const exchange = exchangeOf(answer);
    expect(answer.end).toBe('complete');
    expect(answer.status).toBe(exchange.status);
    expect(answer.body.equals(sentBody(exchange))).toBe(true);
    expect(exchange.requestBody.toString()).toBe(JSON.stringify(body));
    await instance.storedSession(sessionId, 1);
  });

  test('headers keep their values, their repetitions and their order', async () => {
    const { answer } = await call('/v1/chat/completions', {
      script: {
        headers: [
          ['X-Custom', 'é is latin-1'],
          ['x-custom-2', ''],
        ],
      },
      body: JSON.stringify(CHAT),
    });
    const framing = /^(connection|keep-alive|transfer-encoding|content-length|date)$/i;
    const lower = (pairs: readonly (readonly [string, string])[]) =>
      pairs.filter(([name]) => !framing.test(name)).map(([name, value]) => `${name.toLowerCase()}: ${value}`);
    const arrived = lower(answer.headers).filter((line) => !/^(helicone|throughline)-/.test(line));
    expect(arrived).toEqual(lower(exchangeOf(answer).responseHeaders));
    expect(answerHeader(answer, 'helicone-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(answerHeader(answer, 'helicone-status')).toBe('success');
  });

  test('any cut of any stream, by a seed', async () => {
    const random = createRandom(seedFromEnv('wire-bytes'));
    for (let round = 0; round < 20; round++) {
      const script: FakeScript = {
        seed: random.integer(0, 1e6),
        words: random.integer(0, 50),
        split: random.pick(['events', 'random', 'whole']),
        encoding: random.pick([undefined, 'gzip', 'br', 'zstd']),
        framing: random.pick(['chunked', 'length', 'close']),
        lineEnd: random.pick(['lf', 'crlf']),
      };
      const path = random.pick(['/v1/chat/completions', '/v1/responses', '/v1/completions']);
      const body = JSON.stringify({ ...STREAM, input: 'A chapter.', prompt: 'Once', stream: random.chance(0.7) });
      const { answer } = await call(path, { script, body });
      expect([round, answer.body.equals(sentBody(exchangeOf(answer)))]).toEqual([round, true]);
    }
  });

  test('chunks are passed on as they come, not gathered', async () => {
    const first = performance.now();
    let firstChunkAt = 0;
    await call('/v1/chat/completions', {
      script: { fault: { kind: 'stall', after: { writes: 2 }, ms: 400 } },
      body: JSON.stringify(STREAM),
      onChunk: () => {
        firstChunkAt ||= performance.now() - first;
      },
    });
    // The lower bound of the whole is the stall; the first chunk must not wait for it.
    expect(firstChunkAt).toBeLessThan(performance.now() - first - 300);
  });
});

describe('broken responses are passed on as broken', () => {
  test.each<[string, FakeScript, object]>([
    ['a reset in mid-body', { fault: { kind: 'reset', after: { bytes: 60 } } }, CHAT],
    ['a reset in mid-stream', { fault: { kind: 'reset', after: { bytes: 60 } } }, STREAM],
    ['a close in mid-stream', { fault: { kind: 'close', after: { bytes: 60 } } }, STREAM],
    ['a body shorter than its length', { lengthDelta: 40 }, CHAT],
  ])('%s', async (_, script, body) => {
    const { answer, sessionId } = await call('/v1/chat/completions', { script, body: JSON.stringify(body) });
    expect(answer.end).toBe('cut');
    expect(sentBody(instance.provider.last()).subarray(0, answer.body.length).equals(answer.body)).toBe(true);
    const [stored] = await instance.storedSession(sessionId, 1);
    expect(stored?.error).not.toBeNull();
    expect(stored?.usage_complete).toBe(false);
  });

  test('a stream that ends but promises more bytes is cut for the client, and counts as whole', async () => {
    const { answer, sessionId } = await call('/v1/chat/completions', {
      script: { lengthDelta: 40 },
      body: JSON.stringify(STREAM),
      // A client that is left waiting for bytes that never come ends up as `aborted`.
      signal: AbortSignal.timeout(10_000),
    });
    expect(answer.end).toBe('cut');
    expect(answer.body.equals(sentBody(instance.provider.last()))).toBe(true);
    const [stored] = await instance.storedSession(sessionId, 1);
    expect(stored).toMatchObject({ response_status: 200, usage_complete: true });
  });

  test('a provider that resets before it answers is a 502, logged', async () => {
    const { answer, sessionId } = await call('/v1/chat/completions', {
      script: { fault: { kind: 'reset', after: 'request' } },
      body: JSON.stringify(CHAT),
    });
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ error: expect.anything() });
    const [stored] = await instance.storedSession(sessionId, 1);
    expect(stored?.error).not.toBeNull();
  });

  test('a client that leaves while the provider is silent ends the call there', async () => {
    const leave = new AbortController();
    const calling = call('/v1/chat/completions', {
      script: { delayMs: 60_000 },
      body: JSON.stringify(CHAT),
      signal: leave.signal,
    });
    await sleep(150);
    const exchange = instance.provider.last();
    leave.abort();
    const { sessionId } = await calling;
    await waitFor(() => exchange.outcome === 'client-gone', { what: 'the end at the provider' });
    const [stored] = await instance.storedSession(sessionId, 1);
    expect(stored).toMatchObject({ response_status: -3 });
  });
});

describe('requests arrive byte for byte', () => {
  const bodies: [string, Buffer | string, string][] = [
    ['JSON with a byte order mark', '\uFEFF{"a":1}', 'application/json'],
    ['malformed JSON', '{"model": "gpt-4o-mini", ', 'application/json'],
    ['deep JSON', '['.repeat(20_000) + ']'.repeat(20_000), 'application/json'],
    ['keys that are traps', '{"__proto__":{"a":1},"constructor":{"prototype":1}}', 'application/json'],
    ['lone surrogates and NUL', Buffer.from('{"text":"\\ud800 \\u0000"}'), 'application/json'],
    ['bytes that are no text', Buffer.from([0, 255, 254, 195, 40, 13, 10, 0]), 'application/octet-stream'],
    ['a compressed body', zlib.gzipSync(JSON.stringify(CHAT)), 'application/json'],
    [
      'a multipart form',
      '--x\r\ncontent-disposition: form-data; name="f"\r\n\r\nv\r\n--x--\r\n',
      'multipart/form-data; boundary=x',
    ],
    ['nothing', '', 'application/json'],
    ['half a megabyte', Buffer.alloc(512 * 1024, 'abc'), 'text/plain'],
  ];
  test.each(bodies)('%s', async (_, body, type) => {
    const bytes = Buffer.from(body as string);
    const { answer, sessionId } = await call('/v1/echo', { body: bytes, headers: { 'content-type': type } });
    expect(exchangeOf(answer).requestBody.equals(bytes)).toBe(true);
    expect(answer.body.equals(bytes)).toBe(true);
    const [stored] = await instance.storedSession(sessionId, 1);
    expect(stored?.request_truncated).toBe(bytes.length > 64 * 1024);
    expect(stored?.response_truncated).toBe(bytes.length > 64 * 1024);
  });

  test('an upload without a length, in pieces', async () => {
    async function* pieces() {
      for (let i = 0; i < 5; i++) {
        yield Buffer.from(`piece ${i};`);
        await sleep(5);
      }
    }
    const { answer } = await call('/v1/echo', { body: pieces(), headers: { 'content-type': 'text/plain' } });
    expect(answer.body.toString()).toBe('piece 0;piece 1;piece 2;piece 3;piece 4;');
  });

  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('%s with path and query verbatim', async (method) => {
    const path = '/v1/describe/a%2Fb/%E6%9D%B1/..%2f?q=a+b&q=%26&empty=';
    const { answer } = await call(path.replace('/v1/describe', '/v1/x').replace('?', '/describe?'), { method });
    const exchange = exchangeOf(answer);
    expect(exchange.method).toBe(method);
    expect(exchange.url).toBe('/v1/x/a%2Fb/%E6%9D%B1/..%2f/describe?q=a+b&q=%26&empty=');
    expect(answer.status).toBe(200);
  });

  test('headers of the caller reach the provider, ours do not', async () => {
    const { answer } = await call('/v1/describe', {
      headers: {
        'X-Mixed-Case': 'kept',
        'x-api-key': 'sk-ant-provider',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        'HELICONE-Property-Odd': '1',
        'helicone-unknown-later': '1',
        'Throughline-Anything': '1',
      },
    });
    const exchange = exchangeOf(answer);
    expect(receivedHeader(exchange, 'x-mixed-case')).toBe('kept');
    expect(receivedHeader(exchange, 'x-api-key')).toBe('sk-ant-provider');
    expect(receivedHeader(exchange, 'authorization')).toBe('Bearer sk-provider-key');
    expect(receivedHeader(exchange, 'traceparent')).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-/);
    expect(receivedHeader(exchange, 'host')).toBe(new URL(instance.provider.origin).host);
  });
});

test('no header of ours and no key of ours reached the provider', () => {
  const { provider, throughline } = instance;
  expect(provider.exchanges.length).toBeGreaterThan(50);
  expect(provider.exchanges.flatMap((exchange) => leaksOf(exchange, throughline.key))).toEqual([]);
});
