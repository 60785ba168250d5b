import type http from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { type BodyUpstream, startBodyUpstream } from '../support/body-upstream.ts';
import { useCleanups } from '../support/clean-up.ts';
import { type Harness, type HarnessOptions, KEY, request, startGateway, until } from '../support/gateway-harness.ts';

const cleanups = useCleanups();

type Answer = number | ((res: http.ServerResponse) => void);

/** A provider that answers one after the other of these, the last of them from then on. */
async function provider(...answers: Answer[]): Promise<BodyUpstream> {
  const started = await startBodyUpstream((_req, res, { length: nth }) => {
    const answer = answers[Math.min(nth, answers.length) - 1]!;
    if (typeof answer === 'function') answer(res);
    else res.writeHead(answer, { 'content-type': 'application/json' }).end(JSON.stringify({ answer: nth }));
  });
  cleanups.push(started.upstream.close);
  return started;
}

async function setUp({ upstream }: BodyUpstream, options: HarnessOptions = {}): Promise<Harness> {
  const gateway = await startGateway({ providerOrigins: { OPENAI: upstream.origin }, ...options });
  cleanups.push(gateway.close);
  return gateway;
}

const SOON = { 'Helicone-Retry-Min-Timeout': '1', 'Helicone-Retry-Max-Timeout': '20' };

function call(gateway: Harness, headers: Record<string, string>, options: Parameters<typeof request>[1] = {}) {
  return request(`${gateway.origin}/v1/gateway/oai/v1/chat/completions`, {
    method: 'POST',
    body: '{"model":"a","messages":[]}',
    ...options,
    headers: {
      'Helicone-Auth': `Bearer ${KEY}`,
      'Helicone-Retry-Enabled': 'true',
      ...SOON,
      Authorization: 'Bearer of-the-provider',
      'Content-Type': 'application/json',
      ...headers,
    },
  });
}

describe('Helicone-Retry-Enabled', () => {
  test('sends a call again until it is answered, and records it once with its attempts', async () => {
    const openai = await provider(429, 500, 503, 200);
    const gateway = await setUp(openai);
    const response = await call(gateway, {});
    expect([response.status, response.body.toString()]).toEqual([200, '{"answer":4}']);
    expect(response.headers['helicone-fallback-index']).toBeUndefined();
    expect(openai.bodies).toEqual(Array(4).fill('{"model":"a","messages":[]}'));
    for (const { headers } of openai.upstream.requests) {
      expect(headers.authorization).toBe('Bearer of-the-provider');
      expect(JSON.stringify(headers)).not.toMatch(/helicone/i);
    }
    const [event, ...more] = await gateway.recorded(1);
    expect(more).toEqual([]);
    expect(event).toMatchObject({ status: 200, request_id: response.headers['helicone-id'] });
    const target = `${openai.upstream.origin}/v1/chat/completions`;
    expect(event!.attempts).toEqual(
      [429, 500, 503, 200].map((status) => ({ target, status, latency_ms: expect.any(Number) })),
    );
    expect(Buffer.from(event!.request_body.bytes).toString()).toBe(openai.bodies[0]);
  });

  test('gives the last answer when all have failed', async () => {
    const openai = await provider(500);
    const gateway = await setUp(openai);
    const response = await call(gateway, { 'Helicone-Retry-Num': '2' });
    expect([response.status, response.body.toString()]).toEqual([500, '{"answer":3}']);
    expect((await gateway.recorded(1))[0]!.attempts).toHaveLength(3);
  });

  test.each([400, 401, 404, 200])('takes %i for an answer', async (status) => {
    const openai = await provider(status, 200);
    const gateway = await setUp(openai);
    expect((await call(gateway, {})).status).toBe(status);
    expect(openai.bodies).toHaveLength(1);
    expect((await gateway.recorded(1))[0]!.attempts).toBeUndefined();
  });

  test.each(['false', '', '1'])('is off when it says %p', async (value) => {
    const openai = await provider(500, 200);
    const gateway = await setUp(openai);
    expect((await call(gateway, { 'Helicone-Retry-Enabled': value })).status).toBe(500);
    expect(openai.bodies).toHaveLength(1);
  });

  test('counts a connection that breaks before the answer like 502', async () => {
    const openai = await provider((res) => res.destroy(), 200);
    const gateway = await setUp(openai);
    expect((await call(gateway, {})).status).toBe(200);
    expect((await gateway.recorded(1))[0]!.attempts).toMatchObject([{ status: 502 }, { status: 200 }]);
  });

  test('leaves a stream alone that has begun', async () => {
    const openai = await provider((res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
      setTimeout(() => res.destroy(), 20);
    });
    const gateway = await setUp(openai);
    await expect(call(gateway, {})).rejects.toThrow();
    expect(openai.bodies).toHaveLength(1);
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: -100 });
  });

  test('waits as long as the provider asks, and gives its answer where that is too long', async () => {
    const asks = (seconds: string) => (res: http.ServerResponse) =>
      void res.writeHead(429, { 'retry-after': seconds }).end();
    const openai = await provider(asks('1'), 200);
    const gateway = await setUp(openai);
    const from = performance.now();
    expect((await call(gateway, { 'Helicone-Retry-Max-Timeout': '5000' })).status).toBe(200);
    expect(performance.now() - from).toBeGreaterThanOrEqual(999);
    const busy = await provider(asks('60'), 200);
    const other = await setUp(busy);
    const response = await call(other, {});
    expect([response.status, response.headers['retry-after'], busy.bodies.length]).toEqual([429, '60', 1]);
  });

  test('ends with the client also between two attempts', async () => {
    const openai = await provider(503);
    const gateway = await setUp(openai, { config: { drainTimeoutMs: 50 } });
    const long = { 'Helicone-Retry-Min-Timeout': '60000', 'Helicone-Retry-Max-Timeout': '60000' };
    const leaving = new AbortController();
    const left = call(gateway, long, { signal: leaving.signal });
    await until(() => openai.bodies.length === 1, 'the first attempt');
    leaving.abort();
    await expect(left).rejects.toThrow();
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: -3, abort_reason: 'client-aborted' });
    expect(openai.bodies).toHaveLength(1);
  });

  test('goes with fallbacks: each target is tried as often, then the next', async () => {
    const [first, second] = [await provider(500), await provider(500, 200)];
    const gateway = await setUp(first, { config: { allowedTargets: ['127.0.0.1'] } });
    const to = ({ upstream }: BodyUpstream) => ({ 'target-url': upstream.origin, headers: {}, onCodes: [500] });
    const response = await request(`${gateway.origin}/v1/gateway/gateway/chat`, {
      method: 'POST',
      body: '{}',
      headers: {
        'Helicone-Auth': `Bearer ${KEY}`,
        'Helicone-Retry-Enabled': 'true',
        'Helicone-Retry-Num': '1',
        ...SOON,
        'Helicone-Fallbacks': JSON.stringify([to(first), to(second)]),
      },
    });
    expect([response.status, response.headers['helicone-fallback-index']]).toEqual([200, '1']);
    const [event] = await gateway.recorded(1);
    expect(event!.attempts!.map(({ target, status }) => [new URL(target).origin, status])).toEqual([
      [first.upstream.origin, 500],
      [first.upstream.origin, 500],
      [second.upstream.origin, 500],
      [second.upstream.origin, 200],
    ]);
  });

  test('refuses numbers that are none before anything is sent', async () => {
    const openai = await provider(200);
    const gateway = await setUp(openai);
    const response = await call(gateway, { 'Helicone-Retry-Num': 'many' });
    expect([response.status, response.body.toString()]).toEqual([400, expect.stringContaining('helicone-retry-num')]);
    expect(openai.bodies).toHaveLength(0);
  });
});
