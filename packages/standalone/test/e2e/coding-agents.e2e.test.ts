import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CODING_AGENTS } from '@throughline/testkit/agents/coding-agents';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

const TURNS = 3;

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
}, SETUP_MS_MAX);
afterAll(() => instance?.stop(), SETUP_MS_MAX);

test('coding agents that know nothing of us have each of their sessions, turns interleaved', async () => {
  const sessions = CODING_AGENTS.map((agent) => ({ agent, id: randomUUID() }));
  for (let turn = 0; turn < TURNS; turn++) {
    await Promise.all(
      sessions.map(async ({ agent, id }) => {
        const answer = await fetch(`${instance.throughline.url}${agent.path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...agent.headers(id) },
          body: JSON.stringify(agent.body(id, turn)),
        });
        expect([agent.name, answer.status]).toEqual([agent.name, 200]);
        await answer.bytes();
      }),
    );
  }
  for (const { agent, id } of sessions) {
    const sessionId = agent.sessionId(id);
    const stored = await instance.storedSession(sessionId, TURNS);
    for (const request of stored) {
      expect(request).toMatchObject({
        session_id: sessionId,
        session_name: '',
        session_path: '',
        session_rule: agent.rule,
        response_status: 200,
      });
    }
    const session = await instance.api.session(sessionId);
    expect(session).toMatchObject({ total_requests: TURNS, session_name: '', session_names: [] });
  }
});

test(
  'rules that are switched off name no session',
  async () => {
    const off = await startInstance({
      SESSION_RULES: '-body-prompt-cache-key,-body-metadata-user-id',
      ESTIMATE_TOKENS: 'false',
    });
    try {
      const calls = CODING_AGENTS.map((agent) => ({ agent, id: randomUUID() }));
      const stored = await Promise.all(
        calls.map(async ({ agent, id }) => {
          const answer = await fetch(`${off.throughline.url}${agent.path}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...agent.headers(id) },
            body: JSON.stringify(agent.body(id, 0)),
          });
          await answer.bytes();
          return await off.stored(answer.headers.get('helicone-id')!);
        }),
      );
      const isOff = (rule: string) => rule === 'body-prompt-cache-key' || rule === 'body-metadata-user-id';
      expect(stored.map(({ session_rule }) => session_rule)).toEqual(
        calls.map(({ agent }) => (isOff(agent.rule) ? null : agent.rule)),
      );
    } finally {
      await off.stop();
    }
  },
  SETUP_MS_MAX,
);
