import { describe, expect, test } from '@jest/globals';
import { OLLAMA_BODY, OLLAMA_LINES, TO_OLLAMA } from '../fixtures/other-calls.ts';
import { body, read } from '../fixtures/read.ts';

const EXPECTED = {
  model: 'llama3.2',
  finishReason: 'stop',
  tokens: { prompt_tokens: 26, completion_tokens: 12 },
  usageComplete: true,
  costPico: null,
};

describe('Ollama', () => {
  test('reads a body and lines of the same', () => {
    expect(read({ ...TO_OLLAMA, ...body(OLLAMA_BODY) })).toMatchObject(EXPECTED);
    expect(read({ ...TO_OLLAMA, responseText: OLLAMA_LINES.replaceAll('":', '" : ') })).toMatchObject(EXPECTED);
    for (const responseContentType of ['application/x-ndjson', 'text/plain', 'application/json']) {
      expect(read({ ...TO_OLLAMA, responseContentType, responseText: OLLAMA_LINES })).toMatchObject({
        ...EXPECTED,
        streamed: true,
      });
    }
  });

  test('is recognised by its look under any path', () => {
    const elsewhere = {
      ...TO_OLLAMA,
      path: '/proxy',
      responseContentType: 'application/x-ndjson',
      responseText: OLLAMA_LINES,
    };
    expect(read(elsewhere)).toMatchObject(EXPECTED);
  });

  test('has no count of lines that never ended, and reads an error among them', () => {
    const cut = OLLAMA_LINES.slice(0, -20);
    const lines = { ...TO_OLLAMA, responseContentType: 'application/x-ndjson' };
    expect(read({ ...lines, responseText: cut })).toMatchObject({
      tokens: { prompt_tokens: null },
      usageComplete: false,
    });
    const failed = `${OLLAMA_LINES.split('\n')[0]}\n{"error":"out of memory"}\n`;
    expect(read({ ...lines, responseText: failed })).toMatchObject({
      error: { message: 'out of memory' },
      usageComplete: false,
    });
  });

  test('does not take a prompt that was not counted for an empty one', () => {
    const { prompt_eval_count: _, ...cached } = OLLAMA_BODY;
    expect(read({ ...TO_OLLAMA, ...body(cached) })).toMatchObject({
      tokens: { prompt_tokens: null, completion_tokens: 12 },
      usageComplete: false,
    });
  });

  test('reads embeddings, which have no output', () => {
    const embedded = {
      model: 'all-minilm',
      embeddings: [[0.5]],
      total_duration: 1,
      load_duration: 1,
      prompt_eval_count: 8,
    };
    expect(read({ ...TO_OLLAMA, path: '/api/embed', ...body(embedded) })).toMatchObject({
      tokens: { prompt_tokens: 8, completion_tokens: 0 },
      usageComplete: true,
    });
  });
});
