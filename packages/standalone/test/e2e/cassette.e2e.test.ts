import { randomUUID } from 'node:crypto';
import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FakeScript, SCRIPT_HEADER } from '@throughline/testkit/fake-provider/script';
import { waitFor } from '@throughline/testkit/wait-for';
import OpenAI from 'openai';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
}, SETUP_MS_MAX);
afterAll(() => instance.stop(), SETUP_MS_MAX);

const script = (said: FakeScript) => ({ [SCRIPT_HEADER]: JSON.stringify(said) });
const tools: OpenAI.ChatCompletionTool[] = [
  {
    type: 'function',
    function: { name: 'search', parameters: { type: 'object', properties: { q: { type: 'string' } } } },
  },
];

/** An agent of two providers: a plan, a stream with a tool's call, a first try that fails, the same question twice. */
async function runAgent(session: string, more: Record<string, string> = {}) {
  const headers = (path: string) => ({ ...instance.session(session, path), ...more });
  const openai = (path: string, said: FakeScript = {}) =>
    new OpenAI({
      apiKey: 'sk-provider-key',
      baseURL: instance.openaiUrl,
      maxRetries: 1,
      defaultHeaders: { ...headers(path), ...script(said) },
    }).chat.completions;
  const said: string[] = [];
  const plan = await openai('/plan', { encoding: 'gzip' }).create({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: 'Plan a trip to Vienna — três dias 🚆' }],
  });
  said.push(plan.choices[0]!.message.content ?? '');
  const stream = await openai('/plan/search').create({
    model: 'gpt-4o-mini',
    stream: true,
    stream_options: { include_usage: true },
    tools,
    messages: [
      { role: 'assistant', content: said[0]! },
      { role: 'user', content: 'Search.' },
    ],
  });
  let chunks = 0;
  let called = '';
  for await (const { choices } of stream) {
    chunks++;
    called += choices[0]?.delta.tool_calls?.[0]?.function?.arguments ?? choices[0]?.delta.content ?? '';
  }
  said.push(called);
  for (const seed of [1, 2]) {
    const twice = await openai('/ask', { seed }).create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Again?' }],
    });
    said.push(twice.choices[0]!.message.content ?? '');
  }
  const claude = new Anthropic({
    apiKey: 'sk-ant-provider',
    baseURL: instance.anthropicUrl,
    maxRetries: 0,
    defaultHeaders: headers('/write'),
  });
  const message = await claude.messages
    .stream({ model: 'claude-haiku-4-5', max_tokens: 200, messages: [{ role: 'user', content: said.join('\n') }] })
    .finalMessage();
  said.push(JSON.stringify(message.content));
  const refused = await openai('/ask', { status: 400 })
    .create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'What is forbidden?' }] })
    .catch((error: unknown) => error as Error);
  said.push(String(refused));
  return { said, chunks };
}

const CALLS = 6;

/** How many sessions are found as runs of a recorded one. */
async function runsOf(recorded: string): Promise<number> {
  const { body } = await instance.api.call<{ data: { count: number } }>('POST', '/v1/session/count', {
    search: '',
    timezoneDifference: 0,
    filter: { request_response_rmt: { properties: { 'throughline-replay-of': { equals: recorded } } } },
    timeFilter: { startTimeUnixMs: 0, endTimeUnixMs: Date.now() + 60_000 },
  });
  return body.data.count;
}

test('an agent gets the same from its recorded session as it got from its providers, who are asked nothing', async () => {
  const recorded = `recorded-${randomUUID()}`;
  const live = await runAgent(recorded);
  const steps = await instance.storedSession(recorded, CALLS);
  const before = instance.provider.exchanges.length;
  const runs = [`run-${randomUUID()}`, `run-${randomUUID()}`];
  for (const run of runs) {
    const replayed = await runAgent(run, { 'Throughline-Replay': recorded });
    expect(replayed.said).toEqual(live.said);
    expect(replayed.chunks).toBe(live.chunks);
  }
  expect(instance.provider.exchanges).toHaveLength(before);

  const requests = await instance.storedSession(runs[0]!, CALLS);
  expect(requests.map(({ session_path, response_status }) => [session_path, response_status])).toEqual(
    steps.map(({ session_path, response_status }) => [session_path, response_status]),
  );
  requests.forEach((request, at) => {
    const step = steps[at]!;
    expect(request).toMatchObject({ cost: 0, cache_reference_id: step.request_id, model: step.model });
    expect(request.request_properties).toMatchObject({
      'throughline-replay-of': recorded,
      'throughline-replay-step': step.request_id,
    });
  });
  expect(await instance.api.session(runs[0]!)).toMatchObject({
    total_cost: 0,
    total_requests: CALLS,
    cost_complete: true,
  });
  // The recorded session is as it was.
  expect(await instance.api.session(recorded)).toMatchObject({ total_requests: CALLS });
  // Lists come a moment after totals.
  await waitFor(async () => (await runsOf(recorded)) === runs.length, { what: 'both runs to be in lists' });
});

test('a prompt that is another one fails with what differs, and no SDK tries it again', async () => {
  const recorded = `recorded-${randomUUID()}`;
  await runAgent(recorded);
  await instance.storedSession(recorded, CALLS);
  const before = instance.provider.exchanges.length;
  const openai = new OpenAI({
    apiKey: 'sk-provider-key',
    baseURL: instance.openaiUrl,
    maxRetries: 3,
    defaultHeaders: { ...instance.session(`run-${randomUUID()}`, '/plan'), 'Throughline-Replay': recorded },
  });
  const failure = openai.chat.completions.create({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: 'Plan a trip to Graz — três dias 🚆' }],
  });
  await expect(failure).rejects.toMatchObject({
    status: 422,
    message: expect.stringMatching(/differs at messages\[0\]\.content: recorded .*Vienna.*, now .*Graz/),
  });
  expect(instance.provider.exchanges).toHaveLength(before);
});

test('a session that was deleted is answered no longer than it is kept, and other tenants cannot replay it', async () => {
  const recorded = `recorded-${randomUUID()}`;
  await runAgent(recorded);
  await instance.storedSession(recorded, CALLS);
  await instance.api.call('DELETE', `/v1/session/${recorded}`);
  await waitFor(async () => (await instance.api.session(recorded)) === undefined || undefined, {
    what: 'the deletion',
  });
  const openai = new OpenAI({
    apiKey: 'sk-provider-key',
    baseURL: instance.openaiUrl,
    maxRetries: 0,
    defaultHeaders: { ...instance.session(`run-${randomUUID()}`, '/plan'), 'Throughline-Replay': recorded },
  });
  await expect(
    openai.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] }),
  ).rejects.toMatchObject({ status: 404 });
});
