import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { createApiClient } from '@throughline/testkit/api-client';
import { checkExactness } from '@throughline/testkit/load/check-exactness';
import { rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';
import { SETTLE_MS_MAX } from '../../../../packages/standalone/test/e2e/support/distributed-world.ts';
import { WORLD_MS_MAX } from '../../../../packages/standalone/test/e2e/support/fault-length.ts';
import { useWorld } from '../../../../packages/standalone/test/e2e/support/use-world.ts';
import { findNginx } from '../find-nginx.ts';
import { startNginx } from '../start-nginx.ts';

// What docker-compose.yml puts together, without Docker: nginx in front of real services over real servers.

const nginx = await findNginx();
const start = useWorld();

describeWithServers(['kafka', 'redis'], 'the one address', () => {
  if (typeof nginx === 'string' && process.env.CI !== 'true') {
    test.skip(`is not tested here: ${nginx}`, () => {});
    return;
  }

  test(
    'records and reads a first session, and stays exact while one of two gateways is replaced under load',
    async () => {
      if (typeof nginx === 'string') throw new Error(nginx);
      const world = await start('the one address', { gateways: 2, aggregators: 1 });
      await using front = await startNginx(nginx, {
        gateway: world.gateways.map(({ port }) => port),
        query: [world.query.port],
      });
      const api = createApiClient(front.origin, world.key);

      const session = randomUUID();
      const answer = await rawCall({
        url: `${front.origin}/v1/gateway/oai/v1/chat/completions`,
        headers: {
          'content-type': 'application/json',
          'helicone-auth': `Bearer ${world.key}`,
          'helicone-session-id': session,
          'helicone-session-path': '/outline/chapter-1',
        },
        body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] }),
      });
      expect([answer.status, answer.end]).toEqual([200, 'complete']);
      const found = await waitFor(() => api.session(session), { timeoutMs: SETTLE_MS_MAX, what: 'the session' });
      expect([found.total_requests, found.tree[0]?.children[0]?.path]).toEqual([1, '/outline/chapter-1']);

      const load = world.load({ url: front.origin });
      try {
        await sleep(2_000);
        await world.gateways[0]!.stop();
        await sleep(2_000);
        await world.gateways[0]!.start();
        await sleep(2_000);
      } finally {
        await load.stop();
      }
      const report = await checkExactness(world.ledger, api, { timeoutMs: SETTLE_MS_MAX });
      expect(report.fullyReceived).toBeGreaterThan(20);
      expect((await world.cleanAudit()).clean).toBe(true);
    },
    WORLD_MS_MAX,
  );
});
