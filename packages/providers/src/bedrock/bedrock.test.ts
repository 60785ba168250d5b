import { describe, expect, test } from '@jest/globals';
import {
  CONVERSE_BODY,
  CONVERSE_FRAMES,
  chunkFrame,
  EVENT_STREAM,
  eventFrame,
  exceptionFrame,
  frame,
  framed,
  INVOKE_FRAMES,
  TO_CONVERSE,
  TO_CONVERSE_STREAM,
  TO_INVOKE,
  TO_INVOKE_STREAM,
} from '../fixtures/bedrock-call.ts';
import { MESSAGES_BODY } from '../fixtures/captured-call.ts';
import { body, read } from '../fixtures/read.ts';
import { NO_TOKENS } from '../reported-usage.ts';

const CONVERSED = {
  model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  finishReason: 'end_turn',
  tokens: {
    prompt_tokens: 100,
    completion_tokens: 80,
    prompt_cache_read_tokens: 2000,
    prompt_cache_write_tokens: 700,
    prompt_cache_write_1h_tokens: 300,
  },
  usageComplete: true,
  costSource: 'table',
};

describe('Bedrock Converse', () => {
  test('reads a body: input without the cache, cache writes by their lifetime, the model in the path', () => {
    expect(read({ ...TO_CONVERSE, ...body(CONVERSE_BODY) })).toMatchObject({ ...CONVERSED, streamed: false });
  });

  test('reads the same from frames, also under the older names of its counts', () => {
    expect(read({ ...TO_CONVERSE_STREAM, ...framed(CONVERSE_FRAMES) })).toMatchObject({ ...CONVERSED, streamed: true });
    const usage = { inputTokens: 5, outputTokens: 6, cacheReadInputTokenCount: 7, cacheWriteInputTokenCount: 8 };
    expect(read({ ...TO_CONVERSE, ...body({ ...CONVERSE_BODY, usage }) }).tokens).toMatchObject({
      prompt_tokens: 5,
      prompt_cache_read_tokens: 7,
      prompt_cache_write_tokens: 8,
    });
  });

  test('reads frames that happen to be text as well', () => {
    const responseBytes = framed(CONVERSE_FRAMES).responseBytes;
    const responseText = responseBytes.toString('latin1');
    expect(read({ ...TO_CONVERSE_STREAM, ...EVENT_STREAM, responseText, responseBytes })).toMatchObject(CONVERSED);
  });

  test('takes a frame with an exception for the error that it is, though it came after status 200', () => {
    const broken = [...CONVERSE_FRAMES.slice(0, 2), exceptionFrame('throttlingException', 'slow down')];
    expect(read({ ...TO_CONVERSE_STREAM, ...framed(broken) })).toMatchObject({
      error: { type: 'throttlingException', message: 'slow down' },
      tokens: NO_TOKENS,
      usageComplete: false,
      costPico: null,
    });
    const refused = [exceptionFrame('validationException', 'no')];
    expect(read({ ...TO_CONVERSE_STREAM, ...framed(refused) })).toMatchObject({ costPico: 0n, usageComplete: true });
    const unforeseen = frame(
      { ':message-type': 'error', ':error-code': 'InternalError', ':error-message': 'oops' },
      {},
    );
    expect(read({ ...TO_CONVERSE_STREAM, ...framed([unforeseen]) }).error).toEqual({
      type: 'InternalError',
      message: 'oops',
    });
  });

  test('reads nothing of a damaged frame, nor of those behind it', () => {
    const bytes = Buffer.concat(CONVERSE_FRAMES);
    const lastAt = bytes.length - CONVERSE_FRAMES.at(-1)!.length;
    bytes[lastAt - 6]! ^= 1;
    const damaged = { ...EVENT_STREAM, responseText: undefined, responseBytes: bytes };
    expect(read({ ...TO_CONVERSE_STREAM, ...damaged })).toMatchObject({
      tokens: NO_TOKENS,
      usageComplete: false,
      costPico: null,
    });
  });

  test('reads a failure by the type in its header', () => {
    const responseHeaders = [['x-amzn-errortype', 'ValidationException:http://internal.amazon.com/x']] as const;
    expect(read({ ...TO_CONVERSE, status: 400, responseHeaders, ...body({ message: 'bad' }) })).toMatchObject({
      error: { type: 'ValidationException', message: 'bad' },
      costPico: 0n,
    });
  });

  test('names a service tier whose price depends on more than is known', () => {
    const flex = { ...CONVERSE_BODY, serviceTier: { type: 'flex' } };
    expect(read({ ...TO_CONVERSE, ...body(flex) }).priceVersion).toMatch(/\+standard-for:flex$/);
    const standard = { ...CONVERSE_BODY, serviceTier: { type: 'default' } };
    expect(read({ ...TO_CONVERSE, ...body(standard) }).priceVersion).not.toContain('standard-for');
  });
});

describe('Bedrock invoke', () => {
  const claude = {
    model: 'claude-sonnet-4-5-20250929',
    finishReason: 'end_turn',
    tokens: { prompt_tokens: 100, completion_tokens: 50, reasoning_tokens: 30, prompt_cache_write_1h_tokens: 300 },
    usageComplete: true,
  };

  test('reads the vendor’s own shape, whole and inside of frames', () => {
    expect(read({ ...TO_INVOKE, ...body(MESSAGES_BODY) })).toMatchObject(claude);
    expect(read({ ...TO_INVOKE_STREAM, ...framed(INVOKE_FRAMES) })).toMatchObject({ ...claude, streamed: true });
  });

  test('falls back on Bedrock’s own counts where the vendor has none', () => {
    const frames = [
      chunkFrame({ generation: 'The', stop_reason: null }),
      chunkFrame({
        generation: ' Po.',
        stop_reason: 'stop',
        'amazon-bedrock-invocationMetrics': { inputTokenCount: 9, outputTokenCount: 4 },
      }),
    ];
    const llama = {
      ...TO_INVOKE_STREAM,
      path: '/model/us.meta.llama3-3-70b-instruct-v1%3A0/invoke-with-response-stream',
    };
    expect(read({ ...llama, ...framed(frames) })).toMatchObject({
      model: 'us.meta.llama3-3-70b-instruct-v1:0',
      tokens: { prompt_tokens: 9, completion_tokens: 4 },
      usageComplete: true,
    });
    expect(read({ ...llama, ...framed(frames.slice(0, 1)) })).toMatchObject({ tokens: NO_TOKENS, costPico: null });
  });

  test('reads Amazon’s own models, whose events name themselves', () => {
    const nova = { ...TO_INVOKE_STREAM, path: '/model/us.amazon.nova-micro-v1%3A0/invoke-with-response-stream' };
    const frames = [
      chunkFrame({ messageStart: { role: 'assistant' } }),
      chunkFrame({ contentBlockDelta: { delta: { text: 'The Tagus.' } } }),
      chunkFrame({ messageStop: { stopReason: 'end_turn' } }),
      chunkFrame({ metadata: { usage: { inputTokens: 3, outputTokens: 5, cacheReadInputTokenCount: 2 } } }),
    ];
    expect(read({ ...nova, ...framed(frames) })).toMatchObject({
      finishReason: 'end_turn',
      tokens: { prompt_tokens: 3, completion_tokens: 5, prompt_cache_read_tokens: 2 },
      usageComplete: true,
    });
  });

  test('reads Titan’s texts and embeddings', () => {
    const text = { inputTextTokenCount: 6, results: [{ tokenCount: 11, outputText: 'x', completionReason: 'FINISH' }] };
    expect(read({ ...TO_INVOKE, path: '/model/amazon.titan-text-express-v1/invoke', ...body(text) })).toMatchObject({
      finishReason: 'FINISH',
      tokens: { prompt_tokens: 6, completion_tokens: 11 },
      costPico: 6n * 200_000n + 11n * 600_000n,
    });
    const vector = { embedding: [0.5], inputTextTokenCount: 5 };
    expect(read({ ...TO_INVOKE, path: '/model/amazon.titan-embed-text-v1/invoke', ...body(vector) })).toMatchObject({
      tokens: { prompt_tokens: 5, completion_tokens: 0 },
      usageComplete: true,
      costPico: 5n * 100_000n,
    });
  });

  test('reads the counts of headers where the body has none', () => {
    const embedded = {
      ...TO_INVOKE,
      path: '/model/cohere.embed-english-v3/invoke',
      ...body({ embeddings: [[0.5]], id: 'x' }),
    };
    const responseHeaders = [['x-amzn-bedrock-input-token-count', '12']] as const;
    expect(read({ ...embedded, responseHeaders })).toMatchObject({
      tokens: { prompt_tokens: 12, completion_tokens: 0 },
      usageComplete: true,
    });
    expect(read({ ...embedded, responseHeaders: [['x-amzn-bedrock-input-token-count', '1e9']] }).tokens).toEqual(
      NO_TOKENS,
    );
    expect(read(embedded)).toMatchObject({ tokens: NO_TOKENS, usageComplete: false, costPico: null });
  });

  test('takes events of one stream in any order without making up a number', () => {
    const frames = [...CONVERSE_FRAMES].reverse();
    expect(read({ ...TO_CONVERSE_STREAM, ...framed(frames) }).tokens).toMatchObject({ prompt_tokens: 100 });
    expect(read({ ...TO_INVOKE_STREAM, ...framed([...INVOKE_FRAMES].reverse()) }).tokens.prompt_tokens).toBe(100);
    expect(read({ ...TO_CONVERSE_STREAM, ...framed([eventFrame('metadata', { usage: [] })]) }).tokens).toEqual(
      NO_TOKENS,
    );
  });
});
