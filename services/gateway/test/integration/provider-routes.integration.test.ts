import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PROVIDERS } from '@throughline/providers/provider-table';
import fc from 'fast-check';
import {
  type FakeUpstream,
  type Harness,
  KEY,
  request,
  startGateway,
  startUpstream,
} from '../support/gateway-harness.ts';

/** Labels, stored provider, public origin and a path that clients call: tables 2.1 and 2.2 of the wire contract. */
const BY_LABEL: readonly (readonly [labels: string, provider: string, origin: string, path: string])[] = [
  ['oai openai', 'OPENAI', 'https://api.openai.com', '/v1/chat/completions'],
  ['anthropic', 'ANTHROPIC', 'https://api.anthropic.com', '/v1/messages?beta=true'],
  [
    'google gemini',
    'GOOGLE',
    'https://generativelanguage.googleapis.com',
    '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
  ],
  ['openrouter', 'OPENROUTER', 'https://openrouter.ai', '/api/v1/chat/completions'],
  ['groq', 'GROQ', 'https://api.groq.com', '/openai/v1/chat/completions'],
  ['mistral', 'MISTRAL', 'https://api.mistral.ai', '/v1/chat/completions'],
  ['deepseek', 'DEEPSEEK', 'https://api.deepseek.com', '/chat/completions'],
  ['x xai', 'X', 'https://api.x.ai', '/v1/chat/completions'],
  ['together togetherai', 'TOGETHER', 'https://api.together.xyz', '/v1/chat/completions'],
  ['fireworks', 'FIREWORKS', 'https://api.fireworks.ai', '/inference/v1/chat/completions'],
  ['perplexity', 'PERPLEXITY', 'https://api.perplexity.ai', '/chat/completions'],
  ['vercel', 'VERCEL', 'https://ai-gateway.vercel.sh', '/v1/ai/language-model'],
  ['vercel', 'VERCEL', 'https://ai-gateway.vercel.sh', '/v1/chat/completions'],
  ['deepinfra', 'DEEPINFRA', 'https://api.deepinfra.com', '/v1/openai/chat/completions'],
  ['hyperbolic', 'HYPERBOLIC', 'https://api.hyperbolic.xyz', '/v1/chat/completions'],
  ['cerebras', 'CEREBRAS', 'https://api.cerebras.ai', '/v1/chat/completions'],
  ['nebius', 'NEBIUS', 'https://api.tokenfactory.nebius.com', '/v1/chat/completions'],
  ['novita', 'NOVITA', 'https://api.novita.ai', '/v3/openai/chat/completions'],
  ['llama', 'LLAMA', 'https://api.llama.com', '/compat/v1/chat/completions'],
  ['nvidia', 'NVIDIA', 'https://integrate.api.nvidia.com', '/v1/chat/completions'],
  ['predibase', 'PREDIBASE', 'https://api.app.predibase.com', '/v1/chat/completions'],
  ['qstash', 'QSTASH', 'https://qstash.upstash.io', '/llm/v1/chat/completions'],
  ['firecrawl', 'FIRECRAWL', 'https://api.firecrawl.dev', '/v0/scrape'],
  ['firecrawl', 'FIRECRAWL', 'https://api.firecrawl.dev', '/v0/search'],
  ['firecrawl', 'FIRECRAWL', 'https://api.firecrawl.dev', '/v0/crawl/status/1'],
  ['cohere', 'COHERE', 'https://api.cohere.com', '/v2/chat'],
  ['anyscale', 'ANYSCALE', 'https://api.endpoints.anyscale.com', '/v1/chat/completions'],
  ['cloudflare', 'CLOUDFLARE', 'https://gateway.ai.cloudflare.com', '/v1/account/gateway/openai/chat/completions'],
  ['lemonfox', 'LEMONFOX', 'https://api.lemonfox.ai', '/v1/chat/completions'],
  ['vertex', 'VERTEX', 'https://aiplatform.googleapis.com', '/v1/projects/p/locations/global/x:predict'],
  ['huggingface', 'HUGGINGFACE', 'https://router.huggingface.co', '/together/v1/chat/completions'],
  ['zai z', 'ZAI', 'https://api.z.ai', '/api/paas/v4/chat/completions'],
  ['voyageai voyage', 'VOYAGEAI', 'https://api.voyageai.com', '/v1/embeddings'],
];

/** Target host and stored provider, the path of the call where it matters: table 2.3. */
const BY_HOST: readonly (readonly [target: string, provider: string, path?: string])[] = [
  ['https://api.openai.com', 'OPENAI'],
  ['https://us.api.openai.com', 'OPENAI'],
  ['https://api.anthropic.com', 'ANTHROPIC'],
  ['https://acme.openai.azure.com', 'AZURE'],
  ['https://acme.azure-api.net', 'AZURE'],
  ['https://acme.cognitiveservices.azure.com', 'AZURE'],
  ['https://acme.services.ai.azure.com', 'AZURE'],
  ['https://generativelanguage.googleapis.com', 'GOOGLE'],
  ['https://europe-west4-aiplatform.googleapis.com', 'GOOGLE'],
  ['https://openrouter.ai', 'OPENROUTER'],
  ['https://api.openrouter.ai', 'OPENROUTER'],
  ['https://api.groq.com', 'GROQ'],
  ['https://api.together.xyz', 'TOGETHER'],
  ['https://api.fireworks.ai', 'FIREWORKS'],
  ['https://api.perplexity.ai', 'PERPLEXITY'],
  ['https://api.cohere.ai', 'COHERE'],
  ['https://api.mistral.ai', 'MISTRAL'],
  ['https://api.deepseek.com', 'DEEPSEEK'],
  ['https://api.x.ai', 'X'],
  ['https://bedrock-runtime.eu-west-3.amazonaws.com', 'AWS'],
  ['https://api.deepinfra.com', 'DEEPINFRA'],
  ['https://api.llama.com', 'LLAMA'],
  ['https://integrate.api.nvidia.com', 'NVIDIA'],
  ['https://api.endpoints.anyscale.com', 'ANYSCALE'],
  ['https://gateway.ai.cloudflare.com', 'CLOUDFLARE'],
  ['https://ai-gateway.vercel.sh', 'VERCEL'],
  ['https://API.Unknown.Example:8443', 'https://api.unknown.example:8443'],
  ['https://googleapis.com.unknown.example', 'https://googleapis.com.unknown.example'],
  ['http://127.0.0.1:9', 'LOCAL', '/v1/chat/completions'],
  ['http://127.0.0.1:9', 'LOCAL', '/v12/chat/completions'],
  ['http://127.0.0.1:9', 'http://127.0.0.1:9', '/api/chat'],
];

const CREDENTIALS = { authorization: 'Bearer sk-provider, with a comma', 'x-goog-api-key': 'goog' };
const OURS = {
  'Helicone-Auth': `Bearer ${KEY}`,
  'Helicone-Session-Id': 's',
  'Helicone-Property-A': 'b',
  'Helicone-Target-Provider': 'x',
};

/** Names do not resolve: where a call would have gone is in its event and in the name that was looked up. */
describe('public addresses', () => {
  let gateway: Harness;
  const lookedUp: string[] = [];
  beforeAll(async () => {
    gateway = await startGateway({
      config: { allowedTargets: ['127.0.0.1:9'] },
      resolve: (name, _options, callback) => {
        lookedUp.push(name);
        callback(Object.assign(new Error(name), { code: 'ENOTFOUND' }), []);
      },
    });
  });
  afterAll(() => gateway.close());

  const goesTo = async (url: string, headers: Record<string, string>) => {
    const before = gateway.appender.requests.length;
    const { status } = await request(gateway.origin + url, { method: 'POST', headers: { ...OURS, ...headers } });
    const { provider, target_url, path } = (await gateway.recorded(before + 1))[before]!;
    return { status, provider, target_url, path };
  };

  test.each(BY_LABEL.flatMap(([labels, ...rest]) => labels.split(' ').map((label) => [label, ...rest] as const)))(
    '%s, by path and by Host, is %s at %s%s',
    async (label, provider, origin, path) => {
      const expected = { status: 502, provider, target_url: origin + path, path };
      expect(await goesTo(`/v1/gateway/${label}${path}`, {})).toEqual(expected);
      expect(await goesTo(`/v1/gateway/${label.toUpperCase()}${path}`, {})).toEqual(expected);
      expect(await goesTo(path, { host: `${label}.example.com` })).toEqual(expected);
      expect(lookedUp.at(-1)).toBe(new URL(origin).hostname);
    },
  );

  test.each(BY_HOST)('target %s is %s', async (target, provider, path = '/some/path?a=b') => {
    const expected = { status: 502, provider, target_url: new URL(target).origin + path, path };
    const hosts: Record<string, string>[] = [{}, { host: 'gateway.example.com' }];
    for (const host of hosts) {
      const url = host.host ? path : `/v1/gateway/gateway${path}`;
      // Of a target only scheme, host and port count.
      expect(await goesTo(url, { ...host, 'Helicone-Target-URL': `${target}/is/discarded?x=1` })).toEqual(expected);
      expect(await goesTo(url, { ...host, 'helicone-target-url': target })).toEqual(expected);
    }
  });

  test.each(['bedrock', 'aws'])('%s takes its region from the path', async (label) => {
    const expected = {
      status: 502,
      provider: 'AWS',
      target_url: 'https://bedrock-runtime.ap-southeast-2.amazonaws.com/model/a.b-v1%3A0/invoke-with-response-stream',
      path: '/model/a.b-v1%3A0/invoke-with-response-stream',
    };
    const path = `/v1/ap-southeast-2${expected.path}`;
    expect(await goesTo(`/v1/gateway/${label}${path}`, {})).toEqual(expected);
    expect(await goesTo(path, { host: `${label}.example.com` })).toEqual(expected);
  });

  test('Azure is named by the API base, on its own label and on OpenAI’s, where that wins over a target', async () => {
    const base = 'https://acme.openai.azure.com';
    const path = '/openai/deployments/mine/chat/completions?api-version=2024-10-21';
    const expected = { status: 502, provider: 'AZURE', target_url: base + path, path };
    for (const label of ['oai', 'openai', 'azure']) {
      const naming: Record<string, string>[] = [
        { 'Helicone-OpenAI-Api-Base': `${base}/openai` },
        { 'Helicone-OpenAI-Api-Base': base, 'Helicone-Target-URL': 'https://api.openai.com' },
        { 'Helicone-Target-URL': base },
      ];
      for (const headers of naming) {
        expect(await goesTo(`/v1/gateway/${label}${path}`, headers)).toEqual(expected);
        expect(await goesTo(path, { host: `${label}.example.com`, ...headers })).toEqual(expected);
      }
    }
  });

  test('a base for OpenAI takes no other provider’s calls, nor its key, anywhere else', async () => {
    const sent = await goesTo('/v1/gateway/anthropic/v1/messages', {
      'Helicone-OpenAI-Api-Base': 'https://api.openai.com',
    });
    expect(sent.target_url).toBe('https://api.anthropic.com/v1/messages');
    const groq = await goesTo('/v1/gateway/groq/x', { 'Helicone-Target-URL': 'https://api.openai.com' });
    expect(groq.target_url).toBe('https://api.groq.com/x');
  });

  test.each([
    ['/v1/gateway/qstash/v2/publish', {}, 400, 'calls to QSTASH begin with /llm'],
    ['/v2/publish', { host: 'qstash.example.com' }, 400, 'calls to QSTASH begin with /llm'],
    ['/v1/gateway/azure/openai/x', {}, 400, 'Missing target base url'],
    ['/v1/gateway/bedrock/model/x/invoke', {}, 400, 'Missing target base url'],
    ['/v1/gateway/helicone/x', {}, 400, 'Missing target base url'],
    ['/v1/gateway/gateway/x', {}, 400, 'Missing target base url'],
    ['/v1/gateway/palm/x', {}, 400, 'Invalid provider'],
    ['/v1/responses', { host: 'ai-gateway.example.com' }, 501, 'not offered'],
    // Names that this installation itself may well have.
    ['/sessions', { host: 'helicone.example.com' }, 404, 'No such endpoint'],
    ['/sessions', { host: 'local.example.com' }, 404, 'No such endpoint'],
    ['/sessions', { host: 'gateway.example.com' }, 404, 'No such endpoint'],
  ])('%s %j: %i', async (url, headers, status, reason) => {
    const before = gateway.appender.requests.length;
    const answer = await request(gateway.origin + url, { headers: { ...OURS, ...headers } });
    expect([answer.status, answer.body.toString()]).toEqual([status, expect.stringContaining(reason)]);
    expect(gateway.appender.requests).toHaveLength(before);
  });
});

describe('PROVIDER_<NAME>_URL', () => {
  let gateway: Harness;
  let upstream: FakeUpstream;
  // `bedrock` is a label of AWS; the name BEDROCK is in rows only, and no setting takes it.
  const providers = PROVIDERS.filter(({ name }) => name !== 'BEDROCK');
  const hostFor = (name: string) => `${name.toLowerCase()}.upstream.test`;

  beforeAll(async () => {
    upstream = await startUpstream((req, res) => req.resume().on('end', () => res.end(req.url)));
    gateway = await startGateway({
      providerOrigins: Object.fromEntries(
        providers.map(({ name }) => [name, `http://${hostFor(name)}:${upstream.port}`]),
      ),
      resolve: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    });
  });
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  const path = fc.stringMatching(/^[\x21-\x22\x24-\x5b\x5d-\x7e]{0,40}$/).filter((text) => !text.includes('helicone'));
  const forms = fc.constantFrom('label', 'host', 'target');

  test('replaces every host of every provider, by label, Host and target; path and credentials stay as they are', async () => {
    const choice = fc.record({
      form: forms,
      label: fc.nat(),
      host: fc.nat(),
      path,
      method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
    });
    for (const provider of providers) {
      const labels = [provider.name.toLowerCase(), ...provider.labels];
      await fc.assert(
        fc.asyncProperty(choice, async ({ form, label, host, path: rest, method }) => {
          const named = labels[label % labels.length]!;
          const hosts = provider.hosts.map((pattern) => pattern.replace('*', 'eu-west-3'));
          const isTarget = form === 'target' && hosts.length > 0;
          // What our own paths are stays with us, whatever the Host is called.
          const inPath = `${provider.pathPrefix}/p/${rest}`;
          const before = upstream.requests.length;
          const url = isTarget
            ? `/v1/gateway/gateway${inPath}`
            : form === 'host'
              ? inPath
              : `/v1/gateway/${named}${inPath}`;
          const answer = await request(gateway.origin, {
            path: url,
            method,
            headers: {
              ...OURS,
              ...CREDENTIALS,
              ...(form === 'host' && { host: `${named}.example.com` }),
              ...(isTarget && { 'Helicone-Target-URL': `https://${hosts[host % hosts.length]}` }),
            },
          });
          expect([answer.status, answer.headers['helicone-status']]).toEqual([200, 'success']);
          const seen = upstream.requests[before]!;
          expect(seen.headers).toMatchObject({ ...CREDENTIALS, host: `${hostFor(provider.name)}:${upstream.port}` });
          expect([seen.method, seen.url]).toEqual([method, inPath]);
          expect(seen.rawHeaders.join('\n')).not.toMatch(/helicone-/i);
          const events = await gateway.recorded(before + 1);
          expect(events[before]).toMatchObject({ provider: provider.name, tenant_id: 'acme', method });
          expect(JSON.stringify(events[before])).not.toMatch(/sk-provider|sk-helicone/);
        }),
        { numRuns: 6 },
      );
    }
  });
});
