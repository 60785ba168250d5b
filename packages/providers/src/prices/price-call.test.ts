import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { calcPrice, type ModelInfo, type Usage, waitForUpdate } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { PROVIDERS } from '../provider-table.ts';
import { NO_USAGE, type ReportedUsage } from '../reported-usage.ts';
import { FEES } from './fees.ts';
import { PRICE_OVERRIDES } from './overrides.ts';
import { type PriceQuestion, priceCall, warmUpPrices } from './price-call.ts';
import { LIBRARY_VERSION, PRICE_VERSION } from './price-version.ts';
import { STANDARD_TIERS, TIER_PRICES } from './service-tiers.ts';

const USED: ReportedUsage = { ...NO_USAGE, input: 1000, output: 100 };

function ask(changes: Partial<PriceQuestion>) {
  const requestAt = Date.parse('2026-06-15T12:00:00Z');
  return priceCall({
    ...{ provider: 'OPENAI', path: '/v1/chat/completions', models: ['gpt-4o'], usage: USED },
    ...{ alsoBilled: [], billedAs: null, tiers: [], requestAt },
    ...changes,
  });
}

const cost = (changes: Partial<PriceQuestion>) => ask(changes).costPico;

/** The library's own answer for the same usage; undefined where it has none. */
function libraryUsd(providerId: string, model: string, usage: ReportedUsage, timestamp: Date): number | undefined {
  const counts: Usage = {
    input_tokens: usage.input ?? 0,
    cache_read_tokens: usage.cacheRead,
    cache_write_tokens: usage.cacheWrite,
    cache_write_1h_tokens: usage.cacheWrite1h,
    cache_audio_read_tokens: usage.cacheReadAudio ?? 0,
    cache_image_read_tokens: usage.cacheReadImage ?? 0,
    input_audio_tokens: usage.inputAudio + (usage.cacheReadAudio ?? 0),
    input_image_tokens: usage.inputImage + (usage.cacheReadImage ?? 0),
    input_video_tokens: usage.inputVideo,
    output_tokens: usage.output ?? 0,
    output_reasoning_tokens: usage.reasoning,
    output_audio_tokens: usage.outputAudio,
    output_image_tokens: usage.outputImage,
    output_video_tokens: usage.outputVideo,
    web_searches: usage.webSearches,
    audio_seconds: usage.audioSeconds,
    input_audio_seconds: usage.audioSeconds,
    input_document_pages: usage.pages,
    input_annotated_document_pages: usage.annotatedPages,
  };
  try {
    return calcPrice(counts, model, { providerId, timestamp })?.total_price;
  } catch {
    return undefined;
  }
}

const usages = fc
  .record({
    parts: fc.array(fc.oneof(fc.constant(0), fc.nat(400), fc.nat(400_000)), { minLength: 14, maxLength: 14 }),
    webSearches: fc.nat(5),
    audioSeconds: fc.constantFrom(0, 0, 0, 61.5),
    pages: fc.constantFrom(0, 0, 0, 7),
  })
  .map(({ parts, webSearches, audioSeconds, pages }): ReportedUsage => {
    const at = (index: number) => parts[index] ?? 0;
    const [text, read, write5m, write1h, audio, image] = [at(0), at(1), at(2), at(3), at(4), at(5)];
    const [answer, reasoning, spoken, drawn] = [at(6), at(7), at(8), at(9)];
    const [readAudio, readImage, seen, filmed] = [at(10), at(11), at(12), at(13)];
    return {
      ...NO_USAGE,
      input: text + read + readAudio + readImage + write5m + write1h + audio + image + seen,
      output: answer + reasoning + spoken + drawn + filmed,
      cacheRead: read + readAudio + readImage,
      cacheReadAudio: readAudio,
      cacheReadImage: readImage,
      cacheWrite: write5m + write1h,
      cacheWrite1h: write1h,
      reasoning,
      inputAudio: audio,
      outputAudio: spoken,
      inputImage: image,
      outputImage: drawn,
      inputVideo: seen,
      outputVideo: filmed,
      webSearches,
      audioSeconds,
      pages,
      annotatedPages: pages > 0 ? 2 : 0,
    };
  });

describe('priceCall', () => {
  test('agrees with the library to the picodollar for every model of every provider', async () => {
    const overridden = new Set(PRICE_OVERRIDES.flatMap((override) => [...override.models, override.prefix]));
    const all: [provider: string, priceId: string, model: ModelInfo][] = [];
    for (const library of (await waitForUpdate())!) {
      const ours = PROVIDERS.find((provider) => provider.priceId === library.id);
      for (const model of ours ? library.models : []) {
        // A name that this model's own rule matches first; rules by pattern have no such name at hand.
        if (overridden.has(model.id) || !isRead(model)) continue;
        if (calcPrice({}, model.id, { providerId: library.id })?.model.id !== model.id) continue;
        all.push([ours!.name, library.id, model]);
      }
    }
    expect(all.length).toBeGreaterThan(500);
    let compared = 0;
    const when = fc.integer({ min: Date.parse('2025-06-01'), max: Date.parse('2026-12-31') });
    fc.assert(
      fc.property(fc.constantFrom(...all), usages, when, ([provider, priceId, model], used, requestAt) => {
        // What the library has no price for costs it nothing; ours is then unknown, or from our own list of fees.
        const usage = {
          ...used,
          ...(!hasPrice(model, /web_searches/) && { webSearches: 0 }),
          ...(!hasPrice(model, /cache_write_1h/) && { cacheWrite1h: 0 }),
        };
        const usd = libraryUsd(priceId, model.id, usage, new Date(requestAt));
        const ours = cost({ provider, models: [model.id], usage, requestAt });
        // Beyond what the library refuses, we refuse to take a side without a price for free.
        if (usd === undefined) expect(ours).toBeNull();
        if (ours === null) return;
        compared++;
        // The library sums doubles: equal to the picodollar, or to fifteen digits where that is coarser.
        const difference = Math.abs(Number(ours) - usd! * 1e12);
        expect(difference).toBeLessThanOrEqual(Math.max(1, usd! * 1e12 * 1e-14));
      }),
      { numRuns: 3000 },
    );
    expect(compared).toBeGreaterThan(1000);
  });

  test('prices a whole call at the higher rate once its input is beyond the start of a tier', () => {
    const at = (input: number) =>
      cost({ provider: 'ANTHROPIC', models: ['claude-sonnet-4-5'], usage: { ...NO_USAGE, input, output: 10 } });
    expect(at(200_000)).toBe(200_000n * 3_000_000n + 10n * 15_000_000n);
    expect(at(200_001)).toBe(200_001n * 6_000_000n + 10n * 22_500_000n);
  });

  test.each([
    ['an unknown model', { models: ['no-such-model-9'] }],
    ['no model', { models: ['', 'unknown'] }],
    ['a provider without a table', { provider: 'DEEPINFRA' }],
    ['a host that is no provider', { provider: 'https://llm.example' }],
    ['a server on this machine', { provider: 'LOCAL' }],
    ['usage that contradicts itself', { usage: null }],
    ['tokens on a side that has no price', { models: ['text-embedding-3-small'] }],
    ['more money than 64 bits hold', { usage: { ...USED, output: Number.MAX_SAFE_INTEGER } }],
    ['a pass of an unknown model', { alsoBilled: [{ model: 'no-such-model-9', usage: USED }] }],
  ])('knows no price, rather than 0, for %s', (_what, changes) => {
    expect(ask(changes)).toEqual({ costPico: null, priceVersion: PRICE_VERSION });
  });

  test('falls back on the model that was asked for when a new snapshot is unknown', () => {
    expect(cost({ models: ['gpt-4o-2099-01-01', 'gpt-4o'] })).toBe(cost({ models: ['gpt-4o'] }));
  });

  test('prices logged calls by the name of the model alone', () => {
    expect(cost({ provider: 'CUSTOM' })).toBe(cost({}));
  });

  test('finds names with decorations that the table does not know', () => {
    const gemini = { provider: 'GOOGLE', models: ['models/gemini-2.5-flash'] };
    expect(cost(gemini)).toBe(1000n * 300_000n + 100n * 2_500_000n);
    expect(cost({ provider: 'OPENROUTER', models: ['openai/gpt-4o:nitro'] })).toBe(cost({}));
    expect(cost({ provider: 'OPENROUTER', models: ['openai/gpt-4o'] })).toBe(cost({}));
  });

  test('asks the table of the provider that a router was told to use', () => {
    const usage = { provider: 'HUGGINGFACE', models: ['deepseek-ai/DeepSeek-R1'] };
    expect(cost({ ...usage, path: '/together/v1/chat/completions' })).toBeGreaterThan(0n);
    expect(cost({ ...usage, path: '/nowhere/v1/chat/completions' })).toBeNull();
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.double(), (provider, model, tier, requestAt) => {
        ask({ provider, models: [model], tiers: [tier], requestAt });
        ask({ models: [model], requestAt });
        ask({ models: ['claude-sonnet-4-6', model], provider: 'ANTHROPIC', tiers: [tier], requestAt });
      }),
    );
  });

  test('can be warmed up', () => {
    expect(warmUpPrices).not.toThrow();
  });
});

describe('our corrections', () => {
  const deepseek = (day: string) =>
    cost({
      provider: 'DEEPSEEK',
      models: ['deepseek-chat'],
      usage: { ...NO_USAGE, input: 1000, cacheRead: 400, output: 100 },
      requestAt: Date.parse(day),
    });

  test('follow the price of deepseek-chat through its changes, at any hour', () => {
    expect(deepseek('2025-09-28T23:59:59.999Z')).toBe(600n * 560_000n + 400n * 70_000n + 100n * 1_680_000n);
    expect(deepseek('2025-09-29T00:00:00Z')).toBe(600n * 280_000n + 400n * 28_000n + 100n * 420_000n);
    expect(deepseek('2026-04-24T18:00:00Z')).toBe(600n * 140_000n + 400n * 2_800n + 100n * 280_000n);
  });

  test('price audio tokens as audio, at Azure too', () => {
    const usage = { ...NO_USAGE, input: 100, inputAudio: 60, output: 50, outputAudio: 30 };
    const expected = 40n * 2_500_000n + 60n * 40_000_000n + 20n * 10_000_000n + 30n * 80_000_000n;
    expect(cost({ models: ['gpt-4o-audio-preview-2025-06-03'], usage })).toBe(expected);
    expect(cost({ provider: 'AZURE', models: ['gpt-4o-audio-preview'], usage })).toBe(expected);
  });

  test('price mistral-large-latest as the model that it is, by date', () => {
    const at = (requestAt: number) => cost({ provider: 'MISTRAL', models: ['mistral-large-latest'], requestAt });
    expect(at(Date.parse('2026-01-01'))).toBe(1000n * 500_000n + 100n * 1_500_000n);
    expect(at(Date.parse('2025-01-01'))).toBe(1000n * 2_000_000n + 100n * 6_000_000n);
  });

  test('know the long context price of Claude Sonnet 4', () => {
    const usage = { ...NO_USAGE, input: 300_000, output: 1 };
    const model = { provider: 'ANTHROPIC', models: ['claude-sonnet-4-20250514'] };
    expect(cost({ ...model, usage })).toBe(300_000n * 6_000_000n + 22_500_000n);
  });

  test.each([
    ['glm-4.7', 'ZAI', 600n * 600_000n + 400n * 110_000n + 100n * 2_200_000n],
    ['glm-5', 'ZAI', 600n * 1_000_000n + 400n * 200_000n + 100n * 3_200_000n],
    ['glm-4.5-air', 'ZAI', 600n * 200_000n + 400n * 30_000n + 100n * 1_100_000n],
  ])('know older models of z.ai: %s', (model, provider, expected) => {
    expect(cost({ provider, models: [model], usage: { ...USED, cacheRead: 400 } })).toBe(expected);
  });

  test('tell the versions of Titan’s embeddings apart', () => {
    const embed = (model: string) =>
      cost({ provider: 'AWS', models: [model], usage: { ...NO_USAGE, input: 1000, output: 0 } });
    expect(embed('amazon.titan-embed-text-v2:0')).toBe(1000n * 20_000n);
    expect(embed('amazon.titan-embed-text-v1')).toBe(1000n * 100_000n);
  });

  test('price what Claude writes to Bedrock’s cache for an hour at twice the input', () => {
    const usage = { ...NO_USAGE, input: 1000, cacheWrite: 700, cacheWrite1h: 300, output: 0 };
    const claude = { provider: 'AWS', models: ['us.anthropic.claude-sonnet-4-5-20250929-v1:0'], usage };
    expect(cost(claude)).toBe(300n * 3_300_000n + 400n * 4_125_000n + 300n * 6_600_000n);
  });

  test('price audio of the smaller model as audio', () => {
    const usage = { ...NO_USAGE, input: 100, inputAudio: 60, output: 50, outputAudio: 30 };
    const expected = 40n * 150_000n + 60n * 10_000_000n + 20n * 600_000n + 30n * 20_000_000n;
    expect(cost({ models: ['gpt-4o-mini-audio-preview'], usage })).toBe(expected);
  });

  test('price reranking by the search', () => {
    const usage = { ...NO_USAGE, webSearches: 3 };
    expect(cost({ provider: 'COHERE', models: ['rerank-multilingual-v3.0'], usage })).toBe(6_000_000_000n);
  });

  test('find Vertex’s own models under the names that clients of OpenAI’s API give them', () => {
    expect(cost({ provider: 'VERTEX', models: ['google/gemini-2.5-flash'] })).toBe(
      1000n * 300_000n + 100n * 2_500_000n,
    );
  });

  test('each change something, and name a source and the day it was read', () => {
    for (const override of PRICE_OVERRIDES) {
      const model = override.models[0] ?? override.prefix!;
      const kinds = { ...USED, input: 250_000, inputAudio: 10, outputAudio: 10, cacheRead: 10 };
      const requestAt = Date.parse('2026-06-15T12:00:00Z');
      const usd = libraryUsd(override.priceId, model, kinds, new Date(requestAt));
      const { name } = PROVIDERS.find((provider) => provider.priceId === override.priceId)!;
      expect(cost({ provider: name, models: [model], usage: kinds, requestAt })).not.toBe(
        BigInt(Math.round((usd ?? 0) * 1e12)),
      );
      expect(override.source.length).toBeGreaterThan(10);
      expect(override.entered).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });
});

describe('fees beside tokens', () => {
  test.each([
    ['a grounded prompt', 'GOOGLE', 'gemini-2.5-flash', { webSearches: 1 }, 35_000_000_000n],
    ['a grounded prompt of an older model', 'GOOGLE', 'gemini-1.5-flash', { webSearches: 1 }, 35_000_000_000n],
    ['two queries', 'GOOGLE', 'gemini-3-flash-preview', { webSearches: 2 }, 28_000_000_000n],
    ['a search whose model has no fee of its own', 'OPENAI', 'o3-mini', { webSearches: 1 }, 10_000_000_000n],
    ['a search of files', 'OPENAI', 'o3-mini', { fileSearches: 2 }, 5_000_000_000n],
    ['sources', 'X', 'grok-3', { webSearches: 4 }, 100_000_000_000n],
    ['a search that the table prices', 'ANTHROPIC', 'claude-sonnet-4-5', { webSearches: 1 }, 10_000_000_000n],
  ])('%s', (_what, provider, model, searches, fee) => {
    const priced = { provider, models: [model] };
    expect(cost({ ...priced, usage: { ...USED, ...searches } })).toBe(cost(priced)! + fee);
  });

  test.each([
    ['a search', { webSearches: 1 }],
    ['a search of files', { fileSearches: 1 }],
    ['a second of audio', { audioSeconds: 1 }],
    ['a page', { pages: 1 }],
    ['citations', { citations: 1 }],
    ['work at a price that nobody tells', { unpriceable: true }],
  ])('make the cost unknown where nobody says what %s costs', (_what, more) => {
    const groq = { provider: 'GROQ', models: ['llama-3.1-8b-instant'] };
    expect(cost(groq)).not.toBeNull();
    expect(cost({ ...groq, usage: { ...USED, ...more } })).toBeNull();
  });

  test('are of a provider that the table has, and name a source and the day it was read', async () => {
    const ids = (await waitForUpdate())!.map((provider) => provider.id);
    for (const fee of FEES) {
      expect(ids).toContain(fee.priceId);
      expect(fee.source.length).toBeGreaterThan(10);
      expect(fee.entered).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });
});

describe('service tiers', () => {
  const standard = cost({})!;

  test.each([
    ['flex', ['flex'], 'gpt-5-mini', 1n, 2n],
    ['batch', ['batch'], 'gpt-4o', 1n, 2n],
    ['priority', ['priority'], 'gpt-4o', 17n, 10n],
    ['priority of another model', ['priority'], 'gpt-5-mini', 9n, 5n],
    ['default', ['default'], 'gpt-4o', 1n, 1n],
  ])('%s', (_name, tiers, model, times, per) => {
    const base = cost({ models: [model] })!;
    expect(ask({ models: [model], tiers })).toEqual({
      costPico: (base * times) / per,
      priceVersion: PRICE_VERSION,
    });
  });

  test('do not halve the fee of a search in a batch, and multiply with where the call had to run', () => {
    const usage = { ...USED, webSearches: 3 };
    const claude = { provider: 'ANTHROPIC', models: ['claude-opus-4-6'], usage };
    const tokens = 1000n * 5_000_000n + 100n * 25_000_000n;
    const fee = 3n * 10_000_000_000n;
    expect(cost({ ...claude, tiers: ['standard', 'geo:global'] })).toBe(tokens + fee);
    expect(cost({ ...claude, tiers: ['batch'] })).toBe(tokens / 2n + fee);
    expect(cost({ ...claude, tiers: ['batch', 'geo:us'] })).toBe((tokens * 11n) / 20n + fee);
  });

  test.each([
    ['turbo', 'turbo'],
    ['speed:fast', 'speed:fast'],
    [`Very ${'long '.repeat(40)}`, 'other'],
  ])('of unknown price are priced as standard, which the version says: %s', (tier, named) => {
    expect(ask({ tiers: [tier] })).toEqual({
      costPico: standard,
      priceVersion: `${PRICE_VERSION}+standard-for:${named}`,
    });
  });

  test('are keyed on models that the table has', async () => {
    const library = (await waitForUpdate())!;
    for (const row of TIER_PRICES) {
      expect(STANDARD_TIERS.has(row.tier)).toBe(false);
      for (const priceId of row.priceIds) {
        const known = library.find((provider) => provider.id === priceId)!.models.map((model) => model.id);
        expect(known).toEqual(expect.arrayContaining([...(row.models ?? [])]));
      }
    }
  });
});

describe('the price version', () => {
  test('names the installed library', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(manifest.dependencies['@pydantic/genai-prices']).toBe(LIBRARY_VERSION);
    expect(PRICE_VERSION).toMatch(/^genai-prices@\d+\.\d+\.\d+\+ours@[0-9a-f]{8}$/);
  });

  test('every price id of the provider table exists in the library', async () => {
    const ids = new Set((await waitForUpdate())!.map((provider) => provider.id));
    for (const { priceId } of PROVIDERS) {
      if (priceId === null) continue;
      if (!priceId.includes('*')) expect(ids).toContain(priceId);
      else expect([...ids].some((id) => id.startsWith(priceId.replace('*', '')))).toBe(true);
    }
  });
});

/** Without prices that we do not read counts for: messages, citations of research models. */
function isRead(model: ModelInfo): boolean {
  return !hasPrice(model, /messages|citation/);
}

function hasPrice(model: ModelInfo, key: RegExp): boolean {
  const sets = Array.isArray(model.prices) ? model.prices.map((entry) => entry.prices) : [model.prices];
  return sets.some((prices) => Object.keys(prices).some((name) => key.test(name)));
}
