import { expect, test } from '@jest/globals';
import { listActions } from '../../src/audit/audit-log.ts';
import { listApiKeys, storeApiKeys } from '../../src/keys/api-keys.ts';
import { createLoginTokens } from '../../src/login/login-tokens.ts';
import { NOW, startQueryServer } from '../query-server.ts';
import { useQueryServer } from '../use-query-server.ts';

const DAY = 86_400_000;

const opened = useQueryServer(async (analytics) => {
  const key = {
    tenantId: 'default',
    hint: 'last',
    permissions: ['rw', 'operator'] as const,
    isBootstrap: false,
    createdAtMs: NOW - 2 * DAY,
    lastUsedAtMs: null,
    version: 1n,
  };
  await storeApiKeys(
    analytics,
    [
      { ...key, id: 'login-old', hash: 'a', name: 'dashboard login', expiresAtMs: NOW - DAY },
      { ...key, id: 'login-open', hash: 'b', name: 'dashboard login', expiresAtMs: NOW + 1 },
      { ...key, id: 'own', hash: 'c', name: 'dashboard login', expiresAtMs: NOW - DAY },
    ],
    NOW - 2 * DAY,
  );
});

test('a link makes one key for half a day, written down, and takes away those of links that have expired', async () => {
  const { analytics } = opened;
  const logins = createLoginTokens(() => NOW);
  const server = await startQueryServer(analytics, { logins });
  const call = { path: '/v1/login', body: { token: logins.create() } };
  try {
    expect(await server.call({ ...call, headers: { origin: 'http://evil.example' } })).toMatchObject({ status: 403 });
    expect(await server.call({ path: '/v1/login', body: { token: 'x'.repeat(5_000) } })).toMatchObject({ status: 413 });
    expect(await server.call({ path: '/v1/login', body: {} })).toMatchObject({ status: 422 });
    const { status, json, headers } = await server.call({ ...call, headers: { origin: server.url } });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(json.data).toEqual({
      api_key: expect.stringMatching(/^sk-helicone-/),
      expires_at: new Date(NOW + DAY / 2).toISOString(),
      permissions: ['rw', 'operator'],
    });
    expect(await server.call(call)).toMatchObject({ status: 403 });
  } finally {
    await server.close();
  }
  const keys = await listApiKeys(analytics, 'default');
  const made = keys.find(({ createdAtMs }) => createdAtMs === NOW)!;
  expect(keys.map(({ id }) => id).sort()).toEqual([made.id, 'login-open', 'own'].sort());
  expect(made).toMatchObject({ name: 'dashboard login 2026-10-01', permissions: ['rw', 'operator'] });
  const { entries } = await listActions(analytics, { limit: 10, cursor: undefined });
  expect(new Set(entries.map(({ action, target, actor }) => `${action} ${target} ${actor.keyId}`))).toEqual(
    new Set(['key.delete login-old login', `key.create ${made.id} login`]),
  );
});
