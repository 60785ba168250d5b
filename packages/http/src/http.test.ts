import type http from 'node:http';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ApiError } from '@throughline/contracts/errors';
import { createLogger } from '@throughline/telemetry/logger';
import express, { type Router } from 'express';
import { createApp } from './app.ts';
import { cors } from './cors.ts';
import { apiErrorHandler, unknownRoute } from './error-handler.ts';
import { isLoopbackHost, loopbackHostCheck } from './loopback-host.ts';
import { applyServerLimits, SERVER_OPTIONS } from './server-limits.ts';
import { serviceRoutes } from './service-routes.ts';
import { serveUpgrades, type UpgradeRoute, withUpgrades } from './upgrades.ts';

const servers: http.Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(mount: (router: Router) => void): Promise<string> {
  const { app, createServer } = createApp();
  const router = express.Router();
  mount(router);
  app.use(router);
  app.use(unknownRoute);
  app.use(apiErrorHandler({ logger: createLogger('test', { level: 'silent', pretty: false }) }));
  const server = createServer(SERVER_OPTIONS);
  applyServerLimits(server);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the error handler', () => {
  test('renders an ApiError with its status, envelope and extra fields', async () => {
    const origin = await serve((router) => {
      router.get('/a', () => {
        throw new ApiError('unknown-session');
      });
      router.get('/b', () => {
        throw new ApiError('unknown-key');
      });
      router.get('/c', async () => {
        throw new ApiError('invalid-body', {}, { extra: { details: { 'requestBody.limit': { message: 'no' } } } });
      });
    });
    const [a, b, c] = await Promise.all(['/a', '/b', '/c'].map((path) => fetch(origin + path)));
    expect([a!.status, await a!.json()]).toEqual([404, { data: null, error: 'Session not found' }]);
    expect([b!.status, await b!.json()]).toEqual([
      401,
      { data: null, error: 'No API key found', trace: 'isAuthenticated.error' },
    ]);
    expect([c!.status, await c!.json()]).toEqual([
      422,
      { message: 'Validation Failed', details: { 'requestBody.limit': { message: 'no' } } },
    ]);
  });

  test('hides the text of an unexpected error and gives an id instead', async () => {
    const origin = await serve((router) => {
      router.get('/', () => {
        throw new Error('password is hunter2');
      });
    });
    const response = await fetch(origin);
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toContain('hunter2');
    expect(JSON.parse(text).error).toContain(JSON.parse(text).id);
  });

  test('answers malformed JSON with 400, a body over the limit with 413, an unknown path with 404', async () => {
    const origin = await serve((router) => {
      router.post('/', express.json({ limit: 100 }), (_req, res) => void res.json({}));
    });
    const post = (body: string) =>
      fetch(origin, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect((await post('{"a":')).status).toBe(400);
    expect((await post(JSON.stringify('x'.repeat(200)))).status).toBe(413);
    expect(await (await fetch(`${origin}/nowhere`)).json()).toEqual({
      data: null,
      error: 'No such endpoint: GET /nowhere',
    });
  });
});

describe('the Host check on loopback', () => {
  test.each(['127.0.0.1:8585', '127.1.2.3', 'localhost', 'LOCALHOST:80', 'oai.localhost:8585', '[::1]:8585'])(
    'lets %s in',
    (host) => expect(isLoopbackHost(host)).toBe(true),
  );

  test.each(['', 'evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '[::2]', 'evil.example:127'])(
    'keeps %j out',
    (host) => expect(isLoopbackHost(host)).toBe(false),
  );

  test('answers 403 for a foreign name unless it is listed, also after a good call', async () => {
    const origin = await serve((router) => {
      router.use(loopbackHostCheck(['throughline.test']));
      router.get('/', (_req, res) => void res.send('in'));
    });
    const { default: client } = await import('node:http');
    const statusFor = (host: string) =>
      new Promise<number>((resolve, reject) => {
        client.get(origin, { headers: { host } }, (res) => resolve(res.resume().statusCode!)).on('error', reject);
      });
    expect(await statusFor('localhost:1')).toBe(200);
    expect(await statusFor('throughline.test:8585')).toBe(200);
    expect(await statusFor('evil.example')).toBe(403);
  });
});

describe('CORS', () => {
  test('is off unless origins are listed', async () => {
    const origin = await serve((router) => {
      router.use(cors([]));
      router.get('/', (_req, res) => void res.send('in'));
    });
    const response = await fetch(origin, { headers: { origin: 'https://a.example' } });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('answers a preflight of a listed origin and ignores others', async () => {
    const origin = await serve((router) => void router.use(cors(['https://a.example'])));
    const preflight = (from: string) =>
      fetch(origin, {
        method: 'OPTIONS',
        headers: {
          origin: from,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'helicone-property-x',
        },
      });
    const good = await preflight('https://a.example');
    expect([good.status, good.headers.get('access-control-allow-origin')]).toEqual([204, 'https://a.example']);
    expect(good.headers.get('access-control-allow-headers')).toBe('helicone-property-x');
    expect((await preflight('https://b.example')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

test('readyz names what does not answer; metrics are served', async () => {
  let broken = false;
  const origin = await serve((router) => {
    router.use(
      serviceRoutes({
        version: '1.2.3',
        checks: [
          { name: 'log', check: async () => undefined },
          {
            name: 'store',
            check: async () => {
              if (broken) throw new Error('it sleeps');
              return undefined;
            },
          },
        ],
        registry: { contentType: 'text/plain', metrics: async () => 'a 1\n' },
      }),
    );
  });
  expect((await fetch(`${origin}/readyz`)).status).toBe(200);
  broken = true;
  const response = await fetch(`${origin}/readyz`);
  expect(response.status).toBe(503);
  expect(((await response.json()) as { checks: unknown }).checks).toEqual([
    { name: 'log', ok: true },
    { name: 'store', ok: false, reason: 'it sleeps' },
  ]);
  expect(await (await fetch(`${origin}/metrics`)).text()).toBe('a 1\n');
  expect(await (await fetch(`${origin}/healthz`)).json()).toEqual({ status: 'ok', version: '1.2.3' });
});

test('where there is a page of that name, browsers get it, and everyone else the metrics', async () => {
  const registry = { contentType: 'text/plain', metrics: async () => 'a 1\n' };
  const origin = await serve((router) => {
    router.use(serviceRoutes({ version: '1', checks: [], registry, hasMetricsPage: true }));
    router.get('/metrics', (_req, res) => void res.send('<h1>Metrics</h1>'));
  });
  const get = async (accept: string) => (await fetch(`${origin}/metrics`, { headers: { accept } })).text();
  expect(await get('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8')).toBe('<h1>Metrics</h1>');
  expect(await get('*/*')).toBe('a 1\n');
  expect(await get('application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.1')).toBe(
    'a 1\n',
  );
});

test('a header block over 64 KiB is answered with 431, and no header is dropped below it', async () => {
  const origin = await serve((router) => {
    router.get('/', (req, res) => void res.json(req.rawHeaders.length / 2));
  });
  const many = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`h-${i}`, '1']));
  expect(await (await fetch(origin, { headers: many })).json()).toBeGreaterThan(3000);
  expect((await fetch(origin, { headers: { big: 'x'.repeat(70_000) } })).status).toBe(431);
});

describe('upgrades', () => {
  async function serveSockets(): Promise<string> {
    const { app, createServer } = createApp();
    app.use(loopbackHostCheck());
    app.get('/ws', (_req, res) => void res.send('plain'));
    app.use(apiErrorHandler({ logger: createLogger('test', { level: 'silent', pretty: false }) }));
    const route: UpgradeRoute = {
      takes: (req) => req.url === '/ws' && req.headers.upgrade === 'websocket',
      take: (_req, socket) => void socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
    };
    const server = createServer(withUpgrades(SERVER_OPTIONS, route, { isLoopback: true }));
    serveUpgrades(server, route);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test.each([
    ['is taken', '/ws', { upgrade: 'websocket' }, 101],
    ['that no route wants is no upgrade', '/ws', { upgrade: 'h2c', 'http2-settings': 'AAMAAABk' }, 200],
    ['elsewhere is no upgrade', '/', { upgrade: 'websocket' }, 404],
    ['by a rebound name is refused like any call', '/ws', { upgrade: 'websocket', host: 'evil.example' }, 403],
  ])('one %s', async (_what, path, headers, status) => {
    const url = new URL(path, await serveSockets());
    const answered = await new Promise<number | undefined>((resolve, reject) => {
      const req = request(url, { headers: { connection: 'Upgrade', ...headers }, agent: false });
      req.on('upgrade', (res, socket) => {
        socket.destroy();
        resolve(res.statusCode);
      });
      req.on('response', (res) => {
        res.resume();
        resolve(res.statusCode);
      });
      req.on('error', reject);
      req.end();
    });
    expect(answered).toBe(status);
  });
});
