import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { SESSION_RULES } from '@throughline/contracts/request-event';
import { CODING_AGENTS, type CodingAgent } from '@throughline/testkit/agents/coding-agents';
import { useCleanups } from '../support/clean-up.ts';
import { type Harness, type HarnessOptions, request, startGateway, startUpstream } from '../support/gateway-harness.ts';

const cleanups = useCleanups();

/** A gateway before a provider that answers when it has the whole request, or at once. */
async function setUp(config: HarnessOptions['config'] = {}, answersAtOnce = false): Promise<Harness> {
  const upstream = await startUpstream((req, res) => {
    const answer = () => res.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
    req.on('end', answersAtOnce ? () => {} : answer).resume();
    if (answersAtOnce) answer();
  });
  cleanups.push(upstream.close);
  const providerOrigins = { OPENAI: upstream.origin, ANTHROPIC: upstream.origin };
  const gateway = await startGateway({ providerOrigins, config });
  cleanups.push(gateway.close);
  return gateway;
}

const JSON_TYPE = { 'content-type': 'application/json' };

async function post(gateway: Harness, body: unknown, headers: Record<string, string> = {}) {
  const options = { method: 'POST', headers: { ...JSON_TYPE, ...headers } };
  const bytes = Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const { status } = await request(`${gateway.origin}/v1/gateway/oai/v1/responses`, { ...options, body: bytes });
  expect(status).toBe(200);
}

async function turn(gateway: Harness, agent: CodingAgent, session: string, at: number): Promise<void> {
  const { status } = await request(`${gateway.origin}${agent.path}`, {
    method: 'POST',
    headers: { ...JSON_TYPE, ...agent.headers(session) },
    body: JSON.stringify(agent.body(session, at)),
  });
  expect(status).toBe(200);
}

describe('calls without a header of ours', () => {
  test('of coding agents, interleaved, are each in the session of their agent', async () => {
    const gateway = await setUp();
    const sessions = CODING_AGENTS.flatMap((agent) => [agent, agent].map((one) => ({ agent: one, id: randomUUID() })));
    const turns = 5;
    for (let at = 0; at < turns; at++) {
      await Promise.all(sessions.map(({ agent, id }) => turn(gateway, agent, id, at)));
    }
    const events = await gateway.recorded(sessions.length * turns);
    // The last turns are longer than what is read before a call goes out.
    expect(events.some((event) => event.request_body.size > 64 * 1024)).toBe(true);
    for (const { agent, id } of sessions) {
      const own = events.filter(({ session }) => session?.id === agent.sessionId(id));
      expect([agent.name, own.length]).toEqual([agent.name, turns]);
      for (const { session } of own) expect(session).toMatchObject({ name: '', path: '', rule: agent.rule });
    }
  });

  test('are in no session where the rule is off, or the body is not JSON', async () => {
    const isOn = (rule: string) => rule !== 'body-prompt-cache-key';
    const gateway = await setUp({ sessionRules: SESSION_RULES.filter(isOn) });
    await post(gateway, { prompt_cache_key: 'k', conversation: null });
    await post(gateway, { prompt_cache_key: 'k', metadata: { session_id: 'm' } });
    await post(gateway, { conversation: 'c' }, { 'content-type': 'text/plain' });
    await post(gateway, { conversation: 'c' }, { 'Helicone-Session-Id': 'named', 'Helicone-Session-Path': '/a' });
    await post(gateway, { conversation: 'c' }, { 'Helicone-Session-Name': 'n', 'Helicone-Session-Path': '/a' });
    const events = await gateway.recorded(5);
    expect(events.map(({ session }) => session)).toEqual([
      null,
      { id: 'm', name: '', path: '', rule: 'body-metadata-session-id' },
      null,
      { id: 'named', name: '', path: '/a', rule: 'helicone-session-id' },
      { id: 'c', name: 'n', path: '/a', rule: 'body-conversation' },
    ]);
  });

  test('may be compressed, or longer than what is kept of them', async () => {
    const gateway = await setUp({ captureBytesMax: 1_000 });
    const filler = 'x'.repeat(2_000);
    await post(gateway, gzipSync('{"prompt_cache_key":"zipped"}'), { 'content-encoding': 'gzip' });
    await post(gateway, { prompt_cache_key: 'first', input: filler });
    await post(gateway, { input: filler, prompt_cache_key: 'behind' });
    const events = await gateway.recorded(3);
    expect(events.map(({ session }) => session?.id)).toEqual(['zipped', 'first', undefined]);
  });

  test('are looked into as far as they came when the provider answers before their end', async () => {
    const gateway = await setUp({ bufferedRequestBytesMax: 0 }, true);
    await post(gateway, { prompt_cache_key: 'early', input: 'x'.repeat(1_000) });
    const [event] = await gateway.recorded(1);
    const { bytes } = event!.request_body;
    const said = Buffer.from(bytes).includes('"early"');
    expect(event!.session?.id).toBe(said ? 'early' : undefined);
  });
});
