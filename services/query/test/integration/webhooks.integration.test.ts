import { describe, expect, jest, test } from '@jest/globals';
import { encodeRows } from '@throughline/analytics/tables';
import { NOW, startQueryServer } from '../query-server.ts';
import { useQueryServer } from '../use-query-server.ts';

jest.setTimeout(120_000);

const opened = useQueryServer(async (analytics) => {
  const webhook = {
    tenant_id: 'empty',
    name: '',
    destination: 'https://hooks.example/',
    secret: 'whsec_',
    include_data: true,
    sample_rate: 100,
    property_filters: [],
    api_origin: '',
    created_at: NOW,
    version: 0n,
    is_deleted: 0,
  } as const;
  const rows = Array.from({ length: 19 }, (_, i) => ({ ...webhook, webhook_id: `webhook-${i}` }));
  await analytics.insert(encodeRows('webhooks', rows));
});

const call = (method: string, path: string, body?: object, key = 'acme:rw') =>
  opened.server.call({ method, path: `/v1/webhooks${path}`, ...(body && { body }), key });

describe('webhooks', () => {
  test('are made with a key that is shown once, listed without it, and deleted', async () => {
    const made = await call('POST', '', {
      destination: 'https://hooks.example/told?by=us#here',
      name: ' told ',
      config: { sampleRate: 12.5, propertyFilters: [{ key: '__proto__', value: 'x' }] },
    });
    const { hmac_key: secret, ...webhook } = made.json.data;
    expect(webhook).toEqual({
      id: expect.any(String),
      name: 'told',
      destination: 'https://hooks.example/told?by=us',
      config: { sampleRate: 12.5, propertyFilters: [{ key: '__proto__', value: 'x' }] },
      includeData: true,
      created_at: new Date(NOW).toISOString(),
    });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(made.headers.get('cache-control')).toBe('no-store');
    const listed = await call('GET', '');
    expect(listed.json.data).toEqual([webhook]);
    expect(listed.text).not.toContain(secret);

    // Existing clients send an empty configuration.
    const other = await call('POST', '', { destination: 'https://hooks.example', config: {}, includeData: false });
    expect(other.json.data).toMatchObject({ includeData: false, config: { sampleRate: 100, propertyFilters: [] } });
    expect(other.json.data.hmac_key).not.toBe(secret);

    expect((await call('DELETE', `/${webhook.id}`)).json.data).toBeNull();
    expect((await call('GET', '')).json.data.map(({ id }: { id: string }) => id)).toEqual([other.json.data.id]);
    expect((await call('DELETE', `/${webhook.id}`)).status).toBe(404);
    const [kept] = await opened.analytics.query<{ secrets: string }>({
      sql: 'SELECT max(secret) AS secrets FROM webhooks FINAL WHERE webhook_id = {id:String}',
      params: { id: webhook.id },
    });
    expect(kept!.secrets).toBe('');
  });

  test('are those of their tenant alone, and are in the audit log without what an address may hide', async () => {
    const made = await call('POST', '', { destination: 'https://hooks.example/p4ssword' }, 'rival:rw');
    const { id } = made.json.data;
    const mine = (await call('GET', '')).json.data;
    expect(mine.map((webhook: { id: string }) => webhook.id)).not.toContain(id);
    for (const [method, path] of [
      ['DELETE', ''],
      ['GET', '/deliveries'],
    ] as const) {
      expect((await call(method, `/${id}${path}`)).status).toBe(404);
    }
    expect((await call('GET', '', undefined, 'rival:rw')).json.data).toHaveLength(1);
    for (const key of ['acme:r', 'acme:w', 'acme:m', 'acme:operator']) {
      expect((await call('GET', '', undefined, key)).status).toBe(401);
    }
    const audit = await opened.server.call({ path: '/v1/system/audit', key: 'acme:operator' });
    expect(audit.json.data).toContainEqual(
      expect.objectContaining({
        action: 'webhook.create',
        tenant_id: 'rival',
        target: id,
        details: { destination: 'https://hooks.example' },
      }),
    );
    expect(audit.text).not.toContain('p4ssword');
    expect(audit.text).not.toContain(made.json.data.hmac_key);
  });

  test.each([
    ['http://127.0.0.1/', 403],
    ['https://[::ffff:127.0.0.1]/', 403],
    ['https://2130706433/', 403],
    ['https://169.254.169.254/latest/meta-data/', 403],
    ['https://[fd00:ec2::254]/', 403],
    ['https://10.0.0.1:8443/', 403],
    ['http://hooks.example/', 400],
    ['https://user:pass@hooks.example/', 400],
    ['file:///etc/passwd', 400],
    ['javascript:alert(1)', 400],
    ['/told', 400],
    [`https://hooks.example/${'a'.repeat(2_048)}`, 422],
    ['', 422],
  ])('do not lead to %s', async (destination, status) => {
    const refused = await call('POST', '', { destination });
    expect(refused.status).toBe(status);
    expect(JSON.stringify(refused.json.error ?? '')).not.toContain('pass@');
  });

  test('lead to no name that resolves to an address of this network, but where the operator says so', async () => {
    const addresses = new Map([
      ['inside.example', '10.1.2.3'],
      ['metadata.example', '169.254.169.254'],
    ]);
    const server = await startQueryServer(opened.analytics, {
      config: { allowedTargets: ['inside.example:8080', 'metadata.example'] },
      resolve: (name, _options, answer) => {
        const address = addresses.get(name);
        if (address) answer(null, [{ address, family: 4 }]);
        else answer(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), []);
      },
    });
    try {
      const ask = async (destination: string) =>
        (await server.call({ path: '/v1/webhooks', body: { destination }, key: 'rival:rw' })).status;
      expect(await ask('https://inside.example/')).toBe(403);
      expect(await ask('https://inside.example:8080/')).toBe(200);
      // Nobody outside could read it on its way.
      expect(await ask('http://inside.example:8080/')).toBe(200);
      expect(await ask('https://metadata.example/')).toBe(403);
      // Names come and go: it is asked again for each connection.
      expect(await ask('https://nowhere.example/')).toBe(200);
    } finally {
      await server.close();
    }
  });

  test.each([
    { config: { sampleRate: 101 } },
    { config: { sampleRate: -1 } },
    { config: { sample_rate: 5 } },
    { config: { propertyFilters: [{ key: '', value: '' }] } },
    { config: { propertyFilters: ['a', 'b'].map((value) => ({ key: 'env', value })) } },
    { config: { propertyFilters: Array.from({ length: 21 }, (_, i) => ({ key: `${i}`, value: '' })) } },
    { includeData: 'yes' },
    { destinations: [] },
  ])('take nothing that means nothing: %j', async (over) => {
    expect((await call('POST', '', { destination: 'https://hooks.example/', ...over })).status).toBe(422);
  });

  test('there are at most 20 of a tenant', async () => {
    const one = { destination: 'https://hooks.example/' };
    expect((await call('POST', '', one, 'empty:rw')).status).toBe(200);
    expect((await call('POST', '', one, 'empty:rw')).status).toBe(400);
  });

  test('say what became of deliveries, those of the newest calls first', async () => {
    const { id } = (await call('POST', '', { destination: 'https://hooks.example/' }, 'rival:rw')).json.data;
    const delivery = {
      tenant_id: 'rival',
      webhook_id: id,
      source_partition: 0,
      request_id: 'request',
      state: 'delivered',
      tries: 1,
      status: 204,
      reason: '',
      next_try_at: null,
      updated_at: NOW,
      version: 1n,
    } as const;
    await opened.analytics.insert(
      encodeRows('webhook_deliveries', [
        { ...delivery, event_id: 'a', source_offset: 1, received_at: NOW - 3_000 },
        { ...delivery, event_id: 'b', source_offset: 2, received_at: NOW - 2_000, state: 'failed', reason: 'gone' },
        {
          ...{ ...delivery, event_id: 'c', source_offset: 3, received_at: NOW - 1_000, status: 0 },
          ...({ state: 'waiting', reason: 'timeout', next_try_at: NOW + 5_000 } as const),
        },
        // Of another tenant, whose webhook has the same id.
        { ...delivery, tenant_id: 'acme', event_id: 'd', source_offset: 4, received_at: NOW },
      ]),
    );
    const ask = (query = '') => call('GET', `/${id}/deliveries${query}`, undefined, 'rival:rw');
    const { data } = (await ask()).json;
    expect(data.map((one: { id: string }) => one.id)).toEqual([`c-${id}`, `b-${id}`, `a-${id}`]);
    expect(data[0]).toEqual({
      id: `c-${id}`,
      request_id: 'request',
      received_at: new Date(NOW - 1_000).toISOString(),
      state: 'waiting',
      tries: 1,
      status: null,
      reason: 'timeout',
      last_try_at: new Date(NOW).toISOString(),
      next_try_at: new Date(NOW + 5_000).toISOString(),
    });
    expect((await ask('?state=failed')).json.data).toHaveLength(1);
    expect((await ask('?limit=2')).json.data).toHaveLength(2);
    for (const query of ['?state=lost', '?limit=0', '?limit=1001', '?state=failed&state=waiting']) {
      expect((await ask(query)).status).toBe(400);
    }
  });
});
