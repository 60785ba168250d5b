import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { CODING_AGENTS } from '@throughline/testkit/agents/coding-agents';
import { waitFor } from '@throughline/testkit/wait-for';
import { SETTLE_MS_MAX } from './support/distributed-world.ts';
import { WORLD_MS_MAX } from './support/fault-length.ts';
import { useWorld } from './support/use-world.ts';

const world = useWorld();
const TURNS = 4;

test(
  'over servers, sessions that only bodies name are whole, and tokens are estimated the same, whichever services a turn meets',
  async () => {
    const { gateways, key, api, cleanAudit } = await world('sessions', { gateways: 2, aggregators: 2, partitions: 4 });
    const sessions = CODING_AGENTS.map((agent) => ({ agent, id: randomUUID() }));
    for (let turn = 0; turn < TURNS; turn++) {
      await Promise.all(
        sessions.map(async ({ agent, id }, at) => {
          const gateway = gateways[(at + turn) % gateways.length]!;
          const answer = await fetch(`${gateway.url}${agent.path}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'helicone-auth': `Bearer ${key}`, ...agent.headers(id) },
            body: JSON.stringify(agent.body(id, turn)),
          });
          expect([agent.name, answer.status]).toEqual([agent.name, 200]);
          await answer.bytes();
        }),
      );
    }
    for (const { agent, id } of sessions) {
      const stored = await waitFor(
        async () => {
          const requests = await api.sessionRequests(agent.sessionId(id));
          if (requests.length === TURNS) return requests;
          throw new Error(`${agent.name} has ${requests.length}`);
        },
        { what: `${TURNS} turns`, timeoutMs: SETTLE_MS_MAX },
      );
      expect(new Set(stored.map(({ session_rule }) => session_rule))).toEqual(new Set([agent.rule]));
      // Chat completions that stream, and say nothing of usage unless they are asked to.
      const isSilent = agent.path.endsWith('/chat/completions') && agent.body(id, 0).stream === true;
      for (const call of stored) expect(call.cost_source).toBe(isSilent ? 'estimated' : 'table');
      // Each turn reads what the one before it did, and more.
      const read = stored.map((call) => call.prompt_tokens! + (call.prompt_cache_read_tokens ?? 0));
      if (isSilent) expect([...read].sort((a, b) => a - b)).toEqual(read);
      expect(await api.session(agent.sessionId(id))).toMatchObject({
        total_requests: TURNS,
        completion_tokens: stored.reduce((sum, call) => sum + call.completion_tokens!, 0),
      });
    }
    await cleanAudit();
  },
  WORLD_MS_MAX,
);

test(
  'over servers, gateways let as many calls through together as a rate limit says, and all of them while Redis is away',
  async () => {
    const { gateways, key, api, servers } = await world('limits', { gateways: 2, aggregators: 1, partitions: 1 });
    const call = async (at: number, session: string) => {
      const answer = await fetch(`${gateways[at % gateways.length]!.url}/v1/gateway/oai/v1/chat/completions`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'helicone-auth': `Bearer ${key}`,
          'helicone-session-id': session,
          'helicone-ratelimit-policy': '7;w=3600',
        },
        body: '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Next?"}]}',
      });
      await answer.bytes();
      return answer.status;
    };
    // What gateways connect with is connected by their first calls.
    const first = [await call(0, 'limited'), await call(1, 'limited')];
    const others = await Promise.all(Array.from({ length: 18 }, (_, at) => call(at, 'limited')));
    const statuses = [...first, ...others].sort();
    expect(statuses).toEqual([...Array(7).fill(200), ...Array(13).fill(429)]);
    await waitFor(async () => (await api.session('limited'))?.total_requests === 20, {
      what: 'all of them',
      timeoutMs: SETTLE_MS_MAX,
    });
    expect(await api.session('limited')).toMatchObject({ error_count: 13 });
    await servers.redis.kill();
    expect(await Promise.all([call(0, 'away'), call(1, 'away')])).toEqual([200, 200]);
  },
  WORLD_MS_MAX,
);
