import { readdirSync, readFileSync } from 'node:fs';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ChatOpenAI } from '@langchain/openai';
import { answerHeader, rawCall } from '@throughline/testkit/raw-call';
import { SETUP_MS_MAX } from './support/instance.ts';
import { VENDOR_CLIENTS } from './support/python.ts';
import { codeBlocks, readPage, runTypeScript } from './support/run-blocks.ts';
import { type PageTrial, tryPage } from './support/try-page.ts';
import { startVendors, type VendorName, type Vendors } from './support/vendors.ts';

// The pages about clients of Node.js; those about Python's run in python-vendors.e2e.test.ts.

let vendors: Vendors;
beforeAll(async () => {
  vendors = await startVendors();
}, SETUP_MS_MAX);
afterAll(() => vendors?.stop(), SETUP_MS_MAX);

const PAGES: readonly (readonly [name: string, providers: readonly VendorName[], secrets: PageTrial['secrets']])[] = [
  ['openai-node.md', ['OPENAI'], () => ['OPENAI_API_KEY']],
  ['azure-openai.md', ['AZURE'], () => ['AZURE_OPENAI_API_KEY']],
  ['anthropic-node.md', ['ANTHROPIC'], () => ['ANTHROPIC_API_KEY']],
  ['google-genai.md', ['GOOGLE'], () => ['GEMINI_API_KEY']],
  // Whoever has one of Bedrock's keys needs no AWS credentials, and the other way round.
  [
    'aws-bedrock.md',
    ['AWS'],
    (code) =>
      code.includes('aws-secret-key') ? ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] : ['AWS_BEARER_TOKEN_BEDROCK'],
  ],
  ['mistral.md', ['MISTRAL'], () => ['MISTRAL_API_KEY']],
  ['groq.md', ['GROQ'], () => ['GROQ_API_KEY']],
  [
    'vercel-ai-sdk.md',
    ['ANTHROPIC', 'GOOGLE', 'OPENAI'],
    () => ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'],
  ],
  ['langchain-js.md', ['ANTHROPIC', 'OPENAI'], () => ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY']],
];

// A process per block: importing a large SDK takes a busy machine seconds.
const PAGE_MS_MAX = 60_000;

test.each(PAGES)(
  'every block of %s works as it stands there',
  (name, providers, secrets) =>
    tryPage(vendors, { page: `clients/${name}`, language: 'ts', providers, secrets, run: runTypeScript }),
  PAGE_MS_MAX,
);

test('every page is tried, listed, and names the versions that it is tried with', async () => {
  const index = await readPage('clients/README.md');
  const pages = readdirSync(new URL('../../../../docs/clients/', import.meta.url)).filter(
    (name) => name !== 'README.md',
  );
  const python = ['openai-python.md', 'anthropic-python.md'];
  expect([...PAGES.map(([name]) => name), ...python].sort()).toEqual(pages.sort());
  const { devDependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const versions = new Map(Object.entries(devDependencies));
  const pythons = new Map(VENDOR_CLIENTS.map((wanted) => wanted.split('==') as [string, string]));
  for (const name of pages) {
    expect(index).toContain(`(${name})`);
    const page = await readPage(`clients/${name}`);
    const named = [...page.matchAll(/`([^`]+)`\s+(\d+\.\d+\.\d+)/g)];
    expect([name, named.length > 0]).toEqual([name, true]);
    for (const [, client, version] of named) {
      expect([name, client, version]).toEqual([
        name,
        client,
        (python.includes(name) ? pythons : versions).get(client!),
      ]);
    }
  }
});

test(
  'every block about headers that change what becomes of a call works as it stands there',
  async () => {
    const blocks = codeBlocks(await readPage('behaviour-headers.md')).filter(({ language }) => language === 'ts');
    const printed: string[] = [];
    for (const { code } of blocks) {
      const env = { THROUGHLINE_URL: vendors.tap.origin, THROUGHLINE_API_KEY: vendors.instance.throughline.key };
      printed.push(await runTypeScript(code, { ...env, OPENAI_API_KEY: 'sk-a', ANTHROPIC_API_KEY: 'sk-b' }));
    }
    expect(printed).toEqual([
      expect.stringMatching(/^MISS (.+)\nHIT \1\n$/s),
      expect.stringMatching(/^rate_limited (?:60|5\d)\n$/),
    ]);
  },
  PAGE_MS_MAX,
);

describe('what the pages warn of', () => {
  test('a variable that is not set is no key, and the call is not recorded', async () => {
    const answer = await rawCall({
      url: `${vendors.tap.origin}/v1/gateway/oai/v1/chat/completions`,
      method: 'POST',
      headers: { 'Helicone-Auth': 'Bearer undefined' },
      body: '{"model":"gpt-4o-mini","messages":[]}',
    });
    expect([answer.status, answerHeader(answer, 'throughline-recorded')]).toEqual([200, 'no; reason=unknown-key']);
  });

  test("Amazon's client does not reach a server that speaks HTTP/1.1 unless it is told to", async () => {
    const client = new BedrockRuntimeClient({
      region: 'us-east-1',
      endpoint: `${vendors.tap.origin}/v1/gateway/bedrock/v1/us-east-1`,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      maxAttempts: 1,
    });
    await expect(client.send(new ConverseCommand({ modelId: 'm', messages: [] }))).rejects.toThrow('Protocol error');
    client.destroy();
  });

  test("LangChain's ChatOpenAI sends the headers of a call when it invokes, and not when it streams", async () => {
    const { instance, tap } = vendors;
    const configuration = {
      baseURL: `${tap.origin}/v1/gateway/oai/v1`,
      defaultHeaders: { 'Helicone-Auth': `Bearer ${instance.throughline.key}` },
    };
    const model = new ChatOpenAI({ model: 'gpt-4o-mini', apiKey: 'sk-provider', configuration });
    const options = { options: { headers: instance.session('langchain', '/plan') } };
    const sessionOfLast = async () => (await instance.stored(String(tap.last().headers['helicone-id']))).session_id;
    await model.invoke('Name a river.', options);
    expect(await sessionOfLast()).toBe('langchain');
    for await (const _ of await model.stream('Name a river.', options));
    expect(await sessionOfLast()).toBeNull();
  });
});
