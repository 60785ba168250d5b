import { randomUUID } from 'node:crypto';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { CODING_AGENTS } from '@throughline/testkit/agents/coding-agents';
import { waitFor } from '@throughline/testkit/wait-for';
import { SETTLE_MS_MAX } from './support/distributed-world.ts';
import { WORLD_MS_MAX } from './support/fault-length.ts';
import { replayEvents } from './support/replaying.ts';
import { useWorld } from './support/use-world.ts';

const world = useWorld();
const TURNS = 4;

test(
  'over servers, sessions that only bodies name are whole, and tokens are estimated the same, whichever services a turn meets; one is replayed',
  async () => {
    const ports: number[] = [];
    let connections = 0;
    // In front of the gateways: each connection goes to the next of them.
    const balancer = createServer((socket) => {
      const upstream = connect(ports[connections++ % ports.length]!, '127.0.0.1');
      for (const end of [socket, upstream]) end.on('error', () => {});
      socket.pipe(upstream).pipe(socket);
    });
    await new Promise<void>((resolve) => balancer.unref().listen(0, '127.0.0.1', resolve));
    const { gateways, query, key, api, cleanAudit } = await world('sessions', {
      gateways: 2,
      aggregators: 2,
      partitions: 4,
      env: { GATEWAY_URL: `http://127.0.0.1:${(balancer.address() as AddressInfo).port}` },
    });
    ports.push(...gateways.map(({ url }) => Number(new URL(url).port)));
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

    const { agent, id } = sessions[0]!;
    const { finished, steps } = await replayEvents({ throughline: { url: query.url, key } }, agent.sessionId(id), {
      sessionId: 'replayed',
      providerKeys: { ANTHROPIC: 'sk-ant', OPENAI: 'sk' },
    });
    expect(steps.map(({ status }) => status)).toEqual(Array(TURNS).fill(200));
    expect(finished).toMatchObject({ status: 'completed', done: TURNS, errors: 0, unpriced: 0 });
    const replayed = await waitFor(
      async () => {
        const session = await api.session('replayed');
        return session?.total_requests === TURNS && session;
      },
      { what: 'the replayed session', timeoutMs: SETTLE_MS_MAX },
    );
    expect(replayed.total_cost).toBeCloseTo(finished.cost, 12);
    // Its connections end with the services.
    balancer.close();
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
