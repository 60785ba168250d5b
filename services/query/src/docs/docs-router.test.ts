import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { hashKey, type KeyRecord } from '@throughline/contracts/keys';
import { createApp } from '@throughline/http/app';
import { apiErrorHandler, unknownRoute } from '@throughline/http/error-handler';
import { createLogger } from '@throughline/telemetry/logger';
import type { QueryDeps } from '../query-deps.ts';
import { queryRoutes } from '../query-router.ts';
import { createDocsRouter } from './docs-router.ts';

let server: Server | undefined;

afterEach(async () => {
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

const key: KeyRecord = { hash: hashKey('sk-docs'), id: 'docs', tenantId: 'acme', permissions: ['w'] };

async function start({ isClosed }: { isClosed: boolean }): Promise<string> {
  const { app, createServer } = createApp();
  app.use(
    createDocsRouter({
      routes: queryRoutes({ config: {} } as QueryDeps),
      version: '1.2.3',
      keys: { find: (hash) => (hash === key.hash ? key : undefined) },
      isClosed,
    }),
  );
  app.use(unknownRoute);
  app.use(apiErrorHandler({ logger: createLogger('docs-test', { level: 'silent', pretty: false }) }));
  const created = createServer();
  server = created;
  await new Promise<void>((resolve) => created.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(created.address() as AddressInfo).port}`;
}

describe('the page', () => {
  test('names nothing that this server does not answer, and nothing on another host', async () => {
    const base = await start({ isClosed: false });
    const page = await fetch(`${base}/docs`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const html = await page.text();
    const script = await (await fetch(`${base}/docs/start.js`)).text();
    const named = [
      ...[...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, url]) => url!),
      ...[...script.matchAll(/\burl: '([^']*)'/g)].map(([, url]) => url!),
    ];
    expect(named).toHaveLength(5);
    const types = new Map<string, string | null>();
    for (const url of named) {
      const asset = await fetch(new URL(url, page.url));
      expect(asset.status).toBe(200);
      expect(new URL(asset.url).origin).toBe(base);
      expect((await asset.arrayBuffer()).byteLength).toBeGreaterThan(100);
      types.set(url, asset.headers.get('content-type'));
    }
    expect(Object.fromEntries(types)).toEqual({
      'docs/favicon-32x32.png': 'image/png',
      'docs/swagger-ui.css': 'text/css; charset=utf-8',
      'docs/swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
      'docs/start.js': 'text/javascript; charset=utf-8',
      'openapi.json': 'application/json; charset=utf-8',
    });
    expect(html + script).not.toMatch(/https?:\/\//);
  });

  test('may run no script and ask no host but this one', async () => {
    const base = await start({ isClosed: false });
    for (const path of ['/docs', '/docs/start.js', '/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js']) {
      const { headers } = await fetch(base + path);
      const policy = headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    // What the policy forbids would be missing from the page.
    expect(await (await fetch(`${base}/docs`)).text()).not.toMatch(/<script>|<style|\son\w+=|style=/);
  });

  test('serves no other file of the package it comes from', async () => {
    const base = await start({ isClosed: false });
    for (const path of ['/docs/package.json', '/docs/index.html', '/docs/..%2fpackage.json', '/docs/swagger-ui.js']) {
      expect((await fetch(base + path)).status).toBe(404);
    }
  });
});

describe('closed to callers without a key', () => {
  const PATHS = ['/openapi.json', '/docs', '/docs/start.js', '/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js'];

  test('is all of it, whatever the permission of the key', async () => {
    const base = await start({ isClosed: true });
    for (const path of PATHS) {
      const refused = await fetch(base + path);
      expect(refused.status).toBe(401);
      expect(await refused.json()).toMatchObject({ data: null, error: 'No authorization header' });
      const unknown = await fetch(base + path, { headers: { authorization: 'Bearer sk-nobody' } });
      expect(unknown.status).toBe(401);
      await unknown.arrayBuffer();
      const known = await fetch(base + path, { headers: { authorization: 'Bearer sk-docs' } });
      expect(known.status).toBe(200);
      await known.arrayBuffer();
    }
  });
});
