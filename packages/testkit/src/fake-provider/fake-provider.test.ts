import { Agent } from 'node:http';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { answerHeader, type RawCall, rawCall } from '../raw-call.ts';
import { waitFor } from '../wait-for.ts';
import { everythingReceived, receivedHeader, sentBody } from './exchange.ts';
import { type FakeProvider, startFakeProvider } from './fake-provider.ts';
import { type FakeScript, scriptHeader } from './script.ts';

let provider: FakeProvider;
beforeAll(async () => {
  provider = await startFakeProvider();
});
afterAll(() => provider.close());

const CHAT = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Outline a course on session costs.' }] };

function chat(script: FakeScript, body: object = CHAT, more: Partial<RawCall> = {}) {
  return rawCall({
    url: `${provider.origin}/v1/chat/completions`,
    headers: { 'content-type': 'application/json', ...scriptHeader(script) },
    body: JSON.stringify(body),
    ...more,
  });
}

const streamed = { ...CHAT, stream: true, stream_options: { include_usage: true } };

describe('what it answers', () => {
  test('is the same again for the same request', async () => {
    const [first, second, other] = [await chat({}), await chat({}), await chat({ seed: 1 })];
    expect(first.body).toEqual(second.body);
    expect(other.body).not.toEqual(first.body);
  });

  test('says in a header what usage it told, and counts what it wrote', async () => {
    const answer = await chat({ words: 17 });
    const told = JSON.parse(answerHeader(answer, 'x-fake-usage')!);
    const { usage } = JSON.parse(answer.body.toString());
    expect(told).toMatchObject({ model: 'gpt-4o-mini-2024-07-18', completion_tokens: 17 });
    expect(usage).toMatchObject({ prompt_tokens: told.prompt_tokens, completion_tokens: 17 });
    expect(usage.total_tokens).toBe(told.prompt_tokens + 17);
  });

  test('ends at the limit that the request sets', async () => {
    const answer = await chat({ words: 50 }, { ...CHAT, max_tokens: 5 });
    const { usage, choices } = JSON.parse(answer.body.toString());
    expect([usage.completion_tokens, choices[0].finish_reason]).toEqual([5, 'length']);
  });

  test('streams events that hold the same text as the plain answer', async () => {
    const plain = JSON.parse((await chat({ seed: 5 })).body.toString());
    const answer = await chat({ seed: 5 }, streamed);
    const events = answer.body.toString().trimEnd().split('\n\n');
    expect(events.at(-1)).toBe('data: [DONE]');
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event.slice('data: '.length)));
    const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
    expect(text).toBe(plain.choices[0].message.content);
    expect(chunks.at(-1).usage).toEqual(plain.usage);
  });

  test('tells no usage in a stream that does not ask for it', async () => {
    const answer = await chat({}, { ...CHAT, stream: true });
    expect(answer.body.toString()).not.toContain('usage');
    expect(JSON.parse(answerHeader(answer, 'x-fake-usage')!).completion_tokens).toBeNull();
  });

  test('is the error of the provider whose path was called', async () => {
    const openai = await chat({ status: 429, retryAfter: 3 });
    expect([openai.status, answerHeader(openai, 'retry-after')]).toEqual([429, '3']);
    expect(JSON.parse(openai.body.toString()).error.code).toBe('rate_limit_exceeded');
    const anthropic = await rawCall({
      url: `${provider.origin}/v1/messages`,
      headers: scriptHeader({ status: 529 }),
      body: '{}',
    });
    expect(JSON.parse(anthropic.body.toString())).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } });
  });

  test('refuses a body that is no JSON as the provider would', async () => {
    const answer = await rawCall({ url: `${provider.origin}/v1/chat/completions`, body: '{"model":' });
    expect([answer.status, JSON.parse(answer.body.toString()).error.type]).toEqual([400, 'invalid_request_error']);
  });

  test('echoes any bytes with their content type', async () => {
    const body = Buffer.from([0, 255, 195, 40, 10, 13]);
    const answer = await rawCall({
      url: `${provider.origin}/any/echo`,
      headers: { 'content-type': 'application/x-odd' },
      body,
    });
    expect(answer.body).toEqual(body);
    expect(answerHeader(answer, 'content-type')).toBe('application/x-odd');
  });
});

describe('what it remembers', () => {
  test('is what arrived and what was sent, by the id in the answer', async () => {
    const answer = await chat({}, CHAT, { headers: { 'X-Mixed-Case': 'kept', 'x-twice': ['a', 'b'] } });
    const exchange = provider.exchange(answerHeader(answer, 'x-fake-exchange')!);
    expect(exchange).toMatchObject({ method: 'POST', url: '/v1/chat/completions', outcome: 'answered', status: 200 });
    expect(exchange.requestBody.toString()).toBe(JSON.stringify(CHAT));
    expect(receivedHeader(exchange, 'x-mixed-case')).toBe('kept');
    expect(exchange.headers.filter(([name]) => name === 'x-twice')).toHaveLength(2);
    expect(everythingReceived(exchange)).toContain('X-Mixed-Case: kept');
    expect(sentBody(exchange)).toEqual(answer.body);
    expect(answer.headers.filter(([name]) => name === 'Set-Cookie')).toHaveLength(2);
  });

  test('is bounded', async () => {
    await using small = await startFakeProvider({ exchangesMax: 2 });
    for (let i = 0; i < 3; i++) await rawCall({ url: `${small.origin}/v1/models` });
    expect(small.exchanges.map(({ id }) => id)).toEqual([2, 3]);
    expect(() => small.exchange(1)).toThrow('knows no exchange 1');
  });
});

describe('scripts', () => {
  test('come from the query and from the queue as well', async () => {
    const query = new URLSearchParams({ 'x-fake-script': '{"status":503}' });
    expect((await rawCall({ url: `${provider.origin}/v1/models?${query}` })).status).toBe(503);
    provider.enqueue({ status: 500 }, {});
    expect((await rawCall({ url: `${provider.origin}/v1/models` })).status).toBe(500);
    expect((await rawCall({ url: `${provider.origin}/v1/models` })).status).toBe(200);
  });

  test('with a key that does not exist are refused', async () => {
    const answer = await rawCall({ url: `${provider.origin}/v1/models`, headers: { 'x-fake-script': '{"wrods":1}' } });
    expect([answer.status, answer.body.toString()]).toEqual([599, expect.stringContaining('wrods')]);
  });

  test.each(['events', 'whole', 'bytes', 'random'] as const)(
    'split a stream by %s without changing it',
    async (split) => {
      const answer = await chat({ split, seed: 3, words: 6 }, streamed);
      expect(answer.body).toEqual((await chat({ seed: 3, words: 6 }, streamed)).body);
      const exchange = provider.exchange(answerHeader(answer, 'x-fake-exchange')!);
      if (split === 'whole') expect(exchange.writes).toHaveLength(1);
      if (split === 'bytes') expect(exchange.writes).toHaveLength(answer.body.length);
    },
  );

  test.each([
    ['gzip', zlib.gunzipSync],
    ['deflate', zlib.inflateSync],
    ['br', zlib.brotliDecompressSync],
    ['zstd', zlib.zstdDecompressSync],
  ] as const)('encode plain answers and streams with %s', async (encoding, decode) => {
    for (const body of [CHAT, streamed]) {
      const plain = await chat({ seed: 8 }, body);
      const encoded = await chat({ seed: 8, encoding }, body);
      expect(answerHeader(encoded, 'content-encoding')).toBe(encoding);
      expect(decode(encoded.body)).toEqual(plain.body);
    }
  });

  test('make each event of a compressed stream readable when it is sent', async () => {
    const answer = await chat({ encoding: 'gzip' }, streamed);
    const [first] = provider.exchange(answerHeader(answer, 'x-fake-exchange')!).writes;
    const readable = zlib.gunzipSync(first!, { finishFlush: zlib.constants.Z_SYNC_FLUSH }).toString();
    expect(readable).toContain('"role":"assistant"');
  });

  test('make a body as large as asked', async () => {
    const answer = await chat({ words: 80_000 });
    expect(answer.end).toBe('complete');
    expect(answer.body.length).toBeGreaterThan(400_000);
  });

  test('frame a body by the end of the connection', async () => {
    const answer = await chat({ framing: 'close' });
    expect(answer.end).toBe('complete');
    expect(answerHeader(answer, 'content-length')).toBeUndefined();
    expect(answerHeader(answer, 'transfer-encoding')).toBeUndefined();
    expect(JSON.parse(answer.body.toString()).object).toBe('chat.completion');
  });

  test('set a pace between writes', async () => {
    const started = performance.now();
    await chat({ paceMs: 20, chunks: 5, words: 5 }, streamed);
    // Nine writes, eight pauses; the lower bound only, since a busy machine may be late but never early.
    expect(performance.now() - started).toBeGreaterThan(8 * 19);
  });
});

describe('faults', () => {
  test('reset before and after the head', async () => {
    const before = await chat({ fault: { kind: 'reset', after: 'request' } });
    expect([before.status, before.end]).toEqual([0, 'cut']);
    const after = await chat({ fault: { kind: 'reset', after: { bytes: 10 } } });
    expect([after.status, after.end, after.body.length]).toEqual([200, 'cut', 10]);
  });

  test('close in mid-stream without the last chunk', async () => {
    const answer = await chat({ fault: { kind: 'close', after: { writes: 3 } } }, streamed);
    expect(answer.end).toBe('cut');
    expect(answer.body.toString().split('\n\n')).toHaveLength(4);
  });

  test.each(['close', 'reset'] as const)('%s a connection whose answer before was not ended here yet', async (kind) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    // All bytes that its length promises are there long before the pause behind them is over.
    await chat({ paceMs: 60 }, CHAT, { agent });
    const answer = await chat({ fault: { kind, after: { bytes: 10 } } }, CHAT, { agent });
    agent.destroy();
    expect([answer.status, answer.end, answer.body.length]).toEqual([200, 'cut', 10]);
  });

  test('cut the content while HTTP ends well', async () => {
    const answer = await chat({ fault: { kind: 'cut', after: { writes: 3 } } }, streamed);
    expect(answer.end).toBe('complete');
    expect(answer.body.toString()).not.toContain('[DONE]');
  });

  test('stall for a while, or until the client leaves', async () => {
    const short = await chat({ fault: { kind: 'stall', after: { writes: 1 }, ms: 30 } }, streamed);
    expect(short.body.toString()).toContain('[DONE]');
    const leave = new AbortController();
    const stalled = await chat({ fault: { kind: 'stall', after: { writes: 2 } } }, streamed, {
      signal: leave.signal,
      onChunk: () => leave.abort(),
    });
    expect(stalled.end).toBe('aborted');
    await waitFor(() => provider.last().outcome === 'client-gone');
  });

  test('promise a longer body than is sent, and a shorter one', async () => {
    expect((await chat({ lengthDelta: 7 })).end).toBe('cut');
    await chat({ lengthDelta: -7 });
    const { responseHeaders, writes } = provider.last();
    const promised = Number(responseHeaders.find(([name]) => name === 'Content-Length')?.[1]);
    expect(Buffer.concat([...writes]).length - promised).toBe(7);
  });

  test('send an error event inside a stream that began well', async () => {
    const answer = await chat({ fault: { kind: 'error-event', after: { writes: 2 } } }, streamed);
    expect(answer.status).toBe(200);
    const events = answer.body.toString().trimEnd().split('\n\n');
    expect(events).toHaveLength(3);
    expect(JSON.parse(events[2]!.slice('data: '.length)).error.type).toBe('server_error');
  });
});
