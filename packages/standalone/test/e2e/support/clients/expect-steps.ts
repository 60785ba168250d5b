import { expect } from '@jest/globals';
import type { FakeUsage } from '@throughline/testkit/fake-provider/reply';
import type { Instance } from '../instance.ts';
import { type ClientUnderTest, QUESTION, TOOL } from './client-under-test.ts';

/** What a client's calls were for, in this order: a text, a streamed text, a tool call, and one that is refused with 429. */
export const STEPS = ['/plan', '/plan/write', '/search', '/limited'] as const;

/**
 * Reads a session of these steps back in every way there is and expects them as the provider told them: provider, model,
 * tokens, cost and where it is from, finish reason or error, path, bodies.
 *
 * @param usages what the provider said of each step that it answered.
 * @returns each request with its bodies, as JSON text.
 */
export async function expectSteps(
  { api, stored: whole, storedSession }: Instance,
  client: Omit<ClientUnderTest, 'connect'>,
  sessionId: string,
  usages: readonly FakeUsage[],
): Promise<string[]> {
  const stored = await storedSession(sessionId, STEPS.length);
  const answers: string[] = [];
  for (const [index, usage] of usages.entries()) {
    const path = STEPS[index]!;
    const isToolCall = path === '/search';
    const output = usage.completion_tokens! + usage.reasoning_tokens;
    const cost = (usage.prompt_tokens! * client.rates[0] + output * client.rates[1]) / 1e6;
    expect(stored[index]).toMatchObject({
      session_id: sessionId,
      session_name: 'End to end',
      session_path: path,
      provider: client.provider,
      model: client.model,
      response_status: 200,
      error: null,
      prompt_tokens: usage.prompt_tokens,
      completion_tokens: usage.completion_tokens,
      reasoning_tokens: usage.reasoning_tokens,
      usage_complete: true,
      cost: expect.closeTo(cost, 10),
      cost_source: 'table',
      finish_reason: client.finish[isToolCall ? 1 : 0],
    });
    const request = await whole(stored[index]!.request_id);
    expect(JSON.stringify(request.request_body)).toContain(QUESTION);
    if (isToolCall) expect(JSON.stringify(request.response_body)).toContain(TOOL.name);
    answers.push(JSON.stringify(request));
  }

  expect(stored.at(-1)).toMatchObject({
    session_path: '/limited',
    provider: client.provider,
    response_status: 429,
    error: { type: expect.stringMatching(/rate|throttl|exhausted/i) },
    cost: 0,
  });

  const session = await api.session(sessionId);
  expect(session).toMatchObject({
    total_requests: STEPS.length,
    error_count: 1,
    cost_complete: true,
    models: expect.arrayContaining([client.model]),
    tree: [
      { path: '/plan', own: { requests: 1 }, total: { requests: 2, errors: 0 }, children: [{ path: '/plan/write' }] },
      { path: '/search', own: { requests: 1, errors: 0 } },
      { path: '/limited', own: { requests: 1, errors: 1 } },
    ],
  });
  const listed = (await api.sessions()).find(({ session_id }) => session_id === sessionId);
  expect(listed).toMatchObject({ total_requests: STEPS.length, total_cost: session!.total_cost });
  return answers;
}
