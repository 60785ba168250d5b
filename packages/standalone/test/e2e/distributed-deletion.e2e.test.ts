import { afterEach, describe, expect, test } from '@jest/globals';
import { connectHttpAnalytics } from '@throughline/analytics/http/connect-http-analytics';
import { WITH_TOMBSTONES } from '@throughline/analytics/read-settings';
import { answerHeader, rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';
import { startWorld, type World } from './support/distributed-world.ts';

/** Servers and services up, a load, what is read back, on a busy machine. */
const TEST_MS_MAX = 240_000;
/** Stands in everything that is to be gone. */
const MARK = 'zq-mark';

let world: World | undefined;
afterEach(async () => {
  await world?.[Symbol.asyncDispose]();
  world = undefined;
}, 60_000);

async function call(
  { gateways, key, api }: World,
  headers: Readonly<Record<string, string>>,
  text = 'nothing',
): Promise<string> {
  const answer = await rawCall({
    url: `${gateways[0]!.url}/v1/gateway/oai/v1/chat/completions`,
    headers: { 'Helicone-Auth': `Bearer ${key}`, authorization: 'Bearer sk-provider-key', ...headers },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: text }] }),
  });
  expect(answer.status).toBe(200);
  const id = answerHeader(answer, 'Helicone-Id')!;
  await waitFor(() => api.request(id), { what: `request ${id}`, timeoutMs: 30_000 });
  return id;
}

/** A deletion that a busy machine does not carry out within the time of a call is carried out all the same. */
async function remove({ api }: World, path: string): Promise<unknown> {
  const { status, body } = await api.call<{ data: unknown }>('DELETE', path);
  if (status === 200) return body.data;
  expect([status, JSON.stringify(body)]).toEqual([503, expect.stringContaining('It is recorded')]);
  const isGone = async () => (await api.call('DELETE', path)).status === 404;
  await waitFor(isGone, { what: `${path} to be gone`, timeoutMs: 30_000 });
  return undefined;
}

describe('what is deleted, over Kafka, Redis and ClickHouse', () => {
  test(
    'is gone from the next read in every partition, then from the stores, and the audit is clean',
    async () => {
      world = await startWorld({
        seed: 1,
        aggregators: 2,
        partitions: 4,
        env: { PURGE_DELAY_SECONDS: '1', RETENTION_INTERVAL_SECONDS: '1' },
      });
      const { api, servers } = world;
      const secret = {
        'Helicone-User-Id': `${MARK}-user`,
        'Helicone-Session-Name': `${MARK}-name`,
        'Helicone-Property-Secret': `${MARK}-value`,
      };
      const sessions = Array.from({ length: 6 }, (_, i) => `session ${i}`);
      const ids: string[] = [];
      for (const session of sessions) {
        ids.push(await call(world, { ...secret, 'Helicone-Session-Id': session }, `${MARK}-text`));
      }
      ids.push(await call(world, secret, `${MARK}-text`));
      const kept = await call(world, { 'Helicone-Session-Id': sessions[1]! });
      const deleted = await remove(world, `/v1/session/${encodeURIComponent(sessions[0]!)}`);
      expect([undefined, { requests: 1 }]).toContainEqual(deleted);
      expect(await api.session(sessions[0]!)).toBeUndefined();
      expect([undefined, { requests: 6 }]).toContainEqual(await remove(world, `/v1/user/${MARK}-user/data`));
      for (const id of ids) expect((await api.call('GET', `/v1/request/${id}`)).status).toBe(404);
      expect((await api.requests()).map(({ request_id }) => request_id)).toEqual([kept]);
      expect((await api.sessions()).map(({ session_id }) => session_id)).toEqual([sessions[1]]);
      expect(await api.session(sessions[1]!)).toMatchObject({ total_requests: 1, user_ids: [] });
      await call(world, { 'Helicone-Session-Id': sessions[0]! });
      expect(await api.session(sessions[0]!)).toMatchObject({ total_requests: 1, session_names: [] });
      await world.cleanAudit();

      const analytics = connectHttpAnalytics({ url: servers.clickhouse.url });
      try {
        await waitFor(
          async () => {
            const found: string[] = [];
            for (const table of ['requests', 'request_bodies', 'annotations', 'sessions', 'ledger_exceptions']) {
              const rows = await analytics.query({ sql: `SELECT * FROM ${table}`, settings: WITH_TOMBSTONES });
              for (const row of rows) if (JSON.stringify(row).includes(MARK)) found.push(table);
            }
            if (found.length > 0) throw new Error(found.join(', '));
            return true;
          },
          { what: 'tables without it', timeoutMs: 60_000, intervalMs: 500 },
        );
      } finally {
        await analytics.close();
      }
      for (const name of (await servers.redis.cli('KEYS', '{tl:*')).split('\n')) {
        const type = await servers.redis.cli('TYPE', name);
        const value = type === 'string' ? await servers.redis.cli('GET', name) : '';
        const fields = type === 'hash' ? await servers.redis.cli('HVALS', name) : '';
        expect(value + fields).not.toContain(MARK);
      }
      await world.cleanAudit();
    },
    TEST_MS_MAX,
  );
});
