import { describe, expect, test } from '@jest/globals';
import { dataEvents, MESSAGES_BODY, MESSAGES_STREAM, STREAMED } from '../fixtures/captured-call.ts';
import {
  GEMINI_BODY,
  GEMINI_CHUNKS,
  GEMINI_STREAM,
  GEMINI_USAGE,
  INTERACTION_BODY,
  INTERACTION_STREAM,
  TO_GEMINI,
  TO_GEMINI_STREAM,
  TO_INTERACTIONS,
} from '../fixtures/gemini-call.ts';
import { body, read } from '../fixtures/read.ts';
import { NO_TOKENS } from '../reported-usage.ts';

const GEMINI_READING = {
  model: 'gemini-2.5-flash',
  finishReason: 'STOP',
  // 300 + 15 in, of them 120 cached (30 of those audio) and 70 audio that was not; 40 + 25 out.
  tokens: {
    prompt_tokens: 125,
    prompt_cache_read_tokens: 120,
    prompt_audio_tokens: 70,
    completion_tokens: 40,
    reasoning_tokens: 25,
  },
  usageComplete: true,
  costSource: 'table',
  costPico: 125n * 300_000n + 90n * 30_000n + 30n * 100_000n + 70n * 1_000_000n + 65n * 2_500_000n,
};

describe('Gemini generateContent', () => {
  test('reads a body: thoughts and prompts of tools beside the totals, cached audio apart from cached text', () => {
    expect(read({ ...TO_GEMINI, ...body(GEMINI_BODY) })).toMatchObject({ ...GEMINI_READING, streamed: false });
  });

  test('reads the same from server-sent events, whatever their line ends', () => {
    for (const responseText of [GEMINI_STREAM, GEMINI_STREAM.replaceAll('\n', '\r\n')]) {
      expect(read({ ...TO_GEMINI_STREAM, ...STREAMED, responseText })).toMatchObject({
        ...GEMINI_READING,
        streamed: true,
      });
    }
  });

  test('reads the same from an array that is streamed in pieces', () => {
    const path = '/v1beta/models/gemini-2.5-flash:streamGenerateContent';
    for (const responseText of [
      JSON.stringify(GEMINI_CHUNKS),
      JSON.stringify(GEMINI_CHUNKS, null, 2).replaceAll('\n', '\r\n'),
    ]) {
      expect(read({ ...TO_GEMINI, path, responseText })).toMatchObject({ ...GEMINI_READING, streamed: true });
    }
  });

  test('has of a cut array what its whole elements say', () => {
    const whole = JSON.stringify(GEMINI_CHUNKS);
    const responseText = whole.slice(0, whole.lastIndexOf('{"candidates"') + 20);
    expect(read({ ...TO_GEMINI, path: '/v1beta/models/x:streamGenerateContent', responseText })).toMatchObject({
      // The answer has begun and is not counted yet.
      tokens: { prompt_tokens: 300, completion_tokens: null },
      usageComplete: false,
      costPico: null,
      finishReason: '',
    });
  });

  test('takes candidates that are left out for none where the total says so, and for the rest where it does not', () => {
    const counted = (usageMetadata: object) => read({ ...TO_GEMINI, ...body({ ...GEMINI_BODY, usageMetadata }) });
    expect(counted({ promptTokenCount: 10, thoughtsTokenCount: 5, totalTokenCount: 15 }).tokens).toMatchObject({
      completion_tokens: 0,
      reasoning_tokens: 5,
    });
    expect(counted({ promptTokenCount: 10, totalTokenCount: 17 }).tokens.completion_tokens).toBe(7);
    expect(counted({ promptTokenCount: 10, candidatesTokenCount: 9, totalTokenCount: 17 })).toMatchObject({
      usageComplete: false,
      costPico: null,
    });
  });

  test('takes a prompt that was not let through for the error that it is', () => {
    const refused = {
      promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
      usageMetadata: { promptTokenCount: 8, totalTokenCount: 8 },
      modelVersion: 'gemini-2.5-flash',
    };
    expect(read({ ...TO_GEMINI, ...body(refused) })).toMatchObject({
      error: { type: 'PROHIBITED_CONTENT', message: 'the prompt was blocked' },
      finishReason: 'PROHIBITED_CONTENT',
      tokens: { prompt_tokens: 8, completion_tokens: 0 },
      usageComplete: true,
    });
    const bare = { promptFeedback: { blockReason: 'SAFETY', blockReasonMessage: 'no' }, usageMetadata: {} };
    expect(read({ ...TO_GEMINI, ...body(bare) })).toMatchObject({
      error: { type: 'SAFETY', message: 'no' },
      tokens: NO_TOKENS,
      costPico: 0n,
    });
  });

  test('does not take the counts of a stream that broke off for the whole', () => {
    const failed = { error: { code: 503, message: 'overloaded', status: 'UNAVAILABLE' } };
    const responseText = dataEvents(...GEMINI_CHUNKS.slice(0, 2), failed);
    expect(read({ ...TO_GEMINI_STREAM, ...STREAMED, responseText })).toMatchObject({
      error: { type: 'UNAVAILABLE', message: 'overloaded' },
      tokens: { prompt_tokens: 300 },
      usageComplete: false,
    });
  });

  test('reads errors by the word that Google has for them', () => {
    const error = { code: 429, message: 'slow down', status: 'RESOURCE_EXHAUSTED' };
    const expected = { type: 'RESOURCE_EXHAUSTED', message: 'slow down' };
    expect(read({ ...TO_GEMINI, status: 429, ...body({ error }) })).toMatchObject({ error: expected, costPico: 0n });
    expect(read({ ...TO_GEMINI_STREAM, status: 429, responseText: JSON.stringify([{ error }]) }).error).toEqual(
      expected,
    );
  });

  test.each([
    ['flex', { serviceTier: 'flex' }],
    ['flex of Vertex', { trafficType: 'ON_DEMAND_FLEX' }],
  ])('halves %s, cached tokens excepted', (_tier, terms) => {
    const { costPico } = read({
      ...TO_GEMINI,
      ...body({ ...GEMINI_BODY, usageMetadata: { ...GEMINI_USAGE, ...terms } }),
    });
    const cached = 90n * 30_000n + 30n * 100_000n;
    expect(costPico).toBe((GEMINI_READING.costPico - cached) / 2n + cached);
  });

  test('names provisioned throughput as a tier without a price of its own', () => {
    const usageMetadata = { ...GEMINI_USAGE, trafficType: 'PROVISIONED_THROUGHPUT' };
    expect(read({ ...TO_GEMINI, ...body({ ...GEMINI_BODY, usageMetadata }) }).priceVersion).toMatch(
      /\+standard-for:provisioned_throughput$/,
    );
  });

  test('counts grounding by the prompt up to Gemini 2.5, and by the query after it', () => {
    const searched = (modelVersion: string) =>
      read({
        ...TO_GEMINI,
        ...body({
          candidates: [
            { ...GEMINI_BODY.candidates[0], groundingMetadata: { webSearchQueries: ['rhine', 'elbe', ''] } },
          ],
          usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 2, totalTokenCount: 12 },
          modelVersion,
        }),
      }).costPico;
    expect(searched('gemini-2.5-flash')).toBe(10n * 300_000n + 2n * 2_500_000n + 35_000_000_000n);
    expect(searched('gemini-3-flash-preview')).toBe(10n * 500_000n + 2n * 3_000_000n + 2n * 14_000_000_000n);
  });

  test('prices images that were drawn as images', () => {
    const usageMetadata = {
      promptTokenCount: 10,
      candidatesTokenCount: 1300,
      totalTokenCount: 1310,
      candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1290 }],
    };
    const drawn = { ...GEMINI_BODY, usageMetadata, modelVersion: 'gemini-2.5-flash-image' };
    expect(read({ ...TO_GEMINI, ...body(drawn) }).costPico).toBe(
      10n * 300_000n + 10n * 2_500_000n + 1290n * 30_000_000n,
    );
  });

  test('reads embeddings, which have no output', () => {
    const path = '/v1beta/models/gemini-embedding-001:batchEmbedContents';
    const embedded = { embeddings: [{ values: [0.5] }], usageMetadata: { promptTokenCount: 7 } };
    expect(read({ ...TO_GEMINI, path, ...body(embedded) })).toMatchObject({
      model: 'gemini-embedding-001',
      tokens: { prompt_tokens: 7, completion_tokens: 0 },
      usageComplete: true,
      costPico: 7n * 150_000n,
    });
    expect(read({ ...TO_GEMINI, path, ...body({ embeddings: [] }) })).toMatchObject({
      tokens: NO_TOKENS,
      usageComplete: false,
      costPico: null,
    });
  });

  test.each(['countTokens', 'uploadToFileSearchStore', 'batchGenerateContent'])('is not billed for %s', (verb) => {
    expect(
      read({ ...TO_GEMINI, path: `/v1beta/models/gemini-2.5-flash:${verb}`, ...body({ totalTokens: 12 }) }),
    ).toMatchObject({ tokens: NO_TOKENS, costPico: 0n, usageComplete: true });
  });
});

describe('Vertex', () => {
  const vertex = '/v1/projects/p/locations/global/publishers';

  test('serves Gemini and models of partners, each read as what it is', () => {
    const path = `${vertex}/google/models/gemini-2.5-flash:generateContent`;
    expect(read({ ...TO_GEMINI, path, ...body(GEMINI_BODY) })).toMatchObject(GEMINI_READING);
    const claude = { ...TO_GEMINI, requestText: '{"anthropic_version":"vertex-2023-10-16","messages":[]}' };
    const partner = `${vertex}/anthropic/models/claude-sonnet-4-5@20250929`;
    const expected = {
      model: 'claude-sonnet-4-5-20250929',
      tokens: { prompt_tokens: 100, reasoning_tokens: 30 },
      costSource: 'table',
    };
    expect(read({ ...claude, path: `${partner}:rawPredict`, ...body(MESSAGES_BODY) })).toMatchObject(expected);
    const stream = { ...STREAMED, responseText: MESSAGES_STREAM };
    expect(read({ ...claude, path: `${partner}:streamRawPredict`, ...stream })).toMatchObject({
      ...expected,
      streamed: true,
    });
  });

  test('counts the tokens of each text that was embedded', () => {
    const path = `${vertex}/google/models/text-embedding-005:predict`;
    const prediction = (count: number) => ({
      embeddings: { values: [0.5], statistics: { token_count: count, truncated: false } },
    });
    expect(read({ ...TO_GEMINI, path, ...body({ predictions: [prediction(4), prediction(6)] }) })).toMatchObject({
      model: 'text-embedding-005',
      tokens: { prompt_tokens: 10, completion_tokens: 0 },
      usageComplete: true,
    });
    expect(read({ ...TO_GEMINI, path, ...body({ predictions: [{ bytesBase64Encoded: '' }] }) }).usageComplete).toBe(
      false,
    );
  });
});

describe('Gemini Interactions', () => {
  const expected = {
    model: 'gemini-2.5-flash',
    finishReason: 'completed',
    tokens: { prompt_tokens: 34, prompt_cache_read_tokens: 20, completion_tokens: 9, reasoning_tokens: 6 },
    usageComplete: true,
    costPico: 34n * 300_000n + 20n * 30_000n + 15n * 2_500_000n,
  };

  test('reads a body and the stream of the same', () => {
    expect(read({ ...TO_INTERACTIONS, ...body(INTERACTION_BODY) })).toMatchObject(expected);
    const stream = { ...STREAMED, responseText: INTERACTION_STREAM };
    expect(read({ ...TO_INTERACTIONS, ...stream })).toMatchObject({ ...expected, streamed: true });
  });

  test.each([
    ['beside both totals', 69, 54, 15],
    ['inside of them', 59, 50, 9],
    ['thoughts beside, tools inside', 65, 50, 15],
    ['tools beside, thoughts inside', 63, 54, 9],
  ])('goes by the total of all for thoughts and prompts of tools: %s', (_where, total_tokens, input, output) => {
    const { tokens } = read({
      ...TO_INTERACTIONS,
      ...body({ ...INTERACTION_BODY, usage: { ...INTERACTION_BODY.usage, total_tokens } }),
    });
    expect((tokens.prompt_tokens ?? 0) + tokens.prompt_cache_read_tokens).toBe(input);
    expect((tokens.completion_tokens ?? 0) + tokens.reasoning_tokens).toBe(output);
  });

  test('takes the last of several that completed', () => {
    const again = { ...INTERACTION_BODY, usage: { total_input_tokens: 1, total_output_tokens: 2 } };
    const responseText = `${INTERACTION_STREAM}data: ${JSON.stringify({ event_type: 'interaction.completed', interaction: again })}\n\n`;
    expect(read({ ...TO_INTERACTIONS, ...STREAMED, responseText }).tokens).toMatchObject({
      prompt_tokens: 1,
      completion_tokens: 2,
    });
  });

  test('reads an error event, and the model of one that never ended', () => {
    const start = INTERACTION_STREAM.slice(0, INTERACTION_STREAM.indexOf('event: interaction.completed'));
    const failed = `${start}data: ${JSON.stringify({ event_type: 'error', error: { code: 'internal', message: 'broken' } })}\n\n`;
    expect(read({ ...TO_INTERACTIONS, ...STREAMED, responseText: failed })).toMatchObject({
      model: 'gemini-2.5-flash',
      error: { type: 'internal', message: 'broken' },
      costPico: null,
    });
    expect(read({ ...TO_INTERACTIONS, ...STREAMED, responseText: start })).toMatchObject({
      usageComplete: false,
      costPico: null,
    });
    const running = { ...INTERACTION_BODY, status: 'in_progress', usage: null };
    expect(read({ ...TO_INTERACTIONS, ...body(running) })).toMatchObject({ usageComplete: false, costPico: null });
  });
});
