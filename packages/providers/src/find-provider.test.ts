import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { providerByHost, providerByLabel, providerByName, resolveOrigin, storedProviderName } from './find-provider.ts';
import { PROVIDERS } from './provider-table.ts';

describe('providerByHost', () => {
  test.each([
    ['https://api.openai.com/v1/chat/completions', 'OPENAI'],
    ['https://us.api.openai.com', 'OPENAI'],
    ['HTTPS://API.OPENAI.COM:443/v1', 'OPENAI'],
    ['https://api.openai.com./v1', 'OPENAI'],
    ['https://api.anthropic.com/v1/messages', 'ANTHROPIC'],
    ['https://my-resource.openai.azure.com/openai/deployments/x', 'AZURE'],
    ['https://x.azure-api.net', 'AZURE'],
    ['https://x.services.ai.azure.com', 'AZURE'],
    ['https://generativelanguage.googleapis.com', 'GOOGLE'],
    ['https://europe-west4-aiplatform.googleapis.com', 'GOOGLE'],
    ['https://openrouter.ai/api/v1', 'OPENROUTER'],
    ['https://api.groq.com/openai/v1', 'GROQ'],
    ['https://bedrock-runtime.eu-central-1.amazonaws.com/model/x/invoke', 'AWS'],
    ['https://api.x.ai/v1', 'X'],
    ['https://integrate.api.nvidia.com', 'NVIDIA'],
    ['http://127.0.0.1:8000/v1', 'LOCAL'],
    ['http://127.0.0.1:8000/v12/chat/completions', 'LOCAL'],
  ])('%s is %s', (url, name) => {
    expect(providerByHost(url)?.name).toBe(name);
    expect(storedProviderName(url)).toBe(name);
  });

  test.each([
    'https://api.openai.com.evil.example/v1',
    'https://evil-api.openai.com/v1',
    'https://evil.example/api.openai.com',
    'https://api.openai.com@evil.example/v1',
    'https://googleapis.com',
    'https://bedrock-runtime.amazonaws.com',
    'http://127.0.0.1:8000',
    'http://127.0.0.1:8000/chat',
    'https://127.0.0.1/v1',
    'not a url',
    '',
  ])('%s is no provider and is stored as itself', (url) => {
    expect(providerByHost(url)).toBeUndefined();
    expect(storedProviderName(url)).toBe(url.toLowerCase());
  });

  test('never throws, and answers the same when asked again', () => {
    const host = fc.constantFrom('api.openai.com', 'x.openai.azure.com', '127.0.0.1', '[::1]', 'a..b', '%00');
    const url = fc.oneof(
      fc.string(),
      fc.tuple(host, fc.string()).map(([name, rest]) => `https://${name}${rest}`),
    );
    fc.assert(fc.property(url, (any) => expect(providerByHost(any)).toBe(providerByHost(any))));
  });

  test('every host pattern of the table finds its own row', () => {
    for (const provider of PROVIDERS) {
      for (const host of provider.hosts) {
        expect(providerByHost(`https://${host.replace('*', 'some-name')}/v1`)).toBe(provider);
      }
    }
  });
});

describe('providerByLabel', () => {
  test.each([
    ['oai', 'OPENAI'],
    ['openai', 'OPENAI'],
    ['OAI', 'OPENAI'],
    ['anthropic', 'ANTHROPIC'],
    ['x', 'X'],
    ['xai', 'X'],
    ['gemini', 'GOOGLE'],
    ['google', 'GOOGLE'],
    ['vertex', 'VERTEX'],
    ['bedrock', 'AWS'],
    ['aws', 'AWS'],
    ['azure', 'AZURE'],
    ['cohere', 'COHERE'],
    ['qstash', 'QSTASH'],
  ])('%s selects %s', (label, name) => {
    expect(providerByLabel(label)?.name).toBe(name);
  });

  test('selects nothing for the generic gateway, unknown words and names of object members', () => {
    for (const label of ['gateway', 'nobody', '', '__proto__', 'constructor']) {
      expect(providerByLabel(label)).toBeUndefined();
    }
  });

  test('no label belongs to two rows', () => {
    const labels = PROVIDERS.flatMap((provider) => provider.labels);
    expect(new Set(labels).size).toBe(labels.length);
    expect(new Set(PROVIDERS.map((provider) => provider.name)).size).toBe(PROVIDERS.length);
  });
});

describe('resolveOrigin', () => {
  test('prefers the configured origin, then the public one, and has none for account-bound providers', () => {
    const openai = providerByName('OPENAI')!;
    const azure = providerByName('AZURE')!;
    expect(resolveOrigin(openai, {})).toBe('https://api.openai.com');
    expect(resolveOrigin(openai, { OPENAI: 'http://127.0.0.1:9' })).toBe('http://127.0.0.1:9');
    expect(resolveOrigin(azure, {})).toBeUndefined();
    expect(resolveOrigin(azure, { AZURE: 'https://me.openai.azure.com' })).toBe('https://me.openai.azure.com');
  });

  test('every public origin is an origin that its own row recognises', () => {
    for (const provider of PROVIDERS) {
      if (provider.origin === null) continue;
      expect(new URL(provider.origin).origin).toBe(provider.origin);
      if (provider.hosts.length > 0) expect(providerByHost(provider.origin)).toBe(provider);
    }
  });
});
