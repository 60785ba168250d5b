import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CHAT_BODY,
  CHAT_STREAM,
  capturedCall,
  MESSAGES_BODY,
  MESSAGES_STREAM,
  RESPONSES_BODY,
  RESPONSES_STREAM,
  STREAMED,
  TO_ANTHROPIC,
  TO_RESPONSES,
} from './fixtures/captured-call.ts';
import type { CapturedCall, ProviderReading } from './provider-reading.ts';
import { readCall } from './read-call.ts';
import { NO_TOKENS } from './reported-usage.ts';

/** What holds of every reading, whatever was read. */
function expectSane(reading: ProviderReading): void {
  for (const count of Object.values(reading.tokens)) {
    expect(count === null || (Number.isSafeInteger(count) && count >= 0)).toBe(true);
  }
  expect(reading.costPico === null || reading.costPico >= 0n).toBe(true);
  if (reading.costPico === null) expect(reading.costSource).toBe('none');
  expect(reading.model).not.toBe('');
  for (const text of [reading.model, reading.bodyUser, reading.finishReason, reading.error?.message ?? '']) {
    expect(text.isWellFormed() && !text.includes('\0')).toBe(true);
  }
}

const WORDS = [
  ...['usage', 'model', 'error', 'message', 'type', 'code', 'choices', 'finish_reason', 'response', 'status', 'output'],
  ...['prompt_tokens', 'completion_tokens', 'input_tokens', 'output_tokens', 'total_tokens', 'cost', 'action'],
  ...['prompt_tokens_details', 'completion_tokens_details', 'input_tokens_details', 'output_tokens_details'],
  ...['cached_tokens', 'audio_tokens', 'reasoning_tokens', 'cache_write_tokens', 'thinking_tokens', 'image_tokens'],
  ...['cache_read_input_tokens', 'cache_creation_input_tokens', 'cache_creation', 'ephemeral_1h_input_tokens'],
  ...['server_tool_use', 'web_search_requests', 'iterations', 'service_tier', 'inference_geo', 'speed', 'x_groq'],
  ...['delta', 'stop_reason', 'object', 'detail', 'is_byok', 'cost_details', 'upstream_inference_cost'],
  ...['_type', 'toolName', 'name', 'user', 'stream', '__proto__', 'toString', 'constructor', 'toJSON', 'length'],
];
const VALUES = [
  ...['response', 'message', 'failed', 'completed', 'error', 'tool', 'priority', 'batch', 'gpt-4o', '', 'gpt-5-mini'],
  ...['message_start', 'message_delta', 'message_stop', 'response.completed', 'response.created', 'web_search_call'],
];

const json = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom<unknown>(...VALUES),
    fc.nat(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.string({ unit: 'binary' }),
    fc.array(tie('any'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom(...WORDS), tie('any'), { maxKeys: 6, noNullPrototype: false }),
}));

const path = fc.constantFrom(
  '/v1/chat/completions',
  '/v1/embeddings',
  '/v1/responses',
  '/v1/messages',
  '/model/%E0%A4%A/invoke',
  '/custom/v1/log',
);
const shape = fc.record({
  path,
  provider: fc.constantFrom('OPENAI', 'ANTHROPIC', 'OPENROUTER', 'CUSTOM', 'HUGGINGFACE', 'http://x', '__proto__'),
  status: fc.constantFrom(200, 400, 500, 0, -2, -3, -4, -100),
  method: fc.constantFrom('POST', 'GET'),
  requestAt: fc.oneof(fc.integer({ min: 0, max: 4e12 }), fc.constantFrom(Number.NaN, -1, Number.MAX_SAFE_INTEGER)),
  responseContentType: fc.constantFrom('application/json', 'text/event-stream', ''),
});
const lone = fc.string({ unit: 'binary' });

describe('readCall, whatever it is given', () => {
  test('reads arbitrary text without throwing or making up numbers', () => {
    fc.assert(
      fc.property(shape, lone, lone, lone, (changes, requestText, responseText, modelOverride) => {
        const reading = readCall(capturedCall({ ...changes, requestText, responseText, modelOverride }));
        expectSane(reading);
        expect(reading.tokens).toEqual(NO_TOKENS);
      }),
      { numRuns: 1000 },
    );
  });

  test('reads arbitrary JSON made of the words it looks for', () => {
    fc.assert(
      fc.property(shape, json.object, json.any, (changes, request, response) => {
        const requestText = JSON.stringify(request);
        expectSane(readCall(capturedCall({ ...changes, requestText, responseText: JSON.stringify(response) })));
      }),
      { numRuns: 1000 },
    );
  });

  test('reads arbitrary streams made of the words it looks for', () => {
    const event = fc.tuple(fc.constantFrom('', ...VALUES), json.any);
    fc.assert(
      fc.property(shape, fc.array(event, { maxLength: 8 }), (changes, events) => {
        const lines = events.map(([name, data]) => `${name && `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`);
        expectSane(readCall(capturedCall({ ...changes, ...STREAMED, responseText: lines.join('') })));
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['an array', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['an open array', '['.repeat(1_000_000)],
    ['objects', `${'{"error":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['an error message', `{"error":{"message":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`],
  ])('survives %s nested without end', (_what, text) => {
    for (const changes of [{ responseText: text }, { responseText: `data: ${text}\n\n`, ...STREAMED }]) {
      expectSane(readCall(capturedCall({ requestText: text, ...changes })));
    }
  });
});

const BODIES: readonly (readonly [string, Partial<CapturedCall>, unknown])[] = [
  ['chat completions', {}, CHAT_BODY],
  ['responses', TO_RESPONSES, RESPONSES_BODY],
  ['messages', TO_ANTHROPIC, MESSAGES_BODY],
];

const STREAMS: readonly (readonly [string, Partial<CapturedCall>, string])[] = [
  ['chat completions', {}, CHAT_STREAM],
  ['responses', TO_RESPONSES, RESPONSES_STREAM],
  ['messages', TO_ANTHROPIC, MESSAGES_STREAM],
];

describe('a response cut short', () => {
  test.each(BODIES)('gives no number of %s at any byte of the body', (_api, call, body) => {
    const whole = JSON.stringify(body);
    for (let length = 0; length < whole.length; length++) {
      const reading = readCall(capturedCall({ ...call, responseText: whole.slice(0, length) }));
      expect(reading).toMatchObject({ tokens: NO_TOKENS, usageComplete: false, costPico: null });
    }
  });

  test.each(STREAMS)('gives of %s only what was said, at any byte of the stream', (_api, call, stream) => {
    const read = (responseText: string) => readCall(capturedCall({ ...call, ...STREAMED, responseText }));
    const whole = read(stream);
    // Every state that some number of whole events leads to.
    const said = new Set<string>([JSON.stringify(NO_TOKENS)]);
    for (let end = stream.indexOf('\n\n'); end >= 0; end = stream.indexOf('\n\n', end + 2)) {
      said.add(JSON.stringify(read(stream.slice(0, end + 2)).tokens));
    }
    for (let length = 0; length < stream.length; length++) {
      const reading = read(stream.slice(0, length));
      expect(said).toContain(JSON.stringify(reading.tokens));
      if (reading.usageComplete) expect(reading.tokens).toEqual(whole.tokens);
      else if (reading.tokens.prompt_tokens === null) expect(reading.costPico).toBeNull();
    }
    expect(whole.usageComplete).toBe(true);
  });
});
