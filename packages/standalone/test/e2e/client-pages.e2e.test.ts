import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SETUP_MS_MAX } from './support/instance.ts';
import { VENDOR_CLIENTS } from './support/python.ts';
import { readPage, runTypeScript } from './support/run-blocks.ts';
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
