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
