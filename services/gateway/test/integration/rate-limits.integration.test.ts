import { mkdtemp, rm } from 'node:fs/promises';
import type http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CallState } from '@throughline/call-state/call-state';
import { openLmdbCallState } from '@throughline/call-state/open-lmdb-call-state';
import { openRedisCallState } from '@throughline/call-state/open-redis-call-state';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { type RedisServer, startRedis } from '@throughline/local-servers/redis';
import { callOf } from '@throughline/providers/call-of-event';
import { readCall } from '@throughline/providers/read-call';
import { waitFor } from '@throughline/testkit/wait-for';
import { startBodyUpstream } from '../support/body-upstream.ts';
import { useCleanups } from '../support/clean-up.ts';
import {
  type Harness,
  type HarnessOptions,
  KEY,
  OTHER_KEY,
  type RawResponse,
  READ_KEY,
  request,
  startGateway,
} from '../support/gateway-harness.ts';

const cleanups = useCleanups();

type Answer = (res: http.ServerResponse, nth: number) => void;

/** 0.25 cents of input, 1 cent of output. */
const json: Answer = (res) => {
  const body = {
    model: 'gpt-4o-2024-08-06',
    choices: [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1_000, completion_tokens: 1_000, total_tokens: 2_000 },
  };
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
const CALL_CENTS = 1.25;

/** Seconds that are left of it, some time after it began. */
const HOUR = expect.stringMatching(/^3(?:600|5\d\d)$/);

const EVENTS = ['{"model":"gpt-4o","choices":[{"index":0,"delta":{"content":"Hello there"}}]}', '[DONE]'];
/** Nothing says what it cost. */
const stream: Answer = (res) => {
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  res.end(EVENTS.map((data) => `data: ${data}\n\n`).join(''));
};

async function setUp(callState: CallState | undefined, answer: Answer = json, options: HarnessOptions = {}) {
  const provider = await startBodyUpstream((_req, res, { length: nth }) => answer(res, nth));
  cleanups.push(provider.upstream.close);
  const gateway = await startGateway({ providerOrigins: { OPENAI: provider.upstream.origin }, ...options, callState });
  cleanups.push(gateway.close);
  return { provider, gateway };
}

async function lmdbState(): Promise<CallState> {
  const dir = await mkdtemp(join(tmpdir(), 'call-state-'));
  const state = openLmdbCallState({ dir });
  cleanups.push(async () => {
    await state.close();
    await rm(dir, { recursive: true, force: true });
  });
  return state;
}

const BODY = '{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}';

function call(
  gateway: Harness,
  policy: string,
  headers: Record<string, string> = {},
  body = BODY,
): Promise<RawResponse> {
  return request(`${gateway.origin}/v1/gateway/oai/v1/chat/completions`, {
    method: 'POST',
    body,
    headers: {
      'Helicone-Auth': `Bearer ${KEY}`,
      Authorization: 'Bearer of-the-provider',
      'Content-Type': 'application/json',
      'Helicone-RateLimit-Policy': policy,
      ...headers,
    },
  });
}

async function statuses(calls: readonly (() => Promise<RawResponse>)[]): Promise<number[]> {
  const found: number[] = [];
  for (const one of calls) found.push((await one()).status);
  return found;
}

function limitHeaders({ headers }: RawResponse): Record<string, unknown> {
  const names = ['limit', 'remaining', 'policy', 'reset'];
  return Object.fromEntries(names.map((name) => [name, headers[`helicone-ratelimit-${name}`]]));
}

function behavesUnder(name: string, open: () => Promise<CallState>): void {
  describe(`Helicone-RateLimit-Policy (${name})`, () => {
    test('lets as many requests through as it says, and refuses the next', async () => {
      const { provider, gateway } = await setUp(await open());
      const allowed = [await call(gateway, '2;w=3600'), await call(gateway, '2;w=3600')];
      expect(allowed.map(({ status }) => status)).toEqual([200, 200]);
      expect(allowed.map(limitHeaders)).toEqual([
        { limit: '2', remaining: '1', policy: '2;w=3600;u=request', reset: HOUR },
        { limit: '2', remaining: '0', policy: '2;w=3600;u=request', reset: HOUR },
      ]);
      expect(allowed[0]!.headers['x-helicone-error']).toBeUndefined();

      const refused = [await call(gateway, '2;w=3600'), await call(gateway, ' 2.0 ; u=request; w=3600')];
      for (const one of refused) {
        expect(one.status).toBe(429);
        expect(JSON.parse(one.body.toString())).toMatchObject({
          message: expect.stringContaining('2;w=3600;u=request'),
        });
        expect(one.headers).toMatchObject({ 'x-helicone-error': 'rate_limited', 'content-type': 'application/json' });
        expect(limitHeaders(one)).toEqual({ limit: '2', remaining: '0', policy: '2;w=3600;u=request', reset: HOUR });
      }
      expect(provider.bodies).toHaveLength(2);
      for (const { headers } of provider.upstream.requests) expect(JSON.stringify(headers)).not.toMatch(/ratelimit/i);

      const events = await gateway.recorded(4);
      const limited = ['Helicone-Rate-Limit-Status', 'bucket_rate_limited'];
      expect(events.map(({ status, properties }) => [status, properties])).toEqual([
        [200, []],
        [200, []],
        [429, [limited]],
        [429, [limited]],
      ]);
      expect(events[2]!.request_id).toBe(refused[0]!.headers['helicone-id']);
      expect(Buffer.from(events[2]!.request_body.bytes).toString()).toBe(BODY);
      expect(await gateway.metrics()).toMatch(/gateway_rate_limit_calls_total\{outcome="refused"\} 2/);
    });

    test('lets calls through until so many cents are spent, and says what is left', async () => {
      const { gateway } = await setUp(await open());
      const policy = '2.5;w=3600;u=cents';
      const responses: RawResponse[] = [];
      for (let i = 0; i < 4; i++) responses.push(await call(gateway, policy));
      expect(responses.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
      expect(responses.map(limitHeaders)).toEqual([
        { limit: '2.5', remaining: '2.5', policy, reset: undefined },
        { limit: '2.5', remaining: '1.25', policy, reset: HOUR },
        { limit: '2.5', remaining: '0', policy, reset: HOUR },
        { limit: '2.5', remaining: '0', policy, reset: HOUR },
      ]);
      const events = await gateway.recorded(4);
      // As whoever stores them reads them.
      const costs = events.map((event) => Number(readCall(callOf(event)).costPico) / 1e10);
      expect(costs).toEqual([CALL_CENTS, CALL_CENTS, 0, 0]);
    });

    test('counts every tenant, policy and segment by itself', async () => {
      const { gateway } = await setUp(await open());
      const of = (policy: string, headers: Record<string, string> = {}) =>
        [1, 2].map(() => () => call(gateway, policy, headers));
      const other = { 'Helicone-Auth': `Bearer ${OTHER_KEY}` };
      expect(await statuses([...of('1;w=60'), ...of('1;w=61'), ...of('1;w=60', other)])).toEqual(
        Array(3).fill([200, 429]).flat(),
      );
      const byUser = '1;w=60;s=user';
      expect(
        await statuses([
          ...of(byUser, { 'Helicone-User-Id': 'ann' }),
          ...of(byUser, { 'Helicone-User-Id': 'bob' }),
          ...of(byUser),
          ...of(byUser, { 'Helicone-Auth': `Bearer ${OTHER_KEY}`, 'Helicone-User-Id': 'ann' }),
        ]),
      ).toEqual(Array(4).fill([200, 429]).flat());
      const byTeam = '1;w=60;s=Team';
      expect(
        await statuses([
          ...of(byTeam, { 'Helicone-Property-Team': 'a' }),
          ...of(byTeam, { 'helicone-property-TEAM': 'b' }),
          ...of('1;w=60;s=TEAM', { 'Helicone-Property-Team': 'a' }).slice(1),
          ...of(byTeam, { 'Helicone-Property-Other': 'a' }),
        ]),
      ).toEqual([200, 429, 200, 429, 429, 200, 429]);
    });
  });
}

behavesUnder('LMDB', lmdbState);

describeWithServers(['redis'], 'over a server', () => {
  let redis: RedisServer;
  let namespaces = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.remove());

  async function redisState(): Promise<CallState> {
    const state = openRedisCallState({ url: redis.url, namespace: `t${namespaces++}`, timeoutMs: 20_000 });
    cleanups.push(() => state.close());
    return state;
  }

  behavesUnder('Redis', redisState);

  test('never lets more through than the policy says, whichever gateway is called', async () => {
    const namespace = 'shared';
    const gateways = await Promise.all(
      [1, 2].map(async () => {
        const state = openRedisCallState({ url: redis.url, namespace, timeoutMs: 20_000 });
        cleanups.push(() => state.close());
        return (await setUp(state)).gateway;
      }),
    );
    const responses = await Promise.all(Array.from({ length: 40 }, (_, i) => call(gateways[i % 2]!, '15;w=3600')));
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(15);
    expect(responses.filter(({ status }) => status === 429)).toHaveLength(25);
  });

  test('lets calls through while the server is away, and counts that', async () => {
    const away = await startRedis();
    cleanups.push(() => away.remove());
    const state = openRedisCallState({ url: away.url, namespace: 'away', timeoutMs: 1_000 });
    cleanups.push(() => state.close());
    const { gateway } = await setUp(state);
    const policy = '1;w=3600';
    expect(await statuses([1, 2].map(() => () => call(gateway, policy)))).toEqual([200, 429]);
    await away.kill();
    const through = await call(gateway, policy);
    expect([through.status, limitHeaders(through).limit]).toEqual([200, undefined]);
    expect((await call(gateway, '1;w=3600;u=cents')).status).toBe(200);
    const events = await gateway.recorded(4);
    expect(events.map(({ status }) => status)).toEqual([200, 429, 200, 200]);
    expect(await gateway.metrics()).toMatch(/gateway_call_state_failures_total\{part="limits"\} 2/);
    await away.restart();
    await waitFor(async () => (await call(gateway, policy)).status === 429);
  });
});

describe('a rate limit', () => {
  test('counts a call with its retries once', async () => {
    const { provider, gateway } = await setUp(await lmdbState(), (res, nth) => {
      if (nth % 2 === 1) res.writeHead(500).end();
      else json(res, nth);
    });
    const retries = { 'Helicone-Retry-Enabled': 'true', 'Helicone-Retry-Min-Timeout': '1' };
    const calls = [1, 2, 3].map(() => () => call(gateway, '2;w=60', retries));
    expect(await statuses(calls)).toEqual([200, 200, 429]);
    expect(provider.bodies).toHaveLength(4);
  });

  test('is not used up by what the cache answers', async () => {
    const { provider, gateway } = await setUp(await lmdbState());
    const cached = { 'Helicone-Cache-Enabled': 'true' };
    const first = await call(gateway, '1;w=60', cached);
    const hit = await call(gateway, '1;w=60', cached);
    expect([first.headers['helicone-cache'], hit.headers['helicone-cache']]).toEqual(['MISS', 'HIT']);
    expect(limitHeaders(first).remaining).toBe('0');
    expect(limitHeaders(hit).remaining).toBeUndefined();
    expect((await call(gateway, '1;w=60')).status).toBe(429);
    expect(provider.bodies).toHaveLength(1);
  });

  test('takes the user that the body names where no header does', async () => {
    const { gateway } = await setUp(await lmdbState());
    const policy = '1;w=60;s=user';
    const as =
      (user: unknown, headers = {}) =>
      () =>
        call(gateway, policy, headers, JSON.stringify({ model: 'gpt-4o', user }));
    const header = { 'Helicone-User-Id': 'ann' };
    expect(await statuses([as('ann'), as('ann'), as('bob'), as('x', header), as(7), as(undefined)])).toEqual([
      200, 429, 200, 429, 200, 429,
    ]);
  });

  test('counts what a stream is estimated to have cost where its provider does not say', async () => {
    const { gateway } = await setUp(await lmdbState(), stream);
    const policy = '0.00000001;w=3600;u=cents';
    expect((await call(gateway, policy)).status).toBe(200);
    await waitFor(async () => (await call(gateway, policy)).status === 429);
  });

  test('counts nothing for such a stream where costs are not estimated', async () => {
    const { gateway } = await setUp(await lmdbState(), stream, { config: { estimatesTokens: false } });
    const calls = [1, 2, 3].map(() => () => call(gateway, '0.0000000001;w=3600;u=cents'));
    expect(await statuses(calls)).toEqual([200, 200, 200]);
  });

  test('counts nothing for a call whose cost nobody knows', async () => {
    const { gateway } = await setUp(await lmdbState(), (res) => {
      res.writeHead(200, { 'content-type': 'application/json' });
      res.end('{"model":"nobody-knows","usage":{"prompt_tokens":1,"completion_tokens":1}}');
    });
    const policy = '0.0000000001;w=3600;u=cents';
    const body = '{"model":"nobody-knows"}';
    expect(await statuses([1, 2, 3].map(() => () => call(gateway, policy, {}, body)))).toEqual([200, 200, 200]);
  });

  test('of less than one request lets none through', async () => {
    const { provider, gateway } = await setUp(await lmdbState());
    const refused = await call(gateway, '0.5;w=60');
    expect(refused.status).toBe(429);
    expect(limitHeaders(refused)).toEqual({
      limit: '0.5',
      remaining: '0',
      policy: '0.5;w=60;u=request',
      reset: undefined,
    });
    expect(provider.bodies).toEqual([]);
  });

  test('lets a body through that is too large to be read whole, and stays in the way of one', async () => {
    const { provider, gateway } = await setUp(await lmdbState(), json, { config: { wholeRequestBytesMax: 1_000 } });
    const body = JSON.stringify({ model: 'gpt-4o', user: 'ann', messages: 'x'.repeat(2_000_000) });
    const responses = [await call(gateway, '1;w=60', {}, body), await call(gateway, '1;w=60', {}, body)];
    expect(responses.map(({ status }) => status)).toEqual([200, 429]);
    expect(provider.bodies).toEqual([body]);
    const [sent, refused] = await gateway.recorded(2);
    expect(sent).toMatchObject({ status: 200, request_body: { size: body.length } });
    expect(refused).toMatchObject({ status: 429, request_body: { size: 0 } });
    // The cache cannot do without.
    const cached = await call(gateway, '1;w=61', { 'Helicone-Cache-Enabled': 'true' }, body);
    expect(cached.status).toBe(413);
  });

  test.each(['0;w=60', '10', '1;w=59', '1;w=60;u=tokens', 'x'])('that is none (%s) limits nothing', async (policy) => {
    const { gateway } = await setUp(await lmdbState());
    const responses = [await call(gateway, policy), await call(gateway, policy)];
    for (const one of responses) expect([one.status, limitHeaders(one).policy]).toEqual([200, undefined]);
    expect(await gateway.metrics()).toMatch(/gateway_rate_limit_calls_total\{outcome="invalid-policy"\} 2/);
    expect((await gateway.recorded(2)).map(({ properties }) => properties)).toEqual([[], []]);
  });

  test.each([READ_KEY, 'sk-helicone-unknown'])('limits no call that is not recorded (%s)', async (key) => {
    const { gateway } = await setUp(await lmdbState());
    const calls = [1, 2].map(() => () => call(gateway, '1;w=60', { 'Helicone-Auth': `Bearer ${key}` }));
    expect(await statuses(calls)).toEqual([200, 200]);
  });

  test('limits nothing where nothing is remembered between calls', async () => {
    const { gateway } = await setUp(undefined);
    expect(await statuses([1, 2].map(() => () => call(gateway, '1;w=60')))).toEqual([200, 200]);
  });
});
