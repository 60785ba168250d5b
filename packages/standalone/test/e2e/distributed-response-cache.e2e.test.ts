import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { SCRIPT_HEADER } from '@throughline/testkit/fake-provider/script';
import type { ServiceProcess } from '@throughline/testkit/process/service-process';
import { waitFor } from '@throughline/testkit/wait-for';
import { SETTLE_MS_MAX } from './support/distributed-world.ts';
import { WORLD_MS_MAX } from './support/fault-length.ts';
import { useWorld } from './support/use-world.ts';

const world = useWorld();

test(
  'over servers, gateways share answers and the places of runs in recorded sessions through Redis, and do without while it is away',
  async () => {
    const { gateways, servers, key, api, provider, cleanAudit } = await world('cache', {
      gateways: 2,
      aggregators: 1,
      partitions: 2,
    });
    const sessionId = `cached-${randomUUID()}`;
    const ask = async (gateway: ServiceProcess) => {
      const answer = await fetch(`${gateway.url}/v1/gateway/oai/v1/chat/completions`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: 'Bearer sk-provider-key',
          'helicone-auth': `Bearer ${key}`,
          'helicone-session-id': sessionId,
          'helicone-cache-enabled': 'true',
        },
        body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Whose is it?' }] }),
      });
      expect(answer.status).toBe(200);
      await answer.bytes();
      return { said: answer.headers.get('helicone-cache'), id: answer.headers.get('helicone-id')! };
    };
    const [one, other] = gateways as [ServiceProcess, ServiceProcess];
    const said: (string | null)[] = [];
    const paid = await ask(one);
    for (const gateway of [other, one]) said.push((await ask(gateway)).said);
    expect([paid.said, ...said]).toEqual(['MISS', 'HIT', 'HIT']);
    expect(provider.exchanges).toHaveLength(1);

    // The same question three times, with three answers; each next one of a run is asked for at the other gateway.
    const again = async (gateway: ServiceProcess, session: string, more: Record<string, string>) => {
      const answer = await fetch(`${gateway.url}/v1/gateway/oai/v1/chat/completions`, {
        method: 'POST',
        headers: { 'helicone-auth': `Bearer ${key}`, 'helicone-session-id': session, ...more },
        body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Again?' }] }),
      });
      return { status: answer.status, text: await answer.text() };
    };
    const recorded: string[] = [];
    for (const seed of [1, 2, 3]) {
      recorded.push((await again(one, 'recorded', { [SCRIPT_HEADER]: JSON.stringify({ seed }) })).text);
    }
    expect(new Set(recorded).size).toBe(3);
    await waitFor(async () => (await api.sessionRequests('recorded')).length === 3, {
      what: 'the recorded session',
      timeoutMs: SETTLE_MS_MAX,
    });
    const asked = provider.exchanges.length;
    const run: { status: number; text: string }[] = [];
    for (const gateway of [other, one, other, one]) {
      run.push(await again(gateway, 'run', { 'throughline-replay': 'recorded' }));
    }
    expect(run.map(({ status }) => status)).toEqual([200, 200, 200, 422]);
    expect(run.slice(0, 3).map(({ text }) => text)).toEqual(recorded);
    expect(provider.exchanges).toHaveLength(asked);

    // Redis answers nothing at first, then not even that.
    servers.redis.pause();
    expect((await again(one, 'run-2', { 'throughline-replay': 'recorded' })).status).toBe(503);
    expect((await ask(one)).said).toBe('MISS');
    await servers.redis.kill();
    expect((await ask(other)).said).toBe('MISS');
    expect(provider.exchanges).toHaveLength(asked + 2);
    await servers.redis.restart();
    let calls = 5;
    await waitFor(
      async () => {
        calls++;
        return (await ask(one)).said === 'HIT';
      },
      { what: 'a hit after the outage', timeoutMs: SETTLE_MS_MAX },
    );

    const stored = await waitFor(
      async () => {
        const requests = await api.sessionRequests(sessionId);
        if (requests.length === calls) return requests;
        throw new Error(`there are ${requests.length}`);
      },
      { what: `${calls} requests`, timeoutMs: SETTLE_MS_MAX },
    );
    const free = stored.filter(({ cost }) => cost === 0);
    // Beside those that were recorded.
    expect(free).toHaveLength(calls - (provider.exchanges.length - recorded.length));
    expect(new Set(free.map((request) => request.cache_reference_id))).toEqual(new Set([paid.id]));
    const session = (await api.session(sessionId))!;
    expect(session.total_cost).toBeCloseTo(
      stored.reduce((sum, { cost }) => sum + cost!, 0),
      12,
    );
    await cleanAudit();
  },
  WORLD_MS_MAX,
);
