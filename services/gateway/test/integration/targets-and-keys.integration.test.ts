import net from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { useCleanups } from '../support/clean-up.ts';
import {
  type FakeUpstream,
  type Harness,
  type HarnessOptions,
  KEY,
  READ_KEY,
  request,
  startGateway,
  startUpstream,
  until,
} from '../support/gateway-harness.ts';

const cleanups = useCleanups();

async function setUp(options: HarnessOptions = {}): Promise<{ gateway: Harness; upstream: FakeUpstream }> {
  const upstream = await startUpstream((req, res) => {
    req.resume();
    if (req.url === '/redirect') res.writeHead(302, { location: 'http://169.254.169.254/' });
    res.end(req.url);
  });
  cleanups.push(upstream.close);
  const gateway = await startGateway({ providerOrigins: { OPENAI: upstream.origin }, ...options });
  cleanups.push(gateway.close);
  return { gateway, upstream };
}

const target = (url: string, more: Record<string, string> = {}) => ({
  headers: { 'Helicone-Target-URL': url, ...more },
});
const text = ({ body }: { body: Buffer }) => body.toString();

describe('the generic gateway', () => {
  test.each([
    'http://127.0.0.1:1',
    'http://localhost:1',
    'http://[::1]:1',
    'http://0x7f000001:1',
    'http://2130706433:1',
    'http://169.254.169.254',
    'http://[fd00:ec2::254]',
    'http://[::ffff:127.0.0.1]:1',
    'http://127.0.0.1.:1',
  ])('refuses %s, names the setting, and records nothing', async (url) => {
    const { gateway } = await setUp();
    const response = await request(`${gateway.origin}/v1/gateway/gateway/x`, target(url));
    expect(response.status).toBe(403);
    expect(text(response)).toContain('ALLOWED_TARGETS=');
    expect(gateway.appender.events).toHaveLength(0);
  });

  test('refuses a name with a private address among public ones, at the moment of connecting', async () => {
    let answers = 0;
    const { gateway, upstream } = await setUp({
      resolve: (_name, _options, callback) => {
        answers++;
        callback(null, [
          { address: '8.8.8.8', family: 4 },
          { address: '127.0.0.1', family: 4 },
        ]);
      },
    });
    const response = await request(
      `${gateway.origin}/v1/gateway/gateway/x`,
      target(`http://rebind.example:${upstream.port}`),
    );
    expect([response.status, answers]).toEqual([403, 1]);
    expect(upstream.requests).toHaveLength(0);
    expect(gateway.appender.events).toHaveLength(0);
  });

  test('connects to the address that was checked, and checks each new connection', async () => {
    const addresses = ['127.0.0.1', '169.254.169.254'];
    const { gateway, upstream } = await setUp({
      config: { allowedTargets: ['named.example'] },
      resolve: (_name, _options, callback) => callback(null, [{ address: addresses.shift()!, family: 4 }]),
    });
    const call = () =>
      request(`${gateway.origin}/v1/gateway/gateway/x`, target(`http://named.example:${upstream.port}/dropped?x`));
    expect(text(await call())).toBe('/x');
    upstream.requests[0]!.socket.destroy();
    await until(() => upstream.requests[0]!.socket.destroyed, 'the connection to close');
    const second = await call();
    expect([502, 403]).toContain(second.status);
    expect(upstream.requests).toHaveLength(1);
  });

  test('hands redirects to the client', async () => {
    const { gateway, upstream } = await setUp({ config: { allowedTargets: ['127.0.0.1'] } });
    const response = await request(`${gateway.origin}/v1/gateway/gateway/redirect`, target(upstream.origin));
    expect([response.status, response.headers.location]).toEqual([302, 'http://169.254.169.254/']);
    expect(upstream.requests).toHaveLength(1);
  });

  test('stores the provider of the host, else the target', async () => {
    const { gateway, upstream } = await setUp({ config: { allowedTargets: ['127.0.0.1'] } });
    await request(`${gateway.origin}/v1/gateway/gateway/x`, target('https://API.openai.com/v1'));
    await request(`${gateway.origin}/v1/gateway/gateway/x`, target(upstream.origin.toUpperCase()));
    const events = await gateway.recorded(2);
    expect(events.map(({ provider, target_url }) => [provider, target_url])).toEqual([
      ['OPENAI', `${upstream.origin}/x`],
      [upstream.origin, `${upstream.origin}/x`],
    ]);
  });

  test.each([
    [{}, 400, 'Missing target base url'],
    [{ 'Helicone-Target-URL': 'nonsense' }, 400, 'nonsense'],
    [{ 'Helicone-Target-URL': 'http://u:secret@example.com' }, 400, '***@example.com'],
    [{ 'Helicone-Target-URL': 'file:///etc/passwd' }, 400, 'file:'],
  ])('%j: %i with the reason', async (headers, status, reason) => {
    const { gateway } = await setUp();
    const response = await request(`${gateway.origin}/v1/gateway/gateway/x`, { headers });
    expect(response.status).toBe(status);
    expect(text(response)).toContain(reason);
    expect(text(response)).not.toContain('secret');
  });

  test('off loopback it wants a valid key', async () => {
    const { gateway, upstream } = await setUp({ config: { loopback: false, allowedTargets: ['127.0.0.1'] } });
    const call = (more: Record<string, string>) =>
      request(`${gateway.origin}/v1/gateway/gateway/x`, target(upstream.origin, more));
    expect((await call({})).status).toBe(401);
    expect((await call({ 'Helicone-Auth': 'Bearer sk-helicone-nobody' })).status).toBe(401);
    expect((await call({ 'Helicone-Auth': `Bearer ${READ_KEY}` })).status).toBe(401);
    expect((await call({ 'Helicone-Auth': `Bearer ${KEY}` })).status).toBe(200);
  });
});

describe('a provider route', () => {
  test.each([
    ['/v1/gateway/nobody/x', {}, 400, 'Invalid provider'],
    ['/v1/gateway/oai%2f/x', {}, 400, 'Invalid provider'],
    ['/v1/gateway/', {}, 400, 'Invalid provider'],
    ['/v1/gateway/azure/x', {}, 400, 'Missing target base url'],
    [
      '/v1/gateway/oai/x',
      { 'Helicone-OpenAI-Api-Base': 'https://evil.example' },
      400,
      'Invalid API base \\"https://evil',
    ],
    ['/v1/gateway/anthropic/x', { 'Helicone-Target-URL': 'https://evil.example' }, 400, 'Invalid API base'],
    ['/v1/gateway/ai-gateway/v1/x', {}, 501, 'not offered'],
  ])('%s %j: %i', async (path, headers, status, reason) => {
    const { gateway } = await setUp();
    const response = await request(gateway.origin + path, { headers: headers as Record<string, string> });
    expect(response.status).toBe(status);
    expect(text(response)).toContain(reason);
  });

  test('is chosen by the label of the Host, except for our own paths', async () => {
    const { gateway, upstream } = await setUp();
    const call = (path: string, host: string) => request(gateway.origin + path, { headers: { host } });
    expect(text(await call('/v1/models?a=b', 'oai.localhost'))).toBe('/v1/models?a=b');
    expect(text(await call(`/${KEY}/v1/models`, 'oai.helicone.ai:443'))).toBe('/v1/models');
    expect(upstream.requests).toHaveLength(2);
    expect(text(await call('/v1/organization/costs?limit=1', 'oai.localhost'))).toBe('/v1/organization/costs?limit=1');
    expect((await call('/v1/session/query', 'oai.localhost')).status).toBe(404);
    expect((await call('/v1/organization', 'oai.localhost')).status).toBe(404);
    expect((await call('/', 'gateway.localhost')).status).toBe(404);
    expect((await call('/v1/models', 'dashboard.localhost')).status).toBe(404);
    expect(text(await call('/healthcheck', 'oai.localhost'))).toBe('{"status":"healthy :)"}');
    expect((await gateway.recorded(2))[1]).toMatchObject({ tenant_id: 'acme', path: '/v1/models' });
  });
});

describe('without a key that may write', () => {
  test.each([
    [{}, 'no-key'],
    [{ 'Helicone-Auth': 'Bearer sk-helicone-nobody' }, 'unknown-key'],
    [{ 'Helicone-Auth': `Bearer ${READ_KEY}` }, 'missing-permission'],
  ])('%j: proxied, not recorded, and the answer says %s', async (headers, reason) => {
    const { gateway, upstream } = await setUp({ config: { loopback: false } });
    const response = await request(`${gateway.origin}/v1/gateway/oai/x`, {
      headers: headers as Record<string, string>,
    });
    expect([response.status, text(response)]).toEqual([200, '/x']);
    expect(response.headers['throughline-recorded']).toBe(`no; reason=${reason}`);
    expect(upstream.requests).toHaveLength(1);
    expect(gateway.appender.events).toHaveLength(0);
    expect(await gateway.metrics()).toContain(`throughline_gateway_not_recorded_total{reason="${reason}"} 1`);
  });

  test('a key made elsewhere a moment ago is looked for, and the call with it is recorded, body and all', async () => {
    for (const requireKey of [false, true]) {
      const madeElsewhere = 'sk-helicone-nnnnnnn-eeeeeee-wwwwwww-1111111';
      const { gateway } = await setUp({ config: { loopback: false, requireKey }, madeElsewhere });
      const response = await request(`${gateway.origin}/v1/gateway/oai/x`, {
        method: 'POST',
        headers: { 'Helicone-Auth': `Bearer ${madeElsewhere}` },
        body: 'what is said',
      });
      expect([response.status, response.headers['throughline-recorded']]).toEqual([200, undefined]);
      const [event] = await gateway.recorded(1);
      expect(event).toMatchObject({ tenant_id: 'elsewhere' });
      expect(Buffer.from(event!.request_body!.bytes).toString()).toBe('what is said');
    }
  });

  test('REQUIRE_KEY refuses instead', async () => {
    const { gateway, upstream } = await setUp({ config: { requireKey: true } });
    const call = (headers: Record<string, string>) => request(`${gateway.origin}/v1/gateway/oai/x`, { headers });
    expect((await call({})).status).toBe(401);
    expect((await call({ 'Helicone-Auth': 'Bearer sk-helicone-nobody' })).status).toBe(401);
    expect((await call({ 'Helicone-Auth': `Bearer ${KEY}` })).status).toBe(200);
    expect(upstream.requests).toHaveLength(1);
  });

  test('our keys reach neither provider nor log, wherever they were given', async () => {
    const { gateway, upstream } = await setUp();
    const calls: [string, Record<string, string>][] = [
      ['/v1/gateway/oai/x', { 'Helicone-Auth': `Bearer ${KEY}`, 'Helicone-Property-K': 'v' }],
      [`/v1/gateway/oai/${KEY}/x`, {}],
      ['/v1/gateway/oai/x', { authorization: `Bearer ${KEY}` }],
      ['/v1/gateway/oai/x', { authorization: `Bearer sk-provider, Bearer ${KEY}` }],
      ['/v1/gateway/oai/x', { 'x-api-key': KEY }],
    ];
    for (const [path, headers] of calls) await request(gateway.origin + path, { headers });
    const events = await gateway.recorded(calls.length);
    expect(events.map(({ tenant_id }) => tenant_id)).toEqual(calls.map(() => 'acme'));
    const seen = upstream.requests.map(({ url, rawHeaders }) => [url, ...rawHeaders].join(' '));
    expect(seen.join('\n')).not.toMatch(/helicone/i);
    expect(JSON.stringify(events) + (await gateway.metrics())).not.toMatch(/sk-(?:helicone|provider)/);
    expect(upstream.requests[3]!.headers.authorization).toBe('Bearer sk-provider');
  });

  test('a key counts wherever it stands in the path, before Authorization and after Helicone-Auth', async () => {
    const { gateway, upstream } = await setUp();
    const provider = { authorization: 'Bearer sk-provider, and more', 'x-api-key': 'sk-ant' };
    const segments = (path: string) =>
      path.split('/').map((_, i, all) => [...all.slice(0, i + 1), KEY, ...all.slice(i + 1)].join('/'));
    const byPath = segments('/v1/gateway/oai/v1/chat/completions');
    const byHost = segments('/v1/chat/completions');
    const calls = [
      ...byPath.map((path) => ({ path, headers: provider })),
      ...byHost.map((path) => ({ path, headers: { ...provider, host: 'oai.example.com' } })),
    ];
    for (const { path, headers } of calls) {
      const response = await request(gateway.origin, { path: `${path}?a=%2f`, headers });
      expect([path, text(response)]).toEqual([path, '/v1/chat/completions?a=%2f']);
      expect(upstream.requests.at(-1)!.headers).toMatchObject(provider);
    }
    const other = { ...provider, authorization: 'Bearer sk-helicone-nobody' };
    await request(gateway.origin, { path: byPath[4]!, headers: other });
    expect((await gateway.recorded(calls.length + 1)).map(({ tenant_id }) => tenant_id)).toEqual(
      [...calls, other].map(() => 'acme'),
    );
    // Taken out of the path all the same, and not used: the key in Helicone-Auth is nobody's.
    const refused = await request(gateway.origin, {
      path: byPath[4]!,
      headers: { 'Helicone-Auth': 'Bearer sk-helicone-nobody' },
    });
    expect([text(refused), refused.headers['throughline-recorded']]).toEqual([
      '/v1/chat/completions',
      'no; reason=unknown-key',
    ]);
    const seen = upstream.requests.map(({ url, rawHeaders }) => [url, ...rawHeaders].join(' ')).join('\n');
    expect(seen + JSON.stringify(gateway.appender.events)).not.toContain(KEY);
  });
});

describe('header values', () => {
  test('empty, 8 kB, not ASCII, and names from Object.prototype are stored as data', async () => {
    const { gateway, upstream } = await setUp();
    const long = 'x'.repeat(8000);
    const socket = net.connect(gateway.port, '127.0.0.1');
    const lines = [
      'GET /v1/gateway/oai/x HTTP/1.1',
      'Host: x',
      'Connection: close',
      'Helicone-Session-Id: Sitzung-ä',
      'Helicone-Session-Path:',
      `Helicone-Property-Long: ${long}`,
      'Helicone-Property-Empty:',
      'Helicone-Property-__proto__: polluted',
      'Helicone-Property-constructor: c',
      'Helicone-User-Id: 用户',
      'X-Custom: ü',
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    await new Promise((resolve) => socket.resume().on('close', resolve));
    const [event] = await gateway.recorded(1);
    expect(event).toMatchObject({
      session: { id: 'Sitzung-ä', path: '' },
      user_id: '用户',
      properties: [
        ['long', long],
        ['empty', ''],
        ['__proto__', 'polluted'],
        ['constructor', 'c'],
      ],
    });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Buffer.from(upstream.requests[0]!.headers['x-custom'] as string, 'latin1').toString()).toBe('ü');
  });

  test.each([
    ['a control character', 'Helicone-Property-A: a\u0001b', 400],
    ['NUL', 'Helicone-Property-A: a\u0000b', 400],
    ['a header block over 64 KiB', `Helicone-Property-A: ${'x'.repeat(70_000)}`, 431],
    ['a space in a name', 'Bad Name: x', 400],
    ['two lengths', 'Content-Length: 1\r\nContent-Length: 2', 400],
    ['length and chunks', 'Content-Length: 1\r\nTransfer-Encoding: chunked', 400],
  ])('%s is refused', async (_name, line, status) => {
    const { gateway, upstream } = await setUp();
    const answer = await new Promise<string>((resolve) => {
      const socket = net.connect(gateway.port, '127.0.0.1');
      let received = '';
      socket.on('error', () => {}).on('close', () => resolve(received));
      socket.setEncoding('latin1').on('data', (chunk) => {
        received += chunk;
      });
      socket.write(`POST /v1/gateway/oai/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${line}\r\n\r\n`, 'latin1');
    });
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(upstream.requests).toHaveLength(0);
  });

  test.each([
    ['0189d3f0-7b7a-7000-8000-000000000000', true],
    ['6ba7b810-9dad-11d1-80b4-00c04fd430c8', true],
    ['F47AC10B-58CC-4372-A567-0E02B2C3D479', true],
    ['not-a-uuid', false],
    ['', false],
  ])('request id %j is taken: %s', async (id, taken) => {
    const { gateway } = await setUp();
    const response = await request(`${gateway.origin}/v1/gateway/oai/x`, { headers: { 'Helicone-Request-Id': id } });
    const [event] = await gateway.recorded(1);
    expect(event!.request_id_chosen).toBe(taken);
    expect(event!.request_id === id.toLowerCase()).toBe(taken);
    expect(response.headers['helicone-id']).toBe(event!.request_id);
  });
});

test('connections are kept for a bounded number of origins, the latest used ones', async () => {
  const ports = new Map<string, number>();
  const { gateway } = await setUp({
    config: { originsMax: 2, allowedTargets: ['127.0.0.1'] },
  });
  for (const name of ['a', 'b', 'c']) {
    const upstream = await startUpstream((_req, res) => res.end(name));
    cleanups.push(upstream.close);
    ports.set(name, upstream.port);
  }
  for (const name of ['a', 'b', 'c', 'a', 'b']) {
    const url = `http://127.0.0.1:${ports.get(name)}`;
    expect(text(await request(`${gateway.origin}/v1/gateway/gateway/x`, target(url)))).toBe(name);
    expect(Number(/upstream_pools (\d+)/.exec(await gateway.metrics())![1])).toBeLessThanOrEqual(2);
  }
});
