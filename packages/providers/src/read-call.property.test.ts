import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CONVERSE_BODY,
  CONVERSE_FRAMES,
  chunkFrame,
  eventFrame,
  exceptionFrame,
  framed,
  INVOKE_FRAMES,
  TO_CONVERSE,
  TO_CONVERSE_STREAM,
  TO_INVOKE,
  TO_INVOKE_STREAM,
} from './fixtures/bedrock-call.ts';
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
import {
  GEMINI_BODY,
  GEMINI_CHUNKS,
  GEMINI_STREAM,
  INTERACTION_BODY,
  INTERACTION_STREAM,
  TO_GEMINI,
  TO_GEMINI_STREAM,
  TO_INTERACTIONS,
} from './fixtures/gemini-call.ts';
import {
  COHERE_BODY,
  COHERE_STREAM,
  IMAGE_BODY,
  IMAGE_STREAM,
  OLLAMA_BODY,
  OLLAMA_LINES,
  TO_COHERE,
  TO_IMAGES,
  TO_OLLAMA,
} from './fixtures/other-calls.ts';
import { REALTIME_DONE, TO_REALTIME } from './fixtures/realtime-call.ts';
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
  ...['usageMetadata', 'promptTokenCount', 'candidatesTokenCount', 'thoughtsTokenCount', 'cachedContentTokenCount'],
  ...['totalTokenCount', 'toolUsePromptTokenCount', 'promptTokensDetails', 'cacheTokensDetails', 'modality'],
  ...['tokenCount', 'candidates', 'finishReason', 'promptFeedback', 'blockReason', 'modelVersion', 'predictions'],
  ...['interaction', 'event_type', 'total_input_tokens', 'total_output_tokens', 'total_thought_tokens'],
  ...[
    'inputTokens',
    'outputTokens',
    'cacheReadInputTokens',
    'cacheWriteInputTokens',
    'cacheDetails',
    'ttl',
    'metadata',
  ],
  ...['messageStop', 'stopReason', 'bytes', 'amazon-bedrock-invocationMetrics', 'inputTokenCount', 'serviceTier'],
  ...[
    'inputTextTokenCount',
    'results',
    'billed_units',
    'search_units',
    'meta',
    'eval_count',
    'prompt_eval_count',
    'done',
  ],
  ...['usage_info', 'pages_processed', 'pages', 'seconds', 'prompt_audio_seconds', 'usage_breakdown', 'models'],
  ...[
    'status_details',
    'reason',
    'input_token_details',
    'output_token_details',
    'text_tokens',
    'transcript',
    'event_id',
  ],
  ...['citation_tokens', 'num_search_queries', 'cached_tokens_details', 'executed_tools', 'tool_usage', 'image_gen'],
  ...['_type', 'toolName', 'name', 'user', 'stream', '__proto__', 'toString', 'constructor', 'toJSON', 'length'],
];
const VALUES = [
  ...['response', 'message', 'failed', 'completed', 'error', 'tool', 'priority', 'batch', 'gpt-4o', '', 'gpt-5-mini'],
  ...['realtime.response', 'response.done', 'cancelled', 'conversation.item.input_audio_transcription.completed'],
  ...['AUDIO', 'IMAGE', 'interaction.completed', 'metadata', 'message-end', 'image_generation.completed', 'duration'],
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
  '/model/x/converse-stream',
  '/v1beta/models/gemini-2.5-flash:streamGenerateContent',
  '/v1/models/text-embedding-005:predict',
  '/v1beta/interactions',
  '/v2/chat',
  '/api/chat',
  '/v1/ocr',
  '/v1/images/generations',
  '/v1/audio/transcriptions',
  '/custom/v1/log',
);
const shape = fc.record({
  path,
  provider: fc.constantFrom(
    'OPENAI',
    'ANTHROPIC',
    'OPENROUTER',
    'GOOGLE',
    'AWS',
    'MISTRAL',
    'CUSTOM',
    'HUGGINGFACE',
    'http://x',
    '__proto__',
  ),
  status: fc.constantFrom(200, 400, 500, 0, -2, -3, -4, -100),
  method: fc.constantFrom('POST', 'GET'),
  requestAt: fc.oneof(fc.integer({ min: 0, max: 4e12 }), fc.constantFrom(Number.NaN, -1, Number.MAX_SAFE_INTEGER)),
  responseContentType: fc.constantFrom('application/json', 'text/event-stream', 'application/x-ndjson', ''),
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

  test('reads arbitrary frames of the words it looks for, and frames that are none', () => {
    const type = fc.constantFrom('chunk', 'metadata', 'messageStop', 'messageStart', ...VALUES);
    const made = fc.oneof(
      fc.tuple(type, json.any).map(([name, payload]) => eventFrame(name, payload)),
      json.any.map((event) => chunkFrame(event)),
      fc.string().map((message) => exceptionFrame('throttlingException', message)),
      fc.uint8Array({ maxLength: 40 }),
    );
    fc.assert(
      fc.property(shape, fc.array(made, { maxLength: 6 }), (changes, frames) => {
        expectSane(readCall(capturedCall({ ...changes, ...framed(frames) })));
      }),
      { numRuns: 500 },
    );
  });

  test('reads arbitrary forms and lists of pieces', () => {
    fc.assert(
      fc.property(shape, fc.uint8Array({ maxLength: 200 }), fc.array(json.object), (changes, bytes, pieces) => {
        const requestBytes = Buffer.concat([
          Buffer.from('--b\r\nname="model"\r\n\r\n'),
          bytes,
          Buffer.from('\r\n--b--'),
        ]);
        const form = { requestContentType: 'multipart/form-data; boundary=b', requestText: undefined, requestBytes };
        for (const text of [JSON.stringify(pieces), pieces.map((piece) => JSON.stringify(piece)).join('\n')]) {
          expectSane(readCall(capturedCall({ ...changes, ...form, responseText: text })));
        }
      }),
      { numRuns: 500 },
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
  ['Gemini', TO_GEMINI, GEMINI_BODY],
  ['Gemini interactions', TO_INTERACTIONS, INTERACTION_BODY],
  ['Converse', TO_CONVERSE, CONVERSE_BODY],
  ['a model at Bedrock', TO_INVOKE, MESSAGES_BODY],
  ['Cohere', TO_COHERE, COHERE_BODY],
  ['Ollama', TO_OLLAMA, OLLAMA_BODY],
  ['images', TO_IMAGES, IMAGE_BODY],
  ['realtime', TO_REALTIME, REALTIME_DONE],
];

/** The last column ends every whole event, and possibly more. */
const STREAMS: readonly (readonly [string, Partial<CapturedCall>, string, string])[] = [
  ['chat completions', STREAMED, CHAT_STREAM, '\n\n'],
  ['responses', { ...TO_RESPONSES, ...STREAMED }, RESPONSES_STREAM, '\n\n'],
  ['messages', { ...TO_ANTHROPIC, ...STREAMED }, MESSAGES_STREAM, '\n\n'],
  ['Gemini', { ...TO_GEMINI_STREAM, ...STREAMED }, GEMINI_STREAM, '\n\n'],
  ['Gemini in an array', TO_GEMINI_STREAM, JSON.stringify(GEMINI_CHUNKS, null, 1), '}'],
  ['Gemini interactions', { ...TO_INTERACTIONS, ...STREAMED }, INTERACTION_STREAM, '\n\n'],
  ['Cohere', { ...TO_COHERE, ...STREAMED }, COHERE_STREAM, '\n\n'],
  ['Ollama', { ...TO_OLLAMA, responseContentType: 'application/x-ndjson' }, OLLAMA_LINES, '}'],
  ['images', { ...TO_IMAGES, ...STREAMED }, IMAGE_STREAM, '\n\n'],
];

const FRAMED: readonly (readonly [string, Partial<CapturedCall>, readonly Uint8Array[]])[] = [
  ['Converse', TO_CONVERSE_STREAM, CONVERSE_FRAMES],
  ['a model at Bedrock', TO_INVOKE_STREAM, INVOKE_FRAMES],
];

describe('a response cut short', () => {
  test.each(BODIES)('gives no number of %s at any byte of the body', (_api, call, body) => {
    const whole = JSON.stringify(body);
    for (let length = 0; length < whole.length; length++) {
      const reading = readCall(capturedCall({ ...call, responseText: whole.slice(0, length) }));
      expect(reading).toMatchObject({ tokens: NO_TOKENS, usageComplete: false, costPico: null });
    }
    expect(readCall(capturedCall({ ...call, responseText: whole })).usageComplete).toBe(true);
  });

  test.each(STREAMS)('gives of %s only what was said, at any byte of the stream', (_api, call, stream, separator) => {
    const read = (responseText: string) => readCall(capturedCall({ ...call, responseText }));
    const whole = read(stream);
    // Every state that some number of whole events leads to.
    const said = new Set<string>([JSON.stringify(NO_TOKENS)]);
    const step = separator.length;
    for (let end = stream.indexOf(separator); end >= 0; end = stream.indexOf(separator, end + step)) {
      said.add(JSON.stringify(read(stream.slice(0, end + step)).tokens));
    }
    for (let length = 0; length < stream.length; length++) {
      const reading = read(stream.slice(0, length));
      expect(said).toContain(JSON.stringify(reading.tokens));
      if (reading.usageComplete) expect(reading.tokens).toEqual(whole.tokens);
      else if (reading.tokens.prompt_tokens === null) expect(reading.costPico).toBeNull();
    }
    expect(whole.usageComplete).toBe(true);
  });

  test.each(FRAMED)(
    'gives of %s in frames only what whole frames say, cut or damaged anywhere',
    (_api, call, frames) => {
      const bytes = Buffer.concat(frames);
      const read = (own: Uint8Array) => readCall(capturedCall({ ...call, ...framed([own]) }));
      const whole = read(bytes);
      const said = frames.map((_frame, count) => JSON.stringify(read(Buffer.concat(frames.slice(0, count))).tokens));
      for (let length = 0; length < bytes.length; length++) {
        const reading = read(bytes.subarray(0, length));
        expect(said).toContain(JSON.stringify(reading.tokens));
        expect(reading.tokens.prompt_tokens === null ? reading.costPico : null).toBeNull();
      }
      for (let at = 0; at < bytes.length; at++) {
        const damaged = Buffer.from(bytes);
        damaged[at]! ^= 1 << (at % 8);
        const reading = read(damaged);
        expect(said).toContain(JSON.stringify(reading.tokens));
        if (reading.usageComplete) expect(reading.tokens).toEqual(whole.tokens);
      }
      expect(whole.usageComplete).toBe(true);
    },
  );
});
