import { describe, expect, test } from '@jest/globals';
import { namedEvents, STREAMED } from '../fixtures/captured-call.ts';
import { COHERE_BODY, COHERE_STREAM, TO_COHERE } from '../fixtures/other-calls.ts';
import { body, read } from '../fixtures/read.ts';

const EXPECTED = {
  model: 'command-r7b-12-2024',
  finishReason: 'COMPLETE',
  tokens: { prompt_tokens: 20, completion_tokens: 30, prompt_cache_read_tokens: 0 },
  usageComplete: true,
  costPico: 20n * 37_500n + 30n * 150_000n,
};

describe('Cohere', () => {
  test('counts what is billed, not the vendor’s preamble', () => {
    expect(read({ ...TO_COHERE, ...body(COHERE_BODY) })).toMatchObject(EXPECTED);
  });

  test('reads the same from a stream, and an error in its end', () => {
    expect(read({ ...TO_COHERE, ...STREAMED, responseText: COHERE_STREAM })).toMatchObject({
      ...EXPECTED,
      streamed: true,
    });
    const failed = namedEvents({ type: 'message-end', delta: { finish_reason: 'ERROR', error: 'it broke' } });
    expect(read({ ...TO_COHERE, ...STREAMED, responseText: failed })).toMatchObject({
      finishReason: 'ERROR',
      error: { message: 'it broke' },
    });
    const cut = COHERE_STREAM.slice(0, COHERE_STREAM.indexOf('event: message-end'));
    expect(read({ ...TO_COHERE, ...STREAMED, responseText: cut })).toMatchObject({
      usageComplete: false,
      costPico: null,
    });
  });

  test('reads version 1, whole and as a stream', () => {
    const meta = { billed_units: COHERE_BODY.usage.billed_units };
    const v1 = { ...TO_COHERE, path: '/v1/chat' };
    expect(read({ ...v1, ...body({ text: 'x', finish_reason: 'COMPLETE', meta }) })).toMatchObject(EXPECTED);
    const end = {
      is_finished: true,
      event_type: 'stream-end',
      finish_reason: 'COMPLETE',
      response: { meta, finish_reason: 'COMPLETE' },
    };
    const lines = `${JSON.stringify({ is_finished: false, event_type: 'text-generation', text: 'x' })}\n${JSON.stringify(end)}\n`;
    expect(read({ ...v1, responseContentType: 'application/stream+json', responseText: lines })).toMatchObject({
      ...EXPECTED,
      streamed: true,
    });
  });

  test('reads embeddings, which have no output, and images among them', () => {
    const meta = { billed_units: { input_tokens: 4, image_tokens: 6 } };
    const embed = { ...TO_COHERE, path: '/v2/embed', requestText: '{"model":"embed-v4.0"}' };
    expect(read({ ...embed, ...body({ embeddings: {}, meta }) })).toMatchObject({
      tokens: { prompt_tokens: 10, completion_tokens: 0 },
      usageComplete: true,
      costPico: 10n * 120_000n,
    });
  });

  test('prices reranking by the search', () => {
    const rerank = { ...TO_COHERE, path: '/v2/rerank', requestText: '{"model":"rerank-v3.5"}' };
    expect(read({ ...rerank, ...body({ results: [], meta: { billed_units: { search_units: 2 } } }) })).toMatchObject({
      tokens: { prompt_tokens: null, completion_tokens: null },
      usageComplete: true,
      costPico: 4_000_000_000n,
    });
  });
});
