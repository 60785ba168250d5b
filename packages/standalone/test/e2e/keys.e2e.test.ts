import { afterEach, describe, expect, test } from '@jest/globals';
import { generateKey, PERMISSIONS, type Permission } from '@throughline/contracts/keys';
import { createApiClient } from '@throughline/testkit/api-client';
import { runThroughline } from '@throughline/testkit/process/service-process';
import { answerHeader, rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';
import { isOpenTo, type MatrixRoute, pathWith, ROUTES } from '../../../../services/query/test/permission-matrix.ts';
import { WORLD_MS_MAX } from './support/fault-length.ts';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';
import { useWorld } from './support/use-world.ts';

let instance: Instance | undefined;
afterEach(async () => {
  await instance?.stop();
  instance = undefined;
}, SETUP_MS_MAX);
const world = useWorld();

const BODY = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] });

/** A `throughline` command that has to succeed, as JSON. */
async function command<T>(args: readonly string[], env: Readonly<Record<string, string>>): Promise<T> {
  const { code, stdout, stderr } = await runThroughline([...args, '--json'], env);
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

/** What the gateway says of a call with this key: undefined when it was recorded. */
async function notRecorded(gatewayUrl: string, key: string): Promise<string | undefined> {
  const answer = await rawCall({
    url: `${gatewayUrl}/v1/gateway/oai/v1/chat/completions`,
    headers: { 'Helicone-Auth': `Bearer ${key}`, 'Helicone-Session-Id': 'by-key' },
    body: BODY,
  });
  expect(answer.status).toBe(200);
  return answerHeader(answer, 'throughline-recorded');
}

const status = async (url: string, key: string) =>
  (await createApiClient(url, key).call('POST', '/v1/property/query', {})).status;

const UNKNOWN = 'no; reason=unknown-key';

describe('one process', () => {
  test(
    'keys made over the API and by command work at once, in gateway and API, over restarts, until they are taken back',
    async () => {
      instance = await startInstance();
      const { throughline, api } = instance;
      const { url, dataDir } = throughline;
      const env = { THROUGHLINE_DATA_DIR: dataDir };

      const made = await api.call('POST', '/v1/api-keys', { api_key_name: 'by API' });
      const { id, apiKey } = (made.body as { data: { id: string; apiKey: string } }).data;
      const tenant = await command(['tenant', 'create', 'acme', 'Acme Ltd.'], env);
      expect(tenant).toMatchObject({ id: 'acme', name: 'Acme Ltd.', disabledAtMs: null, retentionDays: null, keys: 0 });
      const acme = await command<{ id: string; key: string }>(['key', 'create', 'acme', 'first'], env);
      for (const key of [apiKey, acme.key]) {
        expect([await notRecorded(url, key), await status(url, key)]).toEqual([undefined, 200]);
      }
      // Each tenant has what was recorded with its keys.
      for (const key of [apiKey, acme.key]) {
        const own = createApiClient(url, key);
        await waitFor(async () => (await own.session('by-key'))?.total_requests === 1);
      }

      await throughline.kill('SIGTERM');
      await throughline.start();
      expect([await notRecorded(url, apiKey), await status(url, acme.key)]).toEqual([undefined, 200]);
      const used = await command<{ id: string; lastUsedAtMs: number | null }[]>(['key', 'list', 'acme'], env);
      expect(used).toEqual([expect.objectContaining({ id: acme.id, lastUsedAtMs: expect.any(Number) })]);

      await throughline.kill('SIGKILL');
      await throughline.start();
      const disabled = await command(['tenant', 'disable', 'acme'], env);
      expect(disabled).toMatchObject({ id: 'acme', disabledAtMs: expect.any(Number), keys: 1 });
      expect([await notRecorded(url, acme.key), await status(url, acme.key)]).toEqual([UNKNOWN, 401]);
      expect(await command(['tenant', 'enable', 'acme'], env)).toMatchObject({ id: 'acme', disabledAtMs: null });
      expect([await notRecorded(url, acme.key), await status(url, acme.key)]).toEqual([undefined, 200]);
      await command(['tenant', 'update', 'acme', '--retention-days', '30', '--body-retention-days', '7'], env);
      await command(['tenant', 'create', 'short', '--retention-days', '2'], env);
      await command(['tenant', 'update', 'short', '--retention-days', 'default'], env);
      expect(await command(['tenant', 'list'], env)).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ id: 'acme', retentionDays: 30, bodyRetentionDays: 7 }),
          expect.objectContaining({ id: 'short', retentionDays: null, bodyRetentionDays: null }),
        ]),
      );
      await command(['key', 'revoke', acme.id], env);
      expect([await notRecorded(url, acme.key), await status(url, acme.key)]).toEqual([UNKNOWN, 401]);
      await api.call('DELETE', `/v1/api-keys/${id}`);
      expect([await notRecorded(url, apiKey), await status(url, apiKey)]).toEqual([UNKNOWN, 401]);

      await throughline.kill('SIGKILL');
      await throughline.start();
      expect([await notRecorded(url, apiKey), await status(url, acme.key)]).toEqual([UNKNOWN, 401]);
      const audit = await api.call('GET', '/v1/system/audit');
      expect((audit.body as { data: { action: string }[] }).data.map(({ action }) => action)).toEqual([
        'key.delete',
        'key.delete',
        'tenant.retention',
        'tenant.create',
        'tenant.retention',
        'tenant.enable',
        'tenant.disable',
        'key.create',
        'tenant.create',
        'key.create',
      ]);
      const listed = await api.call('GET', '/v1/api-keys');
      expect((listed.body as { data: object[] }).data).toEqual([
        expect.objectContaining({ is_bootstrap: true, hint: throughline.key.slice(-4) }),
      ]);
    },
    SETUP_MS_MAX * 3,
  );

  test(
    'every endpoint is open to the keys that it is declared for and to no others',
    async () => {
      instance = await startInstance();
      const { api, throughline } = instance;
      const make = async (body: object) => {
        const made = await api.call('POST', '/v1/api-keys', { api_key_name: 'matrix', ...body });
        return (made.body as { data: { id: string; apiKey: string } }).data;
      };
      const valid = new Map<Permission, string>();
      for (const permission of PERMISSIONS) {
        valid.set(permission, (await make({ key_permissions: permission })).apiKey);
      }
      const expired = await make({ key_permissions: 'rw,operator' });
      await make({ rotates: expired.id, overlap_seconds: 0 });
      const deleted = await make({ key_permissions: 'rw,operator' });
      await api.call('DELETE', `/v1/api-keys/${deleted.id}`);
      const invalid = [null, generateKey(), expired.apiKey, deleted.apiKey];

      const answers = async (route: MatrixRoute, key: string | null) => {
        const hasBody = route.method !== 'GET' && route.method !== 'DELETE';
        const answer = await fetch(throughline.url + pathWith(route), {
          method: route.method,
          headers: key === null ? {} : { authorization: `Bearer ${key}` },
          ...(hasBody && { body: '{}' }),
        });
        // A stream has no end: what it begins with is enough.
        await answer.body?.cancel();
        return { isIn: answer.status !== 401, isOurFault: answer.status >= 500 };
      };
      for (const route of ROUTES) {
        for (const [permission, key] of valid) {
          const expected = { isIn: isOpenTo(route, [permission]), isOurFault: false };
          expect([route.name, permission, await answers(route, key)]).toEqual([route.name, permission, expected]);
        }
        for (const key of invalid) {
          const expected = { isIn: isOpenTo(route, []), isOurFault: false };
          expect([route.name, key, await answers(route, key)]).toEqual([route.name, key, expected]);
        }
      }
    },
    SETUP_MS_MAX * 2,
  );

  test('commands say what is wrong, and that nothing runs', async () => {
    const nobody = await runThroughline(['tenant', 'list'], { THROUGHLINE_DATA_DIR: '/nowhere/at/all' });
    expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining('nothing runs on /nowhere/at/all')]);
    const wrong = await runThroughline(['key', 'create', 'acme'], {});
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('key create <tenant> <name>')]);
    const permission = await runThroughline(['key', 'create', 'acme', 'x', 'all'], {});
    expect([permission.code, permission.stderr]).toEqual([1, expect.stringContaining('"all" is no permission')]);
  });
});

test(
  'over servers, every gateway and query service knows within its refresh which keys are in force',
  async () => {
    const { addGateway, query, key, env, api } = await world('keys', { gateways: 0, aggregators: 0 });
    // Not on loopback: there a call without a key has a tenant.
    const gateway = await addGateway(undefined, { HOST: '0.0.0.0' });
    await command(['tenant', 'create', 'acme'], env);
    const acme = await command<{ id: string; key: string }>(['key', 'create', 'acme', 'first', 'rw'], env);
    const says = (expected: readonly [string | undefined, number]) =>
      waitFor(async () => {
        const now = [await notRecorded(gateway.url, acme.key), await status(query.url, acme.key)];
        if (now[0] === expected[0] && now[1] === expected[1]) return true;
        throw new Error(`they say ${now}`);
      });
    // Neither has heard of the key, and its first call is not lost.
    expect([await notRecorded(gateway.url, acme.key), await status(query.url, acme.key)]).toEqual([undefined, 200]);
    await command(['tenant', 'disable', 'acme'], env);
    await says([UNKNOWN, 401]);
    await command(['tenant', 'enable', 'acme'], env);
    await says([undefined, 200]);
    const made = await createApiClient(query.url, acme.key).call('POST', '/v1/api-keys', {
      rotates: acme.id,
      overlap_seconds: 0,
    });
    await says([UNKNOWN, 401]);
    const next = (made.body as { data: { id: string; apiKey: string } }).data;
    expect([await notRecorded(gateway.url, next.apiKey), await status(query.url, next.apiKey)]).toEqual([
      undefined,
      200,
    ]);
    await gateway.stop();
    await query.kill('SIGTERM');
    const used = await command<object[]>(['key', 'list', 'acme'], env);
    expect(used).toEqual([
      expect.objectContaining({ id: next.id, lastUsedAtMs: expect.any(Number) }),
      expect.objectContaining({ id: acme.id, lastUsedAtMs: expect.any(Number), expiresAtMs: expect.any(Number) }),
    ]);
    await query.start();
    const keys = await api.call('GET', '/v1/api-keys');
    expect((keys.body as { data: object[] }).data).toEqual([
      expect.objectContaining({ is_bootstrap: true, hint: key.slice(-4) }),
    ]);
  },
  WORLD_MS_MAX,
);
