import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sentBody } from '@throughline/testkit/fake-provider/exchange';
import { type FakeScript, scriptHeader } from '@throughline/testkit/fake-provider/script';
import { rawCall } from '@throughline/testkit/raw-call';
import { aiSdkAnthropic, aiSdkGoogle, aiSdkOpenai } from './support/clients/ai-sdk.ts';
import { anthropic0, anthropic1 } from './support/clients/anthropic.ts';
import { bedrockConverse, bedrockInvoke } from './support/clients/bedrock.ts';
import { type ClientUnderTest, QUESTION } from './support/clients/client-under-test.ts';
import { expectSteps, STEPS } from './support/clients/expect-steps.ts';
import { googleGenai } from './support/clients/google.ts';
import { groq } from './support/clients/groq.ts';
import { langchainAnthropic, langchainOpenai } from './support/clients/langchain.ts';
import { mistral } from './support/clients/mistral.ts';
import { azureOpenai, openai } from './support/clients/openai.ts';
import { STREAMED_TOOL_CALLS } from './support/clients/streamed-tool-calls.ts';
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

test.each(CLIENTS.map((client) => [client.name, client] as const))(
  '%s makes a session of its plain, streamed, tool and refused calls, each as the provider answered it',
  async (name, client) => {
    const { fakes, instance, tap } = vendors;
    const fake = fakes[client.provider];
    const secret = `canary${randomBytes(18).toString('hex')}`;
    secrets[name] = secret;
    const calls = client.connect(tap.origin, secret);
    const sessionId = randomUUID();

    /** A call of the session, and whether its client was sent what the provider sent. */
    async function step<T>(index: number, call: (headers: Record<string, string>) => Promise<T>) {
      const read = await call(instance.session(sessionId, STEPS[index]));
      const exchange = fake.last();
      const tapped = tap.last();
      expect(tapped.headers['x-fake-exchange']).toBe(String(exchange.id));
      expect(await tapped.body).toEqual(sentBody(exchange));
      return { read, usage: exchange.usage! };
    }

    const plain = await step(0, calls.plain);
    const streamed = await step(1, calls.streamed);
    const tool = await step(2, calls.toolCall);
    fake.enqueue({ status: 429 });
    const limited = await step(3, calls.limited);
    expect([plain.read.length > 20, streamed.read.length > 20]).toEqual([true, true]);
    expect(tool.read).toEqual({ query: expect.any(String) });
    expect(limited.read).toEqual({ isOwn: true, status: 429 });
    const usages = [plain.usage, streamed.usage, tool.usage];
    answers.push(...(await expectSteps(instance, client, sessionId, usages)));
  },
);

describe.each(STREAMED_TOOL_CALLS.map((call) => [call.name, call] as const))('a streamed tool call, %s,', (_, call) => {
  const send = async (sessionId: string, script: FakeScript) => {
    const { fakes, instance, tap } = vendors;
    const answer = await rawCall({
      url: tap.origin + call.path,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...instance.session(sessionId, '/search'),
        ...call.headers,
        ...scriptHeader(script),
      },
      body: JSON.stringify(call.body),
    });
    const exchange = fakes[call.provider].last();
    expect(answer.body).toEqual(sentBody(exchange));
    const [stored] = await instance.storedSession(sessionId, 1);
    return { stored: stored!, usage: exchange.usage! };
  };

  test('is stored with its end and its usage, whatever pieces it came in', async () => {
    const { stored, usage } = await send(randomUUID(), { split: 'random' });
    expect(stored).toMatchObject({
      provider: call.provider,
      response_status: 200,
      error: null,
      finish_reason: call.finish,
      completion_tokens: usage.completion_tokens,
      usage_complete: true,
    });
    expect(stored.cost).toBeGreaterThan(0);
  });

  test('is an error when the provider breaks off in its middle and says why', async () => {
    const script = {
      tools: false,
      words: 30,
      chunks: 10,
      fault: { kind: 'error-event', after: { writes: 7 } },
    } as const;
    const { stored } = await send(randomUUID(), script);
    expect(stored).toMatchObject({ response_status: 200, usage_complete: false, error: { type: call.errorType } });
  });
});

test('no header of ours and no key of ours reached a provider', () => {
  const exchanges = [...new Set(Object.values(vendors.fakes))].flatMap((fake) => fake.exchanges);
  expect(exchanges).toHaveLength(4 * CLIENTS.length + 2 * STREAMED_TOOL_CALLS.length);
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
