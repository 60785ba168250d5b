import { describe, expect, test } from '@jest/globals';
import { body, read } from '../fixtures/read.ts';
import { REALTIME_DONE, realtimeEnd, TO_REALTIME } from '../fixtures/realtime-call.ts';
import { NO_TOKENS } from '../reported-usage.ts';

describe('a response of a realtime session', () => {
  test('counts text, audio and what of either came from the cache, at the prices of the model that the request names', () => {
    expect(read({ ...TO_REALTIME, ...body(REALTIME_DONE) })).toMatchObject({
      model: 'gpt-realtime',
      streamed: true,
      finishReason: 'completed',
      error: null,
      usageComplete: true,
      tokens: {
        prompt_tokens: 40,
        prompt_audio_tokens: 100,
        prompt_cache_read_tokens: 60,
        completion_tokens: 25,
        completion_audio_tokens: 75,
      },
      costSource: 'table',
      costPico: 40n * 4_000_000n + 60n * 400_000n + 100n * 32_000_000n + 25n * 16_000_000n + 75n * 64_000_000n,
    });
  });

  test('that did not run to its end is an error with status 200', () => {
    const ended = (response: object) => read({ ...TO_REALTIME, ...realtimeEnd(response) });
    const failed = { status: 'failed', output: [], usage: null };
    expect(
      ended({ ...failed, status_details: { error: { type: 'server_error', message: 'try again' } } }),
    ).toMatchObject({
      error: { type: 'server_error', message: 'try again' },
      costPico: 0n,
      usageComplete: true,
    });
    expect(ended({ status: 'incomplete', status_details: { reason: 'content_filter' } })).toMatchObject({
      error: { type: 'incomplete', message: 'content_filter' },
      finishReason: 'content_filter',
      tokens: { completion_tokens: 25 },
    });
    expect(ended({ status: 'cancelled', status_details: { reason: 'turn_detected' } })).toMatchObject({
      error: { type: 'cancelled', message: 'turn_detected' },
      usageComplete: true,
    });
  });

  test('that was cut in the middle may cost something, and nobody knows what', () => {
    const { usage: _, ...response } = REALTIME_DONE.response;
    const created = { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } };
    for (const responseText of [JSON.stringify(created), '']) {
      const cut = { ...TO_REALTIME, status: -3, responseContentType: '', responseText };
      expect(read(cut)).toMatchObject({
        model: 'gpt-realtime',
        streamed: true,
        tokens: NO_TOKENS,
        usageComplete: false,
        costPico: null,
      });
    }
  });

  test('that the provider refused is an error that cost nothing', () => {
    const refused = {
      type: 'error',
      event_id: 'e1',
      error: { type: 'invalid_request_error', message: 'no such voice' },
    };
    expect(read({ ...TO_REALTIME, ...body(refused) })).toMatchObject({
      error: { type: 'invalid_request_error', message: 'no such voice' },
      costPico: 0n,
    });
  });

  test('costs nothing when there was none: the handshake was refused', () => {
    const refused = { error: { type: 'invalid_request_error', message: 'no such key' } };
    expect(read({ ...TO_REALTIME, status: 401, ...body(refused) })).toMatchObject({
      error: { message: 'no such key' },
      streamed: false,
      usageComplete: true,
      costPico: 0n,
    });
  });
});

describe('a transcription in a realtime session', () => {
  const transcribed = (model: string, usage: object) =>
    read({
      ...TO_REALTIME,
      requestText: JSON.stringify({ model }),
      ...body({ type: 'conversation.item.input_audio_transcription.completed', item_id: 'i', transcript: 'Hi', usage }),
    });

  test('counts the tokens of its own model', () => {
    const usage = { type: 'tokens', input_tokens: 30, output_tokens: 9, input_token_details: { audio_tokens: 30 } };
    expect(transcribed('gpt-4o-transcribe', usage)).toMatchObject({
      model: 'gpt-4o-transcribe',
      tokens: { prompt_tokens: 0, prompt_audio_tokens: 30, completion_tokens: 9 },
      usageComplete: true,
      costSource: 'table',
    });
  });

  test('or its seconds', () => {
    expect(transcribed('whisper-1', { type: 'duration', seconds: 60 })).toMatchObject({
      usageComplete: true,
      costPico: 6_000_000_000n,
    });
  });
});
