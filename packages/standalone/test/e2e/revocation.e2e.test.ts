import { afterEach, expect, test } from '@jest/globals';
import { createApiClient } from '@throughline/testkit/api-client';
import { rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';
import { WORLD_MS_MAX } from './support/fault-length.ts';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';
import { useWorld } from './support/use-world.ts';

let instance: Instance | undefined;
afterEach(async () => {
  await instance?.stop();
  instance = undefined;
}, SETUP_MS_MAX);
const world = useWorld();

/** What a revoked key may still do, and for how long: what is promised (`docs/security.md`). */
const PROMISED_MS = 10_000;

/** Every way in that asks for a key: whether it lets this one in. */
async function open(gateways: readonly { url: string }[], queries: readonly { url: string }[], key: string) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const log = JSON.stringify({
    providerRequest: { url: 'x', json: {}, meta: {} },
    providerResponse: { json: {}, status: 200, headers: {} },
    timing: {
      startTime: { seconds: 1_790_000_000, milliseconds: 0 },
      endTime: { seconds: 1_790_000_000, milliseconds: 0 },
    },
  });
  const asked = [
    ...gateways.flatMap(({ url }) => [
      { url: `${url}/v1/gateway/oai/v1/chat/completions`, body: '{"model":"gpt-4o","messages":[]}' },
      { url: `${url}/custom/v1/log`, body: log },
      { url: `${url}/v1/trace/custom/v1/log`, body: log },
      { url: `${url}/v1/traces`, body: '{"resourceSpans":[]}' },
    ]),
    ...queries.map(({ url }) => ({ url: `${url}/v1/property/query`, body: '{}' })),
  ];
  const answers = await Promise.all(asked.map((call) => rawCall({ ...call, headers })));
  return answers.map(({ status }, at) => `${new URL(asked[at]!.url).pathname} ${status}`);
}

const isIn = (answer: string) => answer.endsWith(' 200');
const isOut = (answer: string) => answer.endsWith(' 401');

async function makeKey(apiUrl: string, key: string) {
  const made = await createApiClient(apiUrl, key).call('POST', '/v1/api-keys', { api_key_name: 'to be revoked' });
  return (made.body as { data: { id: string; apiKey: string } }).data;
}

test(
  'in one process a deleted key is out at once',
  async () => {
    // Gateways let calls without a valid key through where that is not refused.
    instance = await startInstance({ REQUIRE_KEY: 'true' });
    const { throughline, api } = instance;
    const { id, apiKey } = await makeKey(throughline.url, throughline.key);
    const before = await open([throughline], [throughline], apiKey);
    expect([before.filter(isIn), before.length]).toEqual([before, 5]);
    await api.call('DELETE', `/v1/api-keys/${id}`);
    const after = await open([throughline], [throughline], apiKey);
    expect(after.filter(isOut)).toEqual(after);
  },
  SETUP_MS_MAX * 2,
);

test(
  'over servers a deleted key is out everywhere within ten seconds, also of gateways that lost ClickHouse meanwhile',
  async () => {
    const { gateways, query, key, api, servers } = await world('revocation', {
      gateways: 2,
      aggregators: 0,
      env: { REQUIRE_KEY: 'true' },
    });
    const out = async (apiKey: string) =>
      waitFor(
        async () => {
          const answers = await open(gateways, [query], apiKey);
          if (answers.every(isOut)) return true;
          throw new Error(`they say ${answers.join(', ')}`);
        },
        { what: 'the key to be out everywhere', timeoutMs: PROMISED_MS, intervalMs: 200 },
      );
    const first = await makeKey(query.url, key);
    const before = await open(gateways, [query], first.apiKey);
    expect([before.filter(isIn), before.length]).toEqual([before, 9]);
    await api.call('DELETE', `/v1/api-keys/${first.id}`);
    await out(first.apiKey);

    // Deleted, and ClickHouse is gone before anybody has heard of it: those who knew the key go on with it, and nobody can
    // say otherwise until ClickHouse is back; the time is counted from then on.
    const second = await makeKey(query.url, key);
    expect((await open(gateways, [query], second.apiKey)).every(isIn)).toBe(true);
    await api.call('DELETE', `/v1/api-keys/${second.id}`);
    await servers.clickhouse.kill();
    const during = await api.call('POST', '/v1/api-keys', { api_key_name: 'not now' });
    expect(during.status).toBe(503);
    const lasting = await open(gateways, [], key);
    expect(lasting.filter(isIn)).toEqual(lasting);
    await servers.clickhouse.restart();
    await out(second.apiKey);
    const others = await open(gateways, [query], key);
    expect(others.filter(isIn)).toEqual(others);
  },
  WORLD_MS_MAX,
);
