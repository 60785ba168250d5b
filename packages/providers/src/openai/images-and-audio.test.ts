import { describe, expect, test } from '@jest/globals';
import { namedEvents, STREAMED } from '../fixtures/captured-call.ts';
import { IMAGE_BODY, IMAGE_STREAM, TO_IMAGES } from '../fixtures/other-calls.ts';
import { body, read } from '../fixtures/read.ts';
import { NO_TOKENS } from '../reported-usage.ts';

const DRAWN = {
  model: 'gpt-image-1.5',
  tokens: { prompt_tokens: 60, completion_tokens: 1000 },
  usageComplete: true,
  costPico: 10n * 5_000_000n + 50n * 8_000_000n + 100n * 10_000_000n + 900n * 32_000_000n,
};

describe('OpenAI images', () => {
  test('reads tokens of text and images, and the model of the request', () => {
    expect(read({ ...TO_IMAGES, ...body(IMAGE_BODY) })).toMatchObject(DRAWN);
  });

  test('reads the same from the last event of a stream', () => {
    expect(read({ ...TO_IMAGES, ...STREAMED, responseText: IMAGE_STREAM })).toMatchObject({ ...DRAWN, streamed: true });
    const cut = IMAGE_STREAM.slice(0, IMAGE_STREAM.indexOf('event: image_generation.completed'));
    expect(read({ ...TO_IMAGES, ...STREAMED, responseText: cut })).toMatchObject({
      usageComplete: false,
      costPico: null,
    });
    const failed = namedEvents({ type: 'error', error: { type: 'server_error', message: 'no' } });
    expect(read({ ...TO_IMAGES, ...STREAMED, responseText: failed })).toMatchObject({
      error: { type: 'server_error', message: 'no' },
      costPico: 0n,
    });
  });

  test('does not know what images without usage cost', () => {
    expect(read({ ...TO_IMAGES, ...body({ created: 1, data: [{ url: 'https://x' }] }) })).toMatchObject({
      tokens: NO_TOKENS,
      usageComplete: false,
      costPico: null,
    });
  });
});

describe('OpenAI audio', () => {
  const boundary = '----river42';
  const part = (name: string, value: string, more = '') =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
  const form = (...parts: string[]) => ({
    path: '/v1/audio/transcriptions',
    requestContentType: `multipart/form-data; boundary=${boundary}`,
    requestText: undefined,
    requestBytes: Buffer.from(`${parts.join('')}--${boundary}--\r\n`, 'latin1'),
  });
  const file = part('file', '\u00ff\u00fb name="model"\r\n\r\nfake', '; filename="a.mp3"\r\nContent-Type: audio/mpeg');
  const whisper = form(file, part('model', 'whisper-1'), part('user', 'u-7'));

  test('reads seconds, and the model out of the form behind the file', () => {
    expect(
      read({ ...whisper, ...body({ text: 'the Rhône', usage: { type: 'duration', seconds: 90 } }) }),
    ).toMatchObject({
      model: 'whisper-1',
      bodyUser: 'u-7',
      tokens: { prompt_tokens: null, completion_tokens: null },
      usageComplete: true,
      costPico: 9_000_000_000n,
      costSource: 'table',
    });
  });

  test('reads tokens of audio and text, whole and from the last event', () => {
    const usage = {
      type: 'tokens',
      input_tokens: 30,
      input_token_details: { text_tokens: 5, audio_tokens: 25 },
      output_tokens: 8,
      total_tokens: 38,
    };
    const call = form(part('model', 'gpt-4o-transcribe'), part('stream', 'true'), file);
    const expected = {
      model: 'gpt-4o-transcribe',
      tokens: { prompt_tokens: 5, prompt_audio_tokens: 25, completion_tokens: 8 },
      usageComplete: true,
      costPico: 5n * 2_500_000n + 25n * 6_000_000n + 8n * 10_000_000n,
    };
    expect(read({ ...call, ...body({ text: 'the Rhône', usage }) })).toMatchObject(expected);
    const responseText = namedEvents(
      { type: 'transcript.text.delta', delta: 'the' },
      { type: 'transcript.text.done', text: 'the Rhône', usage },
    );
    expect(read({ ...call, ...STREAMED, responseText })).toMatchObject({ ...expected, streamed: true });
  });

  test('finds the model behind a file that quotes the head of a part, near its begin and over and over', () => {
    const quoted = part(
      'file',
      `${'x'.repeat(3000)}${'name="model"\r\n\r\nfake\r\n'.repeat(200)}`,
      '; filename="a.mp3"',
    );
    expect(read({ ...form(quoted, part('model', 'whisper-1')), ...body({ text: 'x' }) }).model).toBe('whisper-1');
  });

  test('does not read a model out of a form that is cut, or has none', () => {
    const cut = {
      ...whisper,
      requestBytes: whisper.requestBytes.subarray(0, whisper.requestBytes.indexOf('whisper-1') + 4),
    };
    for (const call of [cut, form(file), { ...whisper, requestContentType: 'multipart/form-data' }]) {
      expect(read({ ...call, ...body({ text: 'x' }) })).toMatchObject({ model: 'unknown', costPico: null });
    }
  });

  test('reads Mistral’s transcription by its length', () => {
    const usage = { prompt_audio_seconds: 60, prompt_tokens: 4, completion_tokens: 6, total_tokens: 700 };
    const call = { ...form(part('model', 'voxtral-mini-latest'), file), provider: 'MISTRAL' };
    expect(read({ ...call, ...body({ model: 'voxtral-mini-2602', text: 'x', usage }) })).toMatchObject({
      tokens: { prompt_tokens: 4, completion_tokens: 6 },
      costPico: 3_000_000_000n,
    });
  });

  test('does not know what speech costs, whose answer is a file', () => {
    const speech = {
      path: '/v1/audio/speech',
      requestText: '{"model":"tts-1","input":"Rhône"}',
      responseText: undefined,
    };
    expect(
      read({ ...speech, responseContentType: 'audio/mpeg', responseBytes: Buffer.from([255, 251]) }),
    ).toMatchObject({
      model: 'tts-1',
      costPico: null,
      usageComplete: false,
    });
  });
});
