import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type FakeUpstream,
  type Harness,
  KEY,
  request,
  startGateway,
  startUpstream,
} from '../support/gateway-harness.ts';

let upstream: FakeUpstream;
let gateway: Harness;
beforeAll(async () => {
  upstream = await startUpstream((req, res) => void req.resume().on('end', () => res.end('{}')));
  gateway = await startGateway({ providerOrigins: { OPENAI: upstream.origin } });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const send = (path: string, headers: Record<string, string>, body = '{"model":"a"}') =>
  request(gateway.origin + path, {
    method: 'POST',
    headers: { 'Helicone-Auth': `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
    body,
  });

test('what has no effect reaches no provider, and nothing claims that it had one', async () => {
  const without = {
    'Helicone-Posthog-Key': 'phc_secret',
    'Helicone-Posthog-Host': 'https://posthog.example',
    'Helicone-Lytix-Key': 'lytix-secret',
    'Helicone-Lytix-Host': 'https://lytix.example',
    'Helicone-Manual-Access-Key': 'manual-secret',
    'Helicone-Prompt-Format': 'x',
    'Helicone-RateLimit-Cost-Cents': '3',
  };
  const before = gateway.appender.requests.length;
  expect((await send('/v1/gateway/oai/v1/chat/completions', without)).status).toBe(200);
  const [event] = (await gateway.recorded(before + 1)).slice(before);
  expect(event!.properties).toEqual([]);
  expect(JSON.stringify(event)).not.toMatch(/secret|posthog/i);
  expect(Object.keys(upstream.requests.at(-1)!.headers).filter((name) => name.startsWith('helicone'))).toEqual([]);
});

test('prompts are tagged, and a mode that there is none of fails the call before it is sent', async () => {
  const before = gateway.appender.requests.length;
  const sent = upstream.requests.length;
  const tags = { 'Helicone-Prompt-Id': 'story', 'Helicone-Prompt-Mode': 'testing' };
  expect((await send('/v1/gateway/oai/v1/x', tags)).status).toBe(200);
  const [event] = (await gateway.recorded(before + 1)).slice(before);
  expect(event!.properties).toEqual([
    ['Helicone-Prompt-Id', 'story'],
    ['Helicone-Prompt-Mode', 'testing'],
  ]);
  for (const path of ['/v1/gateway/oai/v1/x', '/custom/v1/log', '/v1/traces']) {
    const { status, body } = await send(path, { authorization: `Bearer ${KEY}`, 'Helicone-Prompt-Mode': 'no' }, LOG);
    expect([path, status, body.toString()]).toEqual([path, 400, expect.stringContaining('Helicone-Prompt-Mode')]);
  }
  expect(upstream.requests).toHaveLength(sent + 1);
});

const LOG = JSON.stringify({
  providerRequest: { url: 'x', json: {}, meta: {} },
  providerResponse: { json: {}, status: 200, headers: {} },
});
