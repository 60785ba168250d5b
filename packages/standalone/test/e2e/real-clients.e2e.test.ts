import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sentBody } from '@throughline/testkit/fake-provider/exchange';
import { aiSdkAnthropic, aiSdkGoogle, aiSdkOpenai } from './support/clients/ai-sdk.ts';
import { anthropic0, anthropic1 } from './support/clients/anthropic.ts';
import { bedrockConverse, bedrockInvoke } from './support/clients/bedrock.ts';
import { type ClientCalls, type ClientUnderTest, QUESTION, TOOL } from './support/clients/client-under-test.ts';
import { googleGenai } from './support/clients/google.ts';
import { groq } from './support/clients/groq.ts';
import { langchainAnthropic, langchainOpenai } from './support/clients/langchain.ts';
import { mistral } from './support/clients/mistral.ts';
import { azureOpenai, openai } from './support/clients/openai.ts';
import { leaksOf, SETUP_MS_MAX } from './support/instance.ts';
import { searchDataDir } from './support/search-data-dir.ts';
import { startVendors, type Vendors } from './support/vendors.ts';

// Every client does the same four calls, as it does them: what differs is in `support/clients`.

const CLIENTS: readonly ClientUnderTest[] = [
  openai,
  azureOpenai,
  anthropic1,
  anthropic0,
  googleGenai,
  bedrockConverse,
  bedrockInvoke,
  groq,
  mistral,
  aiSdkOpenai,
  aiSdkAnthropic,
  aiSdkGoogle,
  langchainOpenai,
  langchainAnthropic,
];

let vendors: Vendors;
beforeAll(async () => {
  vendors = await startVendors({ LOG_LEVEL: 'trace' });
}, SETUP_MS_MAX);
afterAll(() => vendors?.stop(), SETUP_MS_MAX);

/** What each vendor knows the caller by: found nowhere but at the vendor. */
const secrets: Record<string, string> = {};
const answers: string[] = [];

describe.each(CLIENTS.map((client) => [client.name, client] as const))('%s', (name, client) => {
  let calls: ClientCalls;
  const sessionId = randomUUID();
  beforeAll(() => {
    secrets[name] = `canary${randomBytes(18).toString('hex')}`;
    calls = client.connect(vendors.tap.origin, secrets[name]);
  });

  /** A call of the session, and whether its client was sent what the provider sent. */
  async function step<T>(path: string, call: (headers: Record<string, string>) => Promise<T>) {
    const read = await call(vendors.instance.session(sessionId, path));
    const exchange = vendors.fakes[client.provider].last();
    const tapped = vendors.tap.last();
    expect(tapped.headers['x-fake-exchange']).toBe(String(exchange.id));
    expect(await tapped.body).toEqual(sentBody(exchange));
    return { read, usage: exchange.usage! };
  }

  test('makes a session of its plain, streamed and tool calls, each with its usage, cost and end', async () => {
    const plain = await step('/plan', calls.plain);
    const streamed = await step('/plan/write', calls.streamed);
    const tool = await step('/search', calls.toolCall);
    expect(plain.read.length).toBeGreaterThan(20);
    expect(streamed.read.length).toBeGreaterThan(20);
    expect(tool.read).toEqual({ query: expect.any(String) });

    const { instance } = vendors;
    const stored = await instance.storedSession(sessionId, 3);
    const [text, called] = client.finish;
    const cost = (usage: typeof plain.usage) => {
      const output = usage.completion_tokens! + usage.reasoning_tokens;
      return (usage.prompt_tokens! * client.rates[0] + output * client.rates[1]) / 1e6;
    };
    for (const [index, [path, { usage }, finish]] of (
      [
        ['/plan', plain, text],
        ['/plan/write', streamed, text],
        ['/search', tool, called],
      ] as const
    ).entries()) {
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
        cost: expect.closeTo(cost(usage), 10),
        cost_source: 'table',
        finish_reason: finish,
      });
      const whole = await instance.stored(stored[index]!.request_id);
      expect(JSON.stringify(whole.request_body)).toContain(QUESTION);
      if (path === '/search') expect(JSON.stringify(whole.response_body)).toContain(TOOL.name);
      answers.push(JSON.stringify(whole));
    }

    const session = await instance.api.session(sessionId);
    expect(session).toMatchObject({ total_requests: 3, error_count: 0, cost_complete: true, models: [client.model] });
    expect(session!.tree).toMatchObject([
      { path: '/plan', own: { requests: 1 }, total: { requests: 2, errors: 0 }, children: [{ path: '/plan/write' }] },
      { path: '/search', own: { requests: 1 } },
    ]);
    const listed = (await instance.api.sessions()).find(({ session_id }) => session_id === sessionId);
    expect(listed).toMatchObject({ total_requests: 3, total_cost: session!.total_cost });
  });

  test('throws its own error for what the provider refuses, which the session shows', async () => {
    vendors.fakes[client.provider].enqueue({ status: 429 });
    const { read } = await step('/limited', calls.limited);
    expect(read).toEqual({ isOwn: true, status: 429 });
    const stored = (await vendors.instance.storedSession(sessionId, 4)).at(-1);
    expect(stored).toMatchObject({
      session_path: '/limited',
      provider: client.provider,
      response_status: 429,
      error: { type: expect.stringMatching(/rate|throttl|exhausted/i) },
      cost: 0,
    });
  });
});

test('no header of ours and no key of ours reached a provider', () => {
  const exchanges = [...new Set(Object.values(vendors.fakes))].flatMap((fake) => fake.exchanges);
  expect(exchanges).toHaveLength(4 * CLIENTS.length);
  expect(exchanges.flatMap((exchange) => leaksOf(exchange, vendors.instance.throughline.key))).toEqual([]);
  expect(exchanges.flatMap(({ headers }) => headers.filter(([name]) => /^aws-/i.test(name)))).toEqual([]);
});

test('no credential of any client is in what is stored, answered or logged', async () => {
  const { throughline } = vendors.instance;
  const all = { ...secrets, ours: throughline.key, session: QUESTION };
  const shown = answers.join('\n') + throughline.stdout + throughline.stderr;
  // The question is what may be found: it shows that the search finds.
  expect(Object.keys(all).filter((name) => shown.includes(all[name as keyof typeof all]))).toEqual(['session']);
  await throughline.kill('SIGTERM');
  expect(Object.keys(await searchDataDir(throughline.dataDir, all))).toEqual(['session']);
});
