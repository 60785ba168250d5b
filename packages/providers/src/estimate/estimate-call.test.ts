import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CHAT_BODY,
  CHAT_STREAM,
  capturedCall,
  dataEvents,
  MESSAGES_STREAM,
  namedEvents,
  STREAMED,
  TO_ANTHROPIC,
  TO_RESPONSES,
} from '../fixtures/captured-call.ts';
import { PRICE_VERSION } from '../prices/price-version.ts';
import type { CapturedCall, ProviderReading } from '../provider-reading.ts';
import { readCall } from '../read-call.ts';
import { countTokens, TOKENIZER } from './count-tokens.ts';
import { readCallToEstimate } from './estimate-call.ts';
import { scaledTokens } from './token-text.ts';

async function estimate(changes: Partial<CapturedCall>): Promise<ProviderReading | null> {
  const { uncounted } = readCallToEstimate(capturedCall(changes));
  if (!uncounted) return null;
  const { encoding, texts } = uncounted;
  const counts: number[] = [];
  for (const text of texts) counts.push(scaledTokens(text, await countTokens(encoding, text.pieces)));
  return uncounted.complete(counts);
}

const piece = (delta: object, finish: string | null = null, model = 'gpt-4o-2024-08-06') => ({
  model,
  choices: [{ index: 0, delta, finish_reason: finish }],
});
/** "The Danube." and "Name a river." are four tokens each. */
const SILENT_STREAM = dataEvents(
  piece({ role: 'assistant', content: 'The Dan' }),
  piece({ content: 'ube.' }, 'stop'),
  '[DONE]',
);
const CUT_STREAM = dataEvents(piece({ role: 'assistant', content: 'The Dan' }), piece({ content: 'ube.' }));
const silent = (model: string) => ({
  ...STREAMED,
  requestText: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'Name a river.' }] }),
  responseText: SILENT_STREAM.replaceAll('gpt-4o-2024-08-06', model),
});
const withoutUsage = (body: object) => JSON.stringify({ ...body, usage: undefined });

const PROMPT_TOKENS = 4 + 4 + 3;
const ANSWER_TOKENS = 4;
/** USD 2.50 and 10 per million tokens of gpt-4o. */
const COST_PICO = BigInt(PROMPT_TOKENS) * 2_500_000n + BigInt(ANSWER_TOKENS) * 10_000_000n;
const ESTIMATED = {
  tokens: { prompt_tokens: PROMPT_TOKENS, completion_tokens: ANSWER_TOKENS, reasoning_tokens: 0 },
  usageComplete: false,
  costPico: COST_PICO,
  costSource: 'estimated',
  priceVersion: `${PRICE_VERSION}+estimated-by:${TOKENIZER}/o200k_base`,
};

describe('tokens that a provider did not tell', () => {
  test('are counted in the texts of request and answer, priced, and marked', async () => {
    expect(readCall(capturedCall(silent('gpt-4o')))).toMatchObject({ costPico: null, usageComplete: false });
    expect(await estimate(silent('gpt-4o'))).toMatchObject({ ...ESTIMATED, model: 'gpt-4o', finishReason: 'stop' });
    expect(await estimate({ responseText: withoutUsage(CHAT_BODY) })).toMatchObject(ESTIMATED);
  });

  test('are those of what was seen of a stream that was cut', async () => {
    expect(await estimate({ ...silent('gpt-4o'), responseText: CUT_STREAM, status: -3 })).toMatchObject(ESTIMATED);
    const half = CUT_STREAM.slice(0, -20);
    const seen = await estimate({ ...silent('gpt-4o'), responseText: half, responseTruncated: true });
    expect(seen).toMatchObject({ costSource: 'estimated', tokens: { completion_tokens: 2 } });
    // Before anything was seen of it, nothing says what it was.
    expect(await estimate({ ...silent('gpt-4o'), responseText: '', status: -3 })).toBeNull();
    const begun = dataEvents(piece({ role: 'assistant', content: '' }));
    const opened = await estimate({ ...silent('gpt-4o'), responseText: begun, status: -3 });
    expect(opened).toMatchObject({ tokens: { prompt_tokens: PROMPT_TOKENS, completion_tokens: null }, costPico: null });
  });

  test('of an answer that Anthropic had only begun to count are those seen; its prompt was counted', async () => {
    const cut = MESSAGES_STREAM.slice(0, MESSAGES_STREAM.indexOf('event: message_delta'));
    const call = { ...TO_ANTHROPIC, ...STREAMED, responseText: cut, status: -3 };
    expect(readCall(capturedCall(call)).tokens.completion_tokens).toBe(1);
    const reading = await estimate(call);
    expect(reading).toMatchObject({
      tokens: { prompt_tokens: 100, prompt_cache_read_tokens: 2000, completion_tokens: 3 },
      costSource: 'estimated',
      usageComplete: false,
    });
    expect(await estimate({ ...call, responseText: MESSAGES_STREAM })).toBeNull();
  });

  test('of a Responses stream that was cut are those of its deltas', async () => {
    const events = namedEvents(
      { type: 'response.created', response: { model: 'gpt-4.1', status: 'in_progress' } },
      { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'The Dan' },
      { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'ube.' },
    );
    const requestText = '{"model":"gpt-4.1","instructions":"Be brief.","input":"Name a river.","stream":true}';
    const cut = await estimate({ ...TO_RESPONSES, ...STREAMED, requestText, responseText: events, status: -3 });
    expect(cut).toMatchObject({ tokens: { prompt_tokens: 7, completion_tokens: 4 }, costSource: 'estimated' });
  });

  test('count tools that are called as what was written, and tools that are offered as what was read', async () => {
    const call = { function: { name: 'look_up', arguments: '' }, index: 0, id: 'x', type: 'function' };
    const args = (text: string) => piece({ tool_calls: [{ index: 0, function: { arguments: text } }] });
    const responseText = dataEvents(piece({ tool_calls: [call] }), args('{"river":'), args('"Danube"}'), '[DONE]');
    const tools = [{ type: 'function', function: { name: 'look_up', parameters: { type: 'object' } } }];
    const messages = [{ role: 'user', content: 'Name a river.' }];
    const requestText = JSON.stringify({ model: 'gpt-4o', messages, tools });
    const reading = await estimate({ ...STREAMED, requestText, responseText });
    expect(reading?.tokens.completion_tokens).toBeGreaterThan(6);
    expect(reading?.tokens.prompt_tokens).toBeGreaterThan(PROMPT_TOKENS + 10);
    expect(reading?.costSource).toBe('estimated');
  });

  test.each<[string, Partial<CapturedCall>]>([
    ['who was told', { ...STREAMED, responseText: CHAT_STREAM }],
    ['a call that failed', { status: 500, responseText: '{"error":{"message":"no"}}' }],
    ['a stream that failed at once', { ...STREAMED, responseText: dataEvents({ error: { message: 'no' } }) }],
    ['a cost that the provider told', { ...silent('gpt-4o'), responseHeaders: [['x-litellm-response-cost', '0.5']] }],
    ['a cost that was logged', { ...silent('gpt-4o'), logged: { costUsd: 0.5 } }],
    ['a call that is never billed', { ...silent('gpt-4o'), method: 'GET' }],
    ['embeddings', { path: '/v1/embeddings', responseText: '{"data":[{"embedding":[1]}],"model":"m"}' }],
    ['an answer that is cut JSON', { responseText: JSON.stringify(CHAT_BODY).slice(0, 150), responseTruncated: true }],
    ['speech', { path: '/v1/audio/speech', responseText: undefined, responseContentType: 'audio/mpeg' }],
    ['an answer in sound', { responseText: withoutUsage({ choices: [{ message: { audio: { data: 'x' } } }] }) }],
    ['a tool that was logged', { requestText: '{"_type":"tool","toolName":"t"}', responseText: '{"choices":[]}' }],
  ])('are not estimated for %s', async (_, changes) => {
    expect(await estimate(changes)).toBeNull();
  });

  test.each([
    [
      'an image',
      [
        { type: 'text', text: 'What is it?' },
        { type: 'image_url', image_url: { url: 'data:' } },
      ],
    ],
    ['sound', [{ type: 'input_audio', input_audio: { data: '' } }]],
    ['a file', [{ type: 'file', file: { file_id: 'f' } }]],
  ])('of a prompt with %s stay unknown, and the cost with them', async (_, content) => {
    const requestText = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }] });
    const reading = await estimate({ ...silent('gpt-4o'), requestText });
    expect(reading).toMatchObject({
      tokens: { prompt_tokens: null, completion_tokens: ANSWER_TOKENS },
      costPico: null,
      costSource: 'none',
      usageComplete: false,
    });
    expect(reading?.priceVersion).toContain('+estimated-by:');
  });

  test('of a prompt that the provider keeps, that was cut, or not logged, stay unknown', async () => {
    const request = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Name a river.' }] };
    for (const more of [{ conversation: 'c' }, { previous_response_id: 'r' }, { prompt: { id: 'p' } }]) {
      const reading = await estimate({ ...silent('gpt-4o'), requestText: JSON.stringify({ ...request, ...more }) });
      expect(reading?.tokens.prompt_tokens).toBeNull();
    }
    for (const requestText of ['', '{"model":"gpt-4o","messages":[]}', '[]', '{"model":"gpt-4o"}']) {
      const reading = await estimate({ ...silent('gpt-4o'), requestText });
      expect(reading?.tokens.prompt_tokens).toBeNull();
    }
    const cut = await estimate({ ...silent('gpt-4o'), requestTruncated: true });
    expect(cut?.tokens).toMatchObject({ prompt_tokens: null, completion_tokens: ANSWER_TOKENS });
  });

  test('of models that think unseen are those of the prompt alone', async () => {
    for (const model of ['gpt-5', 'gpt-5.1-2025-11-13', 'o3', 'o4-mini-2025-04-16', 'openai/gpt-5-mini']) {
      const { tokens, costPico } = (await estimate(silent(model)))!;
      expect([model, tokens.prompt_tokens, tokens.completion_tokens, costPico]).toEqual([
        model,
        PROMPT_TOKENS,
        null,
        null,
      ]);
    }
    const call = silent('gpt-5.1');
    const requestText = call.requestText.replace('{', '{"reasoning_effort":"none",');
    expect((await estimate({ ...call, requestText }))?.tokens.completion_tokens).toBe(ANSWER_TOKENS);
    for (const model of ['gpt-4o', 'gpt-5-chat-latest', 'gpt-oss-120b', 'claude-sonnet-4-5', 'llama-3.3-70b']) {
      expect((await estimate(silent(model)))?.tokens.completion_tokens).toBe(ANSWER_TOKENS);
    }
  });

  test('go by the vocabulary of the model', () => {
    const encodingOf = (model: string) => readCallToEstimate(capturedCall(silent(model))).uncounted?.encoding;
    for (const model of ['gpt-4', 'gpt-4-turbo', 'gpt-3.5-turbo', 'gpt-35-turbo', 'ft:gpt-3.5-turbo:x']) {
      expect([model, encodingOf(model)]).toEqual([model, 'cl100k_base']);
    }
    for (const model of ['gpt-4o', 'gpt-4.1', 'gpt-5-chat-latest', 'llama-3.3-70b', 'chatgpt-4o-latest']) {
      expect([model, encodingOf(model)]).toEqual([model, 'o200k_base']);
    }
  });

  test('are the same however a stream was cut into events, and as of the same answer in one body', () => {
    const texts = fc.record({ content: fc.string({ unit: 'binary' }), args: fc.string({ unit: 'binary' }) });
    fc.assert(
      fc.property(texts, fc.array(fc.nat(20), { minLength: 1 }), ({ content, args }, cuts) => {
        const message = { content, tool_calls: [{ index: 0, function: { name: 'f', arguments: args } }] };
        const body = JSON.stringify({ model: 'gpt-4o', choices: [{ index: 0, message, finish_reason: 'stop' }] });
        const events = [
          ...inPieces(content, cuts).map((text) => piece({ content: text })),
          piece({ tool_calls: [{ index: 0, id: 'i', function: { name: 'f', arguments: '' } }] }),
          ...inPieces(args, cuts).map((text) => piece({ tool_calls: [{ index: 0, function: { arguments: text } }] })),
          piece({}, 'stop'),
        ];
        const streamed = { ...STREAMED, responseText: dataEvents(...events, '[DONE]') };
        const whole = readCallToEstimate(capturedCall({ responseText: body })).uncounted;
        expect(readCallToEstimate(capturedCall(streamed)).uncounted?.texts).toEqual(whole?.texts);
      }),
      { numRuns: 500 },
    );
  });

  test('are looked for in anything without failing, and change nothing where they are not', async () => {
    const { any } = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>('text', 'message', 'response.output_text.delta', 'tool_use', true, null, -1, ''),
        fc.string({ unit: 'binary' }),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...WORDS), tie('any'), { maxKeys: 6, noNullPrototype: false }),
      ),
    }));
    const paths = ['/v1/chat/completions', '/v1/responses', '/v1/messages', '/api/chat', '/v2/chat', '/custom/v1/log'];
    await fc.assert(
      fc.asyncProperty(
        any,
        fc.array(any),
        fc.boolean(),
        fc.constantFrom(...paths),
        async (asked, parts, isStream, path) => {
          const responseText = isStream ? dataEvents(...parts) : JSON.stringify(parts[0] ?? {});
          const changes = { path, requestText: JSON.stringify(asked), responseText, ...(isStream && STREAMED) };
          const reading = await estimate(changes);
          if (!reading) return;
          const { prompt_tokens, completion_tokens } = reading.tokens;
          for (const count of [prompt_tokens, completion_tokens]) {
            expect(count === null || (Number.isSafeInteger(count) && count >= 0)).toBe(true);
          }
          expect(reading.usageComplete).toBe(false);
          expect(reading.costSource).toBe(reading.costPico === null ? 'none' : 'estimated');
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

const WORDS = [
  ...['messages', 'input', 'prompt', 'content', 'text', 'type', 'role', 'tools', 'instructions', 'system', 'model'],
  ...['choices', 'delta', 'message', 'tool_calls', 'function', 'name', 'arguments', 'index', 'output', 'object'],
  ...['done', 'response', 'content_block', 'thinking', 'refusal', 'reasoning', 'images', 'summary', '__proto__'],
];

function inPieces(text: string, cuts: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let at = 0, i = 0; at < text.length; i++) {
    const length = 1 + cuts[i % cuts.length]!;
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}
