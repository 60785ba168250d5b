import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { generateKey } from '@throughline/contracts/keys';
import { answerHeader, type RawAnswer, rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';
import { PARKING_SERVER_CRASH_POINTS } from '../../src/crash-points.ts';
import { metric, SETTLE_MS_MAX } from './support/distributed-world.ts';
import { WORLD_MS_MAX } from './support/fault-length.ts';
import { useWorld } from './support/use-world.ts';

const world = useWorld();
const BODY = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Wait for me' }] });
const SESSIONS = 3;

test(
  `a gateway that has never read the keys records every call of a key that exists once, killed at any moment too`,
  async () => {
    const { servers, addGateway, dataDirOf, api, key, cleanAudit, provider } = await world('parked', {
      gateways: 0,
      aggregators: 1,
    });
    const { clickhouse } = servers;
    await clickhouse.kill();
    // Not on loopback: there every call has a tenant.
    const gateway = await addGateway(undefined, { HOST: '0.0.0.0' });
    const expected = new Set<string>();
    let calls = 0;
    const call = async (isWrong: boolean): Promise<RawAnswer> => {
      const answer = await rawCall({
        url: `${gateway.url}/v1/gateway/oai/v1/chat/completions`,
        headers: {
          'Helicone-Auth': `Bearer ${isWrong ? generateKey() : key}`,
          'Helicone-Session-Id': `parked-${calls++ % SESSIONS}`,
        },
        body: BODY,
      });
      if (answer.end !== 'complete') return answer;
      expect([answer.status, answerHeader(answer, 'throughline-recorded')]).toEqual([200, undefined]);
      if (!isWrong) expected.add(answerHeader(answer, 'helicone-id')!);
      return answer;
    };
    for (let index = 0; index < 25; index++) await call(index % 5 === 0);
    await gateway.kill('SIGKILL');
    await gateway.start();
    for (let index = 0; index < 25; index++) await call(index % 5 === 0);
    expect(await metric(gateway, 'throughline_outbox_parked_events')).toBe(50);

    const generic = await rawCall({
      url: `${gateway.url}/v1/chat/completions`,
      headers: {
        Host: 'gateway.helicone.ai',
        'Helicone-Target-URL': provider.origin,
        'Helicone-Auth': `Bearer ${key}`,
      },
      body: BODY,
    });
    expect([generic.status, JSON.parse(generic.body.toString())['helicone-error']]).toEqual([503, 'keys-unavailable']);

    const unknownBefore = expected.size;
    const undecided: RawAnswer[] = [];
    await gateway.kill('SIGKILL');
    for (const point of PARKING_SERVER_CRASH_POINTS) {
      if (clickhouse.pid !== undefined) await clickhouse.kill();
      // As a new volume has none.
      rmSync(join(dataDirOf(gateway), 'keys.json'), { force: true });
      await gateway.start({ THROUGHLINE_CRASH_AT: point });
      const answer = await call(false).catch(() => undefined);
      if (answer && answer.end !== 'complete') undecided.push(answer);
      await clickhouse.restart();
      expect([point, (await gateway.exited()).signal]).toEqual([point, 'SIGKILL']);
    }
    // Where a call was under way when the gateway died, nobody was told that it was recorded.
    expect(undecided.length).toBeLessThanOrEqual(1);
    expect(expected.size - unknownBefore).toBeGreaterThanOrEqual(PARKING_SERVER_CRASH_POINTS.length - 1);
    await gateway.start();

    const stored = await waitFor(
      async () => {
        const sessions = await Promise.all(
          Array.from({ length: SESSIONS }, (_, index) => api.sessionRequests(`parked-${index}`)),
        );
        const ids = sessions.flat().map(({ request_id }) => request_id);
        const missing = [...expected].filter((id) => !ids.includes(id));
        if (missing.length > 0) throw new Error(`${missing.length} calls are not there yet`);
        return ids;
      },
      { what: 'every call of the key that exists', timeoutMs: SETTLE_MS_MAX },
    );
    expect(new Set(stored).size).toBe(stored.length);
    expect(stored.length - expected.size).toBeLessThanOrEqual(undecided.length);
    await cleanAudit();
    const totals = await Promise.all(
      Array.from({ length: SESSIONS }, async (_, index) => (await api.session(`parked-${index}`))!.total_requests),
    );
    expect(totals.reduce((sum, count) => sum + count, 0)).toBe(stored.length);
    expect(await metric(gateway, 'throughline_outbox_parked_events')).toBe(0);
  },
  WORLD_MS_MAX,
);
