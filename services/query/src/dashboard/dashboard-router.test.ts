import { mkdirSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { createApp } from '@throughline/http/app';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import { createDashboardRouter } from './dashboard-router.ts';

const servers: Server[] = [];
const dirs: TempDir[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  for (const dir of dirs.splice(0)) await dir.remove();
});

async function serve(folder: Promise<string>): Promise<string> {
  const { app, createServer } = createApp();
  app.use(createDashboardRouter({ folder }));
  app.use((_req, res) => void res.status(404).send('not the dashboard'));
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function builtFolder(): Promise<string> {
  const made = await createTempDir('dashboard');
  dirs.push(made);
  const dir = made.path;
  mkdirSync(join(dir, 'assets'));
  writeFileSync(join(dir, 'index.html'), '<!doctype html><title>built</title>');
  writeFileSync(join(dir, 'assets', 'a-1234.js'), 'export {}');
  return dir;
}

/** Until the folder has been read. */
async function built(origin: string): Promise<string> {
  while ((await fetch(`${origin}/`)).status !== 200);
  return origin;
}

test('answers every page with the same document, under a policy that runs nothing but its files', async () => {
  const origin = await built(await serve(builtFolder()));
  for (const path of ['/', '/sessions', '/sessions/a%2Fb', '/login?to=%2Fkeys', '/users/ann', '/system']) {
    const response = await fetch(origin + path);
    expect([path, response.status, await response.text()]).toEqual([path, 200, expect.stringContaining('built')]);
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(response.headers.get('cache-control')).toBe('no-cache');
  }
});

test('leads to its icon from where browsers look for one', async () => {
  const response = await fetch(`${await serve(builtFolder())}/favicon.ico`, { redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([302, '/icon.svg']);
});

test('leaves what scrapers ask for at the path of a page to others', async () => {
  const origin = await built(await serve(builtFolder()));
  const get = async (accept: string) => (await fetch(`${origin}/metrics`, { headers: { accept } })).text();
  expect(await get('text/html,*/*;q=0.8')).toContain('built');
  expect(await get('*/*')).toBe('not the dashboard');
});

test('gives its files for good, and leaves everything else to others', async () => {
  const origin = await built(await serve(builtFolder()));
  const file = await fetch(`${origin}/assets/a-1234.js`);
  expect([file.status, file.headers.get('content-type')]).toEqual([200, 'text/javascript']);
  expect(file.headers.get('cache-control')).toBe('public,max-age=31536000,immutable');
  for (const path of [
    '/v1/session/x',
    '/assets/other.js',
    '/assets/..%2f..%2fetc/passwd',
    '/sessionsx',
    '/index.html',
  ]) {
    const response = await fetch(origin + path);
    expect([path, response.status]).toEqual([path, 404]);
  }
});

test('says that it is being built, and looks again; then it is there', async () => {
  const folder = Promise.withResolvers<string>();
  const origin = await serve(folder.promise);
  const early = await fetch(`${origin}/`);
  expect([early.status, early.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await early.text()).toMatch(/being built[\s\S]*/);
  folder.resolve(await builtFolder());
  expect((await fetch(`${await built(origin)}/`)).status).toBe(200);
});

test('says why there is none, as text', async () => {
  const origin = await serve(Promise.reject(new Error('no <b>disk</b>')));
  const response = await fetch(`${origin}/sessions`);
  expect(response.status).toBe(503);
  const page = await response.text();
  expect(page).toContain('no &#60;b&#62;disk');
  expect(page).not.toContain('http-equiv');
});
