import { describe, expect, jest, test } from '@jest/globals';
import { encodeRows } from '@throughline/analytics/tables';
import { ENGINES } from '../both-engines.ts';
import { NOW } from '../query-server.ts';
import { useBothQueryServers } from '../use-query-server.ts';

jest.setTimeout(120_000);

const both = useBothQueryServers(async (analytics) => {
  const view = { tenant_id: 'empty', url: '/', created_at: NOW, updated_at: NOW, version: 1n, is_deleted: 0 } as const;
  const rows = Array.from({ length: 499 }, (_, i) => ({ ...view, name: `view ${i}`, view_id: `view-${i}` }));
  await analytics.insert(encodeRows('views', rows));
});

describe.each(ENGINES)('saved views, %s', (engine) => {
  const server = () => (engine === 'in process' ? both.inProcess : both.overHttp);
  const call = (method: string, path: string, body?: object, key = 'acme:rw') =>
    server().call({ method, path: `/v1/views${path}`, ...(body && { body }), key });
  const names = async (key = 'acme:r') =>
    (await call('GET', '', undefined, key)).json.data.map(({ name }: { name: string }) => name);

  test('are made, listed by name, changed, and deleted', async () => {
    const made = await call('POST', '', { name: '  Dear ones ', url: '/sessions?sort=total_cost&filter=%7B%7D' });
    expect(made.json.data).toEqual({
      id: expect.any(String),
      name: 'Dear ones',
      url: '/sessions?sort=total_cost&filter=%7B%7D',
      created_at: new Date(NOW).toISOString(),
      updated_at: new Date(NOW).toISOString(),
    });
    const { id } = made.json.data;
    await call('POST', '', { name: '__proto__', url: '/' });
    expect(await names()).toEqual(['Dear ones', '__proto__']);

    const changed = await call('PUT', `/${id}`, { name: 'Zuletzt', url: '/metrics' });
    expect(changed.json.data).toMatchObject({ id, name: 'Zuletzt', url: '/metrics' });
    expect(await names()).toEqual(['Zuletzt', '__proto__'].sort());
    // The name is free again.
    expect((await call('POST', '', { name: 'Dear ones', url: '/users' })).status).toBe(200);
    expect((await call('PUT', `/${id}`, { name: 'Zuletzt', url: '/keys' })).json.data.url).toBe('/keys');

    expect((await call('DELETE', `/${id}`)).json.data).toBeNull();
    expect(await names()).toEqual(['Dear ones', '__proto__']);
    expect((await call('DELETE', `/${id}`)).status).toBe(404);
    expect((await call('PUT', `/${id}`, { name: 'x', url: '/' })).status).toBe(404);
    // And once more under the name of a deleted one.
    expect((await call('POST', '', { name: 'Zuletzt', url: '/again' })).status).toBe(200);
    expect(await names()).toEqual(['Dear ones', 'Zuletzt', '__proto__']);
  });

  test('have names of their own, within a tenant, and bounded addresses', async () => {
    expect((await call('POST', '', { name: 'long', url: `/${'a'.repeat(16_384)}` })).status).toBe(422);
    expect((await call('POST', '', { name: 'Dear ones', url: '/' })).status).toBe(409);
    const { id } = (await call('POST', '', { name: 'other', url: '/' })).json.data;
    expect((await call('PUT', `/${id}`, { name: 'Dear ones', url: '/' })).status).toBe(409);
    await call('DELETE', `/${id}`);
    const atOnce = await Promise.all([1, 2, 3].map(() => call('POST', '', { name: 'at once', url: '/' })));
    expect(atOnce.map(({ status }) => status).sort()).toEqual([200, 409, 409]);

    expect(await names('rival:r')).toEqual([]);
    expect((await call('POST', '', { name: 'Dear ones', url: '/rival' }, 'rival:w')).status).toBe(200);
    const theirs = (await call('GET', '', undefined, 'rival:r')).json.data[0];
    for (const method of ['PUT', 'DELETE']) {
      const body = method === 'PUT' ? { name: 'mine', url: '/' } : undefined;
      expect((await call(method, `/${theirs.id}`, body)).status).toBe(404);
    }
    expect((await call('GET', '', undefined, 'rival:r')).json.data).toEqual([theirs]);
    expect((await call('POST', '', { name: 'x', url: '/' }, 'acme:r')).status).toBe(401);
  });

  test.each([
    'https://elsewhere.example/',
    '//elsewhere.example/',
    '/\\elsewhere.example/',
    'javascript:alert(1)',
    'sessions',
    '',
    '/a\nb',
    '/\t/elsewhere.example',
  ])('lead to no other place: %j', async (url) => {
    expect((await call('POST', '', { name: 'elsewhere', url })).status).toBe(422);
  });
});

test('there are at most 500 of a tenant', async () => {
  const call = (name: string) =>
    both.overHttp.call({ method: 'POST', path: '/v1/views', body: { name, url: '/' }, key: 'empty:rw' });
  expect((await call('one')).status).toBe(200);
  expect((await call('one more')).status).toBe(400);
});
