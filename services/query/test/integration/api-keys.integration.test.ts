import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { encodeRows } from '@throughline/analytics/tables';
import { hashKey } from '@throughline/contracts/keys';
import { createLogger } from '@throughline/telemetry/logger';
import { type KeyCache, openKeyCache } from '../../../../packages/standalone/src/services/key-cache.ts';
import { deleteApiKey, listApiKeys, storeApiKeys } from '../../src/keys/api-keys.ts';
import { KEYS_PER_TENANT_MAX } from '../../src/keys/key-manager.ts';
import { createAdministration } from '../../src/tenants/administration.ts';
import { ENGINES, type EngineName, openBothEngines } from '../both-engines.ts';
import { type ApiAnswer, NOW, type QueryServer, startQueryServer } from '../query-server.ts';
import { storeKeys } from '../stored-keys.ts';

jest.setTimeout(120_000);

const RW = 'sk-helicone-acme-rw';
const OPERATOR = 'sk-helicone-acme-operator';
const BOSS = 'sk-helicone-acme-boss';
const IN_AN_HOUR = new Date(NOW + 3_600_000).toISOString();

const stores = {} as Record<EngineName, AnalyticsStore>;
const caches = {} as Record<EngineName, KeyCache>;
const servers = {} as Record<EngineName, QueryServer>;
const closing: (() => Promise<unknown>)[] = [];
/** The clock of the caches: what has expired is refused by it. */
let now = NOW;

beforeAll(async () => {
  const engines = await openBothEngines();
  closing.push(() => engines.close());
  for (const engine of ENGINES) {
    stores[engine] = engines[engine];
    await (await storeKeys(stores[engine])).close();
    await stores[engine].insert(
      encodeRows(
        'api_keys',
        (['boss', 'bootstrap'] as const).map((name) => ({
          hash: hashKey(`sk-helicone-acme-${name}`),
          key_id: `acme-${name}`,
          tenant_id: 'acme',
          name,
          hint: name.slice(-4),
          permissions: ['rw', 'operator'],
          is_bootstrap: name === 'bootstrap',
          created_at: NOW - 2000,
          expires_at: null,
          version: 1n,
          is_deleted: 0,
        })),
      ),
    );
    caches[engine] = await openKeyCache({
      analytics: stores[engine],
      logger: createLogger('test', { level: 'silent' }),
      now: () => now,
      // Nothing but what calls themselves do refreshes them.
      refreshMs: 3_600_000,
    });
    closing.push(() => caches[engine].close());
    servers[engine] = await startQueryServer(stores[engine], { keys: caches[engine] });
    closing.push(() => servers[engine].close());
  }
});

afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

describe.each(ENGINES)('%s', (engine) => {
  const call = (key: string, method: string, path: string, body?: object): Promise<ApiAnswer> =>
    servers[engine].call({ method, path, body, headers: { authorization: `Bearer ${key}` } });
  const create = (body: object, key = RW) => call(key, 'POST', '/v1/api-keys', body);
  const list = async (key = RW) => (await call(key, 'GET', '/v1/api-keys')).json.data;
  const statusWith = async (key: string) => (await call(key, 'GET', '/v1/api-keys')).status;

  test('a new key is shown once, works at once, and is stored as its hash alone', async () => {
    const { status, json, headers } = await create({ api_key_name: 'one' });
    const { id, apiKey, hashedKey } = json.data;
    expect([status, json.error, headers.get('cache-control')]).toEqual([200, null, 'no-store']);
    expect(apiKey).toMatch(/^sk-helicone(-[a-z0-9]{7}){4}$/);
    expect(hashedKey).toBe(hashKey(apiKey));
    // Existing clients read the fields beside the envelope.
    expect(json).toMatchObject({ id, apiKey, hashedKey });
    expect(await statusWith(apiKey)).toBe(200);
    expect((await list()).find((key: { id: string }) => key.id === id)).toEqual({
      id,
      api_key_name: 'one',
      key_permissions: 'rw',
      hint: apiKey.slice(-4),
      is_bootstrap: false,
      created_at: new Date(NOW).toISOString(),
      last_used_at: null,
      expires_at: null,
    });
    const everything = await Promise.all(
      ['api_keys', 'audit_log', 'api_key_uses'].map((table) =>
        stores[engine].query<object>({ sql: `SELECT * FROM ${table}` }),
      ),
    );
    expect(JSON.stringify(everything)).toContain(hashedKey);
    expect(JSON.stringify(everything)).not.toContain(apiKey);
  });

  test('no key gives more than it holds: operator is given, taken and prolonged by operators only', async () => {
    for (const permissions of ['r', 'w', 'rw', 'm', 'r,w']) {
      expect((await create({ api_key_name: 'some', key_permissions: permissions })).json.error).toBeNull();
    }
    const refused = {
      status: 401,
      json: { error: 'This key lacks the permission `operator`; use a key that has it' },
    };
    for (const permissions of ['operator', 'rw,operator', 'r, operator']) {
      expect(await create({ api_key_name: 'more', key_permissions: permissions })).toMatchObject(refused);
    }
    expect((await list()).filter((key: { api_key_name: string }) => key.api_key_name === 'more')).toEqual([]);
    const given = await create({ api_key_name: 'op', key_permissions: 'rw,operator' }, BOSS);
    expect(given.json.error).toBeNull();
    const path = `/v1/api-keys/${given.json.id}`;
    expect(await call(RW, 'PATCH', path, { expires_at: null })).toMatchObject(refused);
    expect(await call(RW, 'DELETE', path)).toMatchObject(refused);
    expect(await create({ rotates: given.json.id, key_permissions: 'r' })).toMatchObject(refused);
    expect(await statusWith(given.json.apiKey)).toBe(200);
    expect((await call(BOSS, 'DELETE', path)).status).toBe(200);
  });

  test('a key is refused from the instant at which it expires', async () => {
    const { json } = await create({ api_key_name: 'short', expires_at: IN_AN_HOUR });
    expect(await statusWith(json.apiKey)).toBe(200);
    try {
      now = NOW + 3_600_000 - 1;
      expect(await statusWith(json.apiKey)).toBe(200);
      now = NOW + 3_600_000;
      expect(await statusWith(json.apiKey)).toBe(401);
    } finally {
      now = NOW;
    }
  });

  test('a deleted key is refused at once, and is gone from the list for good', async () => {
    const { json } = await create({ api_key_name: 'gone' });
    expect(await statusWith(json.apiKey)).toBe(200);
    expect(await call(RW, 'DELETE', `/v1/api-keys/${json.id}`)).toMatchObject({ status: 200, json: { data: null } });
    expect(await statusWith(json.apiKey)).toBe(401);
    for (const method of ['DELETE', 'PATCH']) {
      const body = method === 'PATCH' ? { api_key_name: 'again' } : undefined;
      expect(await call(RW, method, `/v1/api-keys/${json.id}`, body)).toMatchObject({
        status: 404,
        json: { error: 'API key not found' },
      });
    }
  });

  test('a change that was read before a deletion does not bring the key back, whichever is written first', async () => {
    for (const order of ['change first', 'deletion first']) {
      const { json } = await create({ api_key_name: order });
      const [key] = await listApiKeys(stores[engine], 'acme', json.id);
      const change = () => storeApiKeys(stores[engine], [{ ...key!, name: 'changed' }], NOW + 60_000);
      if (order === 'change first') await change();
      await deleteApiKey(stores[engine], key!, NOW);
      if (order === 'deletion first') await change();
      await caches[engine].refresh();
      expect([order, await statusWith(json.apiKey)]).toEqual([order, 401]);
    }
  });

  test('a rotated key works beside its successor until the overlap ends, and never longer than it would have', async () => {
    const old = (await create({ api_key_name: 'deploy', key_permissions: 'rw' })).json;
    const next = (await create({ rotates: old.id, overlap_seconds: 600 })).json;
    expect([await statusWith(old.apiKey), await statusWith(next.apiKey)]).toEqual([200, 200]);
    const listed = await list();
    const find = (id: string) => listed.find((key: { id: string }) => key.id === id);
    expect(find(next.id)).toMatchObject({ api_key_name: 'deploy', key_permissions: 'rw', expires_at: null });
    expect(find(old.id)).toMatchObject({ expires_at: new Date(NOW + 600_000).toISOString() });
    try {
      now = NOW + 600_000;
      expect([await statusWith(old.apiKey), await statusWith(next.apiKey)]).toEqual([401, 200]);
    } finally {
      now = NOW;
    }
    // A second rotation does not prolong the first key.
    await create({ rotates: old.id, overlap_seconds: 86_400 });
    expect((await list()).find((key: { id: string }) => key.id === old.id).expires_at).toBe(
      new Date(NOW + 600_000).toISOString(),
    );
    const atOnce = (await create({ rotates: next.id, overlap_seconds: 0 })).json;
    expect([await statusWith(next.apiKey), await statusWith(atOnce.apiKey)]).toEqual([401, 200]);
  });

  test('names and expiry can be changed, one at a time or both', async () => {
    const { id } = (await create({ api_key_name: 'a' })).json;
    const change = async (body: object) => (await call(RW, 'PATCH', `/v1/api-keys/${id}`, body)).json;
    expect((await change({ api_key_name: 'b' })).data).toMatchObject({ api_key_name: 'b', expires_at: null });
    expect((await change({ expires_at: IN_AN_HOUR })).data).toMatchObject({
      api_key_name: 'b',
      expires_at: IN_AN_HOUR,
    });
    expect((await change({ api_key_name: 'c', expires_at: null })).data).toMatchObject({
      api_key_name: 'c',
      expires_at: null,
    });
    expect((await list()).find((key: { id: string }) => key.id === id)).toMatchObject({
      api_key_name: 'c',
      expires_at: null,
    });
  });

  test('the bootstrap key is listed, and can be neither changed, nor rotated, nor deleted', async () => {
    expect((await list()).filter((key: { is_bootstrap: boolean }) => key.is_bootstrap)).toMatchObject([
      { id: 'acme-bootstrap', hint: 'trap' },
    ]);
    const path = '/v1/api-keys/acme-bootstrap';
    const answers = [
      await call(BOSS, 'DELETE', path),
      await call(BOSS, 'PATCH', path, { api_key_name: 'mine' }),
      await create({ rotates: 'acme-bootstrap' }, BOSS),
    ];
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 400, json: { error: expect.stringContaining('THROUGHLINE_API_KEY') } });
    }
    expect(await statusWith('sk-helicone-acme-bootstrap')).toBe(200);
  });

  test("another tenant's keys are not there: neither listed, nor changed, nor rotated, nor deleted", async () => {
    const ids: string[] = (await list('sk-helicone-rival-rw')).map((key: { id: string }) => key.id);
    expect(ids.length).toBeGreaterThan(0);
    expect((await list(BOSS)).filter((key: { id: string }) => ids.includes(key.id))).toEqual([]);
    const notFound = { status: 404, json: { error: 'API key not found' } };
    expect(await call(BOSS, 'DELETE', `/v1/api-keys/${ids[0]}`)).toMatchObject(notFound);
    expect(await call(BOSS, 'PATCH', `/v1/api-keys/${ids[0]}`, { api_key_name: 'x' })).toMatchObject(notFound);
    expect(await create({ rotates: ids[0] }, BOSS)).toMatchObject(notFound);
    expect((await list('sk-helicone-rival-rw')).map((key: { id: string }) => key.id)).toEqual(ids);
  });

  test.each([
    [{}, 422],
    [{ api_key_name: '' }, 422],
    [{ api_key_name: 'x'.repeat(257) }, 422],
    [{ api_key_name: 'x', key_permissions: 'admin' }, 422],
    [{ api_key_name: 'x', key_permissions: '' }, 422],
    [{ api_key_name: 'x', key_permissions: '__proto__' }, 422],
    [{ api_key_name: 'x', overlap_seconds: 5 }, 422],
    [{ api_key_name: 'x', expires_at: 'tomorrow' }, 422],
    [{ api_key_name: 'x', tenant_id: 'rival' }, 422],
    [{ rotates: 'acme-rw', overlap_seconds: -1 }, 422],
    [{ api_key_name: 'x', expires_at: new Date(NOW).toISOString() }, 400],
    [{ api_key_name: 'x', expires_at: '2300-01-01T00:00:00Z' }, 400],
    [{ rotates: 'nobody' }, 404],
  ])('%j is answered with %i, and makes no key', async (body, status) => {
    const before = await list();
    expect((await create(body)).status).toBe(status);
    expect(await list()).toEqual(before);
  });

  test('a tenant has a bounded number of keys', async () => {
    const fill = Array.from({ length: KEYS_PER_TENANT_MAX }, (_, index) => ({
      hash: `filler-${index}`,
      id: `filler-${index}`,
      tenantId: 'rival',
      name: 'filler',
      hint: '',
      permissions: ['r'] as const,
      isBootstrap: false,
      createdAtMs: NOW,
      expiresAtMs: null,
      lastUsedAtMs: null,
      version: 0n,
    }));
    await storeApiKeys(stores[engine], fill, NOW);
    expect(await create({ api_key_name: 'one more' }, 'sk-helicone-rival-rw')).toMatchObject({
      status: 400,
      json: { error: `A tenant has at most ${KEYS_PER_TENANT_MAX} keys: delete one first` },
    });
  });

  test('the last use is the latest that any process has seen', async () => {
    const { id } = (await create({ api_key_name: 'used' })).json;
    for (const at of [NOW - 60_000, NOW - 5, NOW - 90_000]) {
      const row = { tenant_id: 'acme', key_id: id, last_used_at: at, version: BigInt(at) };
      await stores[engine].insert(encodeRows('api_key_uses', [row]));
    }
    expect((await list()).find((key: { id: string }) => key.id === id).last_used_at).toBe(
      new Date(NOW - 5).toISOString(),
    );
  });

  test('a tenant is made, disabled and enabled by command; its keys work while it is enabled', async () => {
    const administration = createAdministration({
      analytics: stores[engine],
      keys: caches[engine],
      clock: { now: () => NOW },
    });
    await administration.createTenant({ id: 'new-one', name: 'A new one' });
    await expect(administration.createTenant({ id: 'new-one' })).rejects.toThrow('already');
    await expect(administration.createTenant({ id: '../etc' })).rejects.toThrow('cannot be');
    await expect(administration.createTenant({ id: 'default' })).rejects.toThrow('already');
    await expect(administration.disableTenant({ id: 'default' })).rejects.toThrow('cannot be disabled');
    await expect(administration.createKey({ tenantId: 'nobody', name: 'x' })).rejects.toThrow('no tenant "nobody"');
    const { key, id } = await administration.createKey({ tenantId: 'new-one', name: 'first' });
    expect(await statusWith(key)).toBe(200);
    expect(await list(key)).toMatchObject([{ id, api_key_name: 'first' }]);
    await administration.disableTenant({ id: 'new-one' });
    expect(await statusWith(key)).toBe(401);
    await expect(administration.createKey({ tenantId: 'new-one', name: 'x' })).rejects.toThrow('is disabled');
    expect((await administration.listTenants()).filter((tenant) => tenant.id === 'new-one')).toEqual([
      {
        ...{ id: 'new-one', name: 'A new one', createdAtMs: NOW, disabledAtMs: NOW, keys: 1 },
        ...{ retentionDays: null, bodyRetentionDays: null },
      },
    ]);
    await administration.enableTenant({ id: 'new-one' });
    expect(await statusWith(key)).toBe(200);
    await administration.revokeKey({ id });
    expect(await statusWith(key)).toBe(401);
    await expect(administration.revokeKey({ id })).rejects.toThrow('API key not found');
  });

  test('every action is in the audit log, newest first and a page at a time: who, whose, what, when', async () => {
    const { id } = (await create({ api_key_name: 'audited', expires_at: IN_AN_HOUR })).json;
    await call(RW, 'PATCH', `/v1/api-keys/${id}`, { api_key_name: 'renamed' });
    await call(BOSS, 'DELETE', `/v1/api-keys/${id}`);
    await create({ api_key_name: 'refused', key_permissions: 'operator' });
    const seen: { target: string; id: string; at: string }[] = [];
    let cursor = '';
    do {
      const { json } = await call(OPERATOR, 'GET', `/v1/system/audit?limit=7&cursor=${cursor}`);
      seen.push(...json.data);
      expect(json.data.length).toBeLessThanOrEqual(7);
      cursor = json.next_cursor;
    } while (cursor !== null);
    expect(new Set(seen.map((entry) => entry.id)).size).toBe(seen.length);
    expect(seen).toEqual([...seen].sort((a, b) => (`${a.at} ${a.id}` < `${b.at} ${b.id}` ? 1 : -1)));
    expect((await call(OPERATOR, 'GET', '/v1/system/audit?limit=1000')).json.data).toEqual(seen);

    const about = (target: string) => seen.filter((entry) => entry.target === target);
    const by = (key: string) => ({ actor: { tenant_id: 'acme', key_id: key }, tenant_id: 'acme', target: id });
    expect(about(id)).toHaveLength(3);
    expect(about(id)).toEqual(
      expect.arrayContaining(
        [
          {
            ...by('acme-rw'),
            action: 'key.create',
            details: { name: 'audited', permissions: 'rw', expires_at: IN_AN_HOUR },
          },
          { ...by('acme-rw'), action: 'key.change', details: { name: 'renamed' } },
          { ...by('acme-boss'), action: 'key.delete', details: { name: 'renamed' } },
        ].map((entry) => ({ ...entry, id: expect.any(String), at: new Date(NOW).toISOString() })),
      ),
    );
    expect(about('new-one').map((entry) => entry)).toEqual(
      expect.arrayContaining(
        ['tenant.create', 'tenant.disable', 'tenant.enable'].map((action) =>
          expect.objectContaining({ action, actor: { tenant_id: '', key_id: 'command' }, tenant_id: 'new-one' }),
        ),
      ),
    );
    expect(JSON.stringify(seen)).not.toContain('refused');
  });

  test.each(['limit=0', 'limit=1001', 'limit=x', 'cursor=x', 'limit=1&limit=2'])(
    'the log does not take %s',
    async (query) => {
      expect((await call(OPERATOR, 'GET', `/v1/system/audit?${query}`)).status).toBe(400);
    },
  );
});
