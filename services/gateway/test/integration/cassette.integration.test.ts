import { describe, expect, test } from '@jest/globals';
import type { CallState } from '@throughline/call-state/call-state';
import { memoryTurns } from '@throughline/call-state/turns/memory-turns';
import type { RecordedCall, SessionRecords } from '@throughline/contracts/recorded-call';
import { startBodyUpstream } from '../support/body-upstream.ts';
import { useCleanups } from '../support/clean-up.ts';
import {
  type Harness,
  type HarnessOptions,
  KEY,
  request,
  startGateway,
  startUpstream,
  WRITE_KEY,
} from '../support/gateway-harness.ts';

const cleanups = useCleanups();

const JSON_HEADERS: RecordedCall['responseHeaders'] = [['content-type', 'application/json']];

function recordedCall(
  requestId: string,
  body: unknown,
  answer: string,
  more: Partial<RecordedCall> = {},
): RecordedCall {
  return {
    requestId,
    sessionPath: '/plan',
    method: 'POST',
    path: '/v1/chat/completions',
    status: 200,
    requestContentType: 'application/json',
    responseHeaders: JSON_HEADERS,
    firstByteMs: 10,
    latencyMs: 20,
    request: { bytes: Buffer.from(JSON.stringify(body)), encoding: '' },
    response: { bytes: Buffer.from(answer), encoding: '' },
    ...more,
  };
}

const asking = (content: string) => ({ model: 'a', messages: [{ role: 'user', content }] });

/** Sessions of tenant `acme`. */
function recordsOf(sessions: Record<string, RecordedCall[]>): SessionRecords {
  return {
    async read(tenantId, sessionId) {
      const calls = tenantId === 'acme' && Object.hasOwn(sessions, sessionId) ? sessions[sessionId]! : undefined;
      return calls && piecesOf(calls);
    },
  };
}

async function* piecesOf(calls: readonly RecordedCall[]) {
  for (const call of calls) yield [call];
}

async function setUp(sessions: Record<string, RecordedCall[]>, options: HarnessOptions = {}) {
  const openai = await startBodyUpstream((_req, res) => res.end('{"live":true}'));
  cleanups.push(openai.upstream.close);
  const callState = { turns: memoryTurns() } as CallState;
  const gateway = await startGateway({
    providerOrigins: { OPENAI: openai.upstream.origin },
    callState,
    records: recordsOf(sessions),
    ...options,
  });
  cleanups.push(gateway.close);
  return { gateway, sent: openai.bodies };
}

function call(gateway: Harness, body: unknown, headers: Record<string, string> = {}, query = '') {
  return post(gateway, body, { 'Throughline-Replay': 'recorded', ...headers }, query);
}

function post(gateway: Harness, body: unknown, headers: Record<string, string>, query = '') {
  return request(`${gateway.origin}/v1/gateway/oai/v1/chat/completions${query}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: {
      'Helicone-Auth': `Bearer ${KEY}`,
      'Helicone-Session-Id': 'run-1',
      'Helicone-Session-Path': '/plan',
      'Content-Type': 'application/json',
      ...headers,
    },
  });
}

/** What says of an answer that it is a refusal of the gateway's. */
const TOLD = /^(helicone-status|x-helicone-error|helicone-ratelimit-.*|content-type)$/;

describe('Throughline-Replay', () => {
  test('answers from the record, in order, and records a call that cost nothing', async () => {
    const { gateway, sent } = await setUp({
      recorded: [
        recordedCall('r1', asking('hello'), '{"n":1}'),
        recordedCall('r2', asking('other'), '{"n":2}'),
        recordedCall('r3', asking('hello'), '{"n":3}', { status: 429 }),
      ],
    });
    const first = await call(gateway, '{ "messages": [{"content": "hello", "role": "user"}], "model": "a" }');
    expect([first.status, first.body.toString(), first.headers['content-type']]).toEqual([
      200,
      '{"n":1}',
      'application/json',
    ]);
    expect(first.headers).toMatchObject({ 'throughline-replay': 'HIT', 'throughline-replay-step': 'r1' });
    const second = await call(gateway, asking('hello'));
    expect([second.status, second.body.toString()]).toEqual([429, '{"n":3}']);
    expect((await call(gateway, asking('other'))).body.toString()).toBe('{"n":2}');
    expect(sent).toEqual([]);
    const events = await gateway.recorded(3);
    expect(events[0]).toMatchObject({
      status: 200,
      request_id: first.headers['helicone-id'],
      cache_reference_id: 'r1',
      session: { id: 'run-1', path: '/plan' },
      properties: [
        ['throughline-replay-of', 'recorded'],
        ['throughline-replay-step', 'r1'],
      ],
    });
    expect(Buffer.from(events[1]!.response_body.bytes).toString()).toBe('{"n":3}');
  });

  test('begins anew with each run, and says where a run asks more often than was recorded', async () => {
    const { gateway } = await setUp({
      recorded: [recordedCall('r1', asking('a'), '1'), recordedCall('r2', asking('a'), '2')],
    });
    const answers = async (run: string, count: number) => {
      const given: string[] = [];
      for (let n = 0; n < count; n++)
        given.push((await call(gateway, asking('a'), { 'Helicone-Session-Id': run })).body.toString());
      return given;
    };
    expect(await answers('run-1', 2)).toEqual(['1', '2']);
    expect(await answers('run-2', 2)).toEqual(['1', '2']);
    const late = await call(gateway, asking('a'));
    expect(late.status).toBe(422);
    expect(late.body.toString()).toContain('it was recorded 2 time(s)');
    // Without a session there is no run: each time the first.
    const alone = { 'Helicone-Session-Id': '' };
    expect([
      (await call(gateway, asking('a'), alone)).body.toString(),
      (await call(gateway, asking('a'), alone)).body.toString(),
    ]).toEqual(['1', '1']);
  });

  test('names the nearest call, and where it differs', async () => {
    const { gateway, sent } = await setUp({
      recorded: [recordedCall('r1', asking('the weather in Vienna'), '1'), recordedCall('r2', { model: 'b' }, '2')],
    });
    const missed = await call(gateway, asking('the weather in Graz'));
    expect(missed.status).toBe(422);
    expect(missed.headers['throughline-replay']).toBe('MISS');
    const { error, 'helicone-error': code } = JSON.parse(missed.body.toString());
    expect(code).toBe('cassette-miss');
    expect(error).toContain(
      'the nearest one, request r1, differs at messages[0].content: recorded "the weather in Vienna", now "the weather in Graz"',
    );
    const elsewhere = await call(gateway, asking('x'), { 'Helicone-Session-Path': '/other' });
    expect(elsewhere.body.toString()).toContain('nothing was recorded at path \\"/other\\"; recorded are \\"/plan\\"');
    expect(sent).toEqual([]);
    expect((await gateway.recorded(2))[0]).toMatchObject({
      status: 422,
      properties: [['throughline-replay-of', 'recorded']],
    });
  });

  test('says which calls at a path have no whole bodies, and names no key of the query', async () => {
    const lack = { request: { lack: 'omitted' }, response: { lack: 'omitted' } } as const;
    const { gateway } = await setUp({
      recorded: [
        recordedCall('r1', asking('a'), '1', { ...lack, sessionPath: '' }),
        recordedCall('r2', asking('a'), '1', { sessionPath: '/b' }),
        recordedCall('r3', asking('a'), '1', { ...lack, sessionPath: '/c' }),
        recordedCall('r4', asking('b'), '1', { ...lack, sessionPath: '/c' }),
        recordedCall('r5', asking('a'), '1', { sessionPath: '/d', status: -3 }),
      ],
    });
    const reasonAt = async (path: string, query = '') => {
      const at = { 'Helicone-Session-Path': path };
      return JSON.parse((await call(gateway, asking('a'), at, query)).body.toString()).error as string;
    };
    expect(await reasonAt('')).toContain(
      'the call recorded at path "" has no whole body. Without whole bodies, and so left out: r1, r3, r4, r5',
    );
    expect(await reasonAt('/c')).toContain('of the 2 calls recorded at path "/c" none has a whole body');
    expect(await reasonAt('/d')).toContain('request r5 was the same, but its answer is not there whole');
    expect(await reasonAt('/e')).toContain('nothing was recorded at path "/e"; recorded are "", "/b", "/c", "/d"');
    const elsewhere = await reasonAt('/b', '?key=of-the-provider');
    expect(elsewhere).toContain('/v1/chat/completions?key=***');
    expect(elsewhere).not.toContain('of-the-provider');
  });

  test('gives refusals of the gateway as the client got them', async () => {
    const bodies: string[] = [];
    const provider = await startUpstream(async (req, res) => {
      for await (const chunk of req) bodies.push(String(chunk));
      const results = [{ flagged: bodies.at(-1)!.includes('bad'), categories: { violence: true } }];
      res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ results, choices: [] }));
    });
    cleanups.push(provider.close);
    const refused = { isAllowed: false, used: 5_000_000_000_000n, resetMs: 37_000 };
    const first = await startGateway({
      providerOrigins: { OPENAI: provider.origin },
      callState: { limits: { take: () => refused } } as unknown as CallState,
    });
    cleanups.push(first.close);
    const refusals: [string, Record<string, string>, number][] = [
      ['ok', { 'Helicone-RateLimit-Policy': '1;w=60;u=cents' }, 429],
      ['bad', { 'Helicone-Moderations-Enabled': 'true' }, 400],
      ['bad again', { 'Helicone-LLM-Security-Enabled': 'true' }, -4],
    ];
    const given: Awaited<ReturnType<typeof call>>[] = [];
    for (const [text, headers] of refusals) {
      given.push(await post(first, asking(text), headers));
    }
    const events = (await first.recorded(3)).map((event) => ({
      ...recordedCall(event.request_id, {}, ''),
      ...{ status: event.status, responseHeaders: event.response_headers },
      request: { bytes: event.request_body.bytes, encoding: '' },
      response: { bytes: event.response_body.bytes, encoding: '' },
    }));
    expect(events.map(({ status }) => status)).toEqual(refusals.map(([, , status]) => status));

    const { gateway, sent } = await setUp({ recorded: events });
    const told = ({ status, headers, body }: (typeof given)[number]) => {
      const names = Object.keys(headers).filter((name) => TOLD.test(name));
      return { status, body: body.toString(), headers: Object.fromEntries(names.map((name) => [name, headers[name]])) };
    };
    for (const [at, [text]] of refusals.entries()) {
      const again = await call(gateway, asking(text));
      expect(again.headers).toMatchObject({ 'throughline-replay': 'HIT', 'helicone-status': 'failed' });
      expect(told(again)).toEqual(told(given[at]!));
    }
    expect(told(given[0]!).headers).toMatchObject({
      'x-helicone-error': 'rate_limited',
      'helicone-ratelimit-policy': '1;w=60;u=cents',
      'helicone-ratelimit-reset': '37',
    });
    expect(sent).toEqual([]);
    // A run that is a recording itself has all of it.
    const runs = await gateway.recorded(3);
    expect(runs.map(({ status }) => status)).toEqual([429, 400, -4]);
    expect(runs.map(({ response_headers }) => response_headers.toSorted())).toEqual(
      events.map(({ responseHeaders }) => responseHeaders.toSorted()),
    );
  });

  test('describes a few misses at a time, and says so of the others', async () => {
    const { gateway } = await setUp({ recorded: [recordedCall('r1', asking('hello'), '1')] });
    const missed = await Promise.all(Array.from({ length: 40 }, (_, n) => call(gateway, asking(`hullo ${n}`))));
    expect(missed.map(({ status }) => status)).toEqual(Array(40).fill(422));
    const described = missed.filter(({ body }) => body.includes('the nearest one, request r1'));
    const others = missed.filter(({ body }) => body.includes('many others'));
    expect(described.length).toBeGreaterThan(0);
    expect(described.length + others.length).toBe(40);
  });

  test('lets what was not recorded go to the provider where it is told so', async () => {
    const { gateway, sent } = await setUp({ recorded: [recordedCall('r1', asking('a'), '1')] });
    const live = { 'Throughline-Replay-Miss': 'live' };
    const missed = await call(gateway, asking('b'), live);
    expect([missed.body.toString(), missed.headers['throughline-replay']]).toEqual(['{"live":true}', 'MISS']);
    expect((await call(gateway, asking('a'), live)).body.toString()).toBe('1');
    expect(sent).toEqual([JSON.stringify(asking('b'))]);
    const [event] = await gateway.recorded(2);
    expect(event!.cache_reference_id).toBeUndefined();
  });

  test('gives a stream as a stream, as fast as it was where it is told so', async () => {
    const events = ['data: {"a":1}\n\n', 'data: {"a":2}\n\n', 'data: [DONE]\n\n'];
    const stream = recordedCall('r1', asking('a'), events.join(''), {
      responseHeaders: [['content-type', 'text/event-stream']],
      firstByteMs: 60,
      latencyMs: 200,
    });
    const { gateway } = await setUp({ recorded: [stream, stream] });
    const begun = performance.now();
    const slow = await call(gateway, asking('a'), { 'Throughline-Replay-Pacing': 'recorded' });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(195);
    expect(slow.reads.map(String)).toEqual(events);
    const fast = await call(gateway, asking('a'));
    expect(fast.body.toString()).toBe(events.join(''));
    expect(fast.headers['content-type']).toBe('text/event-stream');
    const [first] = await gateway.recorded(2);
    expect(first!.first_byte_at! - first!.request_at).toBeGreaterThanOrEqual(55);
  });

  test('leaves a call that its client left half-way as one that was left', async () => {
    const stream = recordedCall('r1', asking('a'), 'data: 1\n\ndata: 2\n\n', {
      responseHeaders: [['content-type', 'text/event-stream']],
      firstByteMs: 1,
      latencyMs: 60_000,
    });
    const { gateway } = await setUp({ recorded: [stream] });
    const leaving = new AbortController();
    const left = fetch(`${gateway.origin}/v1/gateway/oai/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify(asking('a')),
      headers: {
        'Helicone-Auth': `Bearer ${KEY}`,
        'Helicone-Session-Id': 'run',
        'Helicone-Session-Path': '/plan',
        'Throughline-Replay': 'recorded',
        'Throughline-Replay-Pacing': 'recorded',
      },
      signal: leaving.signal,
    });
    const reader = (await left).body!.getReader();
    await reader.read();
    leaving.abort();
    expect(await gateway.recorded(1)).toMatchObject([{ status: -3, cache_reference_id: 'r1' }]);
  });

  test.each<[string, Record<string, string>, number, string]>([
    ['a session that does not exist', { 'Throughline-Replay': 'nobody' }, 404, 'unknown-session'],
    ['a session whose bodies are gone', { 'Throughline-Replay': 'emptied' }, 409, 'bodies-missing'],
    ['no session', { 'Throughline-Replay': '' }, 400, 'invalid-header'],
    ['another word for what to do', { 'Throughline-Replay-Miss': 'maybe' }, 400, 'invalid-header'],
    ['another pace', { 'Throughline-Replay-Pacing': 'fast' }, 400, 'invalid-header'],
    ['a key that may only write', { 'Helicone-Auth': `Bearer ${WRITE_KEY}` }, 401, 'missing-permission'],
    ['a key that nobody knows', { 'Helicone-Auth': 'Bearer sk-helicone-x' }, 401, 'unknown-key'],
  ])('refuses %s, and sends nothing', async (_what, headers, status, code) => {
    const { gateway, sent } = await setUp({
      recorded: [recordedCall('r1', asking('a'), '1')],
      emptied: [recordedCall('r9', asking('a'), '1', { request: { lack: 'deleted' }, response: { lack: 'deleted' } })],
    });
    const refused = await call(gateway, asking('a'), headers);
    expect([refused.status, JSON.parse(refused.body.toString())['helicone-error']]).toEqual([status, code]);
    expect(sent).toEqual([]);
  });

  test.each<[string, 'records' | 'turns']>([
    ['the record cannot be read', 'records'],
    ['the place of the run cannot be kept', 'turns'],
  ])('refuses a call while %s, also where a miss would go live', async (_what, part) => {
    const away = async () => {
      throw new Error('the store is away');
    };
    const known = recordsOf({ recorded: [recordedCall('r1', asking('a'), '1')] });
    const { gateway, sent } = await setUp(
      {},
      part === 'records'
        ? { records: { read: away } }
        : { records: known, callState: { turns: { next: away } } as unknown as CallState },
    );
    const refused = await call(gateway, asking('a'), { 'Throughline-Replay-Miss': 'live' });
    expect([refused.status, JSON.parse(refused.body.toString())['helicone-error']]).toEqual([503, 'store-unavailable']);
    expect(sent).toEqual([]);
    expect(await gateway.metrics()).toContain(`throughline_gateway_call_state_failures_total{part="${part}"} 1`);
  });

  test('refuses a run in the recorded session itself, and leaves the recording as it was', async () => {
    const { gateway, sent } = await setUp({ recorded: [recordedCall('r1', asking('a'), '1')] });
    const refused = await call(gateway, asking('a'), { 'Helicone-Session-Id': 'recorded' });
    expect([refused.status, JSON.parse(refused.body.toString())['helicone-error']]).toEqual([
      400,
      'cassette-of-itself',
    ]);
    expect((await call(gateway, asking('a'))).status).toBe(200);
    expect((await gateway.recorded(1)).map(({ session }) => session!.id)).toEqual(['run-1']);
    expect(sent).toEqual([]);
  });

  test('knows a call again whose recording was masked', async () => {
    const secret = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH';
    const options: HarnessOptions = { masking: { keys: true } };
    const first = await setUp({ recorded: [recordedCall('r0', asking('another'), '0')] }, options);
    await call(first.gateway, asking(`my key is ${secret}`), { 'Throughline-Replay-Miss': 'live' });
    const [event] = await first.gateway.recorded(1);
    const stored = Buffer.from(event!.request_body.bytes).toString();
    expect(stored).not.toContain(secret);
    const { gateway } = await setUp({ recorded: [recordedCall('r1', JSON.parse(stored), '1')] }, options);
    expect((await call(gateway, asking(`my key is ${secret}`))).body.toString()).toBe('1');
    // Its path as well, in a session or in none.
    const masked = recordedCall('r2', asking('a'), '2', { sessionPath: '/of/[key]' });
    const second = await setUp({ recorded: [masked] }, options);
    for (const run of ['run-1', '']) {
      const at = { 'Helicone-Session-Path': `/of/${secret}`, 'Helicone-Session-Id': run };
      expect((await call(second.gateway, asking('a'), at)).body.toString()).toBe('2');
    }
  });
});
