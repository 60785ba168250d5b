import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from '@jest/globals';
import { type ApiClient, createApiClient } from '@throughline/testkit/api-client';
import { checkExactness } from '@throughline/testkit/load/check-exactness';
import { countFates, createLedger } from '@throughline/testkit/load/ledger';
import { startLoad } from '@throughline/testkit/load/run-load';
import { rawCall } from '@throughline/testkit/raw-call';
import { seedFromEnv } from '@throughline/testkit/seed';
import { waitFor } from '@throughline/testkit/wait-for';
import { docker, dockerCompose } from '../src/docker-compose.ts';
import { given } from './given.ts';

/** Servers were killed: members join anew, partitions are taken over, a backlog is worked off. */
const SETTLE_MS_MAX = 180_000;

let url: string;
let key: string;
let api: ApiClient;

beforeAll(() => {
  url = given('THROUGHLINE_URL');
  key = given('THROUGHLINE_API_KEY');
  api = createApiClient(url, key);
});

test('the first session of the README works at the one address', async () => {
  const session = randomUUID();
  const answer = await rawCall({
    url: `${url}/v1/gateway/oai/v1/chat/completions`,
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer sk-of-a-provider',
      'helicone-auth': `Bearer ${key}`,
      'helicone-session-id': session,
      'helicone-session-name': 'course outline',
      'helicone-session-path': '/outline/chapter-1',
    },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] }),
  });
  expect([answer.status, answer.end]).toEqual([200, 'complete']);
  const found = await waitFor(() => api.session(session), { timeoutMs: 30_000 });
  expect(found.total_requests).toBe(1);
});

test(
  'calls are counted once while services and servers are killed, stopped and paused',
  async () => {
    const seed = seedFromEnv('the compose file under load');
    const ledger = createLedger();
    const load = startLoad({ url, key, seed, ledger, callsMax: 1_000_000, durationMsMax: 600_000 });
    try {
      await sleep(5_000);
      docker('kill', 'aggregator', 1);
      await sleep(15_000);
      docker('start', 'aggregator', 1);
      // In order, as in an upgrade: the other gateway takes its calls, and no client notices.
      docker('stop', 'gateway', 1);
      await sleep(5_000);
      docker('start', 'gateway', 1);
      await sleep(10_000);
      docker('kill', 'kafka');
      await sleep(5_000);
      docker('start', 'kafka');
      await sleep(15_000);
      docker('kill', 'redis');
      docker('start', 'redis');
      docker('pause', 'clickhouse');
      await sleep(10_000);
      docker('unpause', 'clickhouse');
      await sleep(10_000);
    } finally {
      await load.stop();
    }
    const report = await checkExactness(ledger, api, { timeoutMs: SETTLE_MS_MAX });
    expect(report.fullyReceived).toBeGreaterThan(500);
    expect(countFates(ledger).refused).toBe(0);
    await waitFor(
      () => {
        const audit = dockerCompose(['run', '--rm', '--no-deps', 'query', 'audit', '--json'], { capture: true });
        if (audit.code !== 0) throw new Error(audit.stdout);
        return true;
      },
      { what: 'a clean audit', timeoutMs: SETTLE_MS_MAX, intervalMs: 2_000 },
    );
  },
  2 * SETTLE_MS_MAX + 180_000,
);
