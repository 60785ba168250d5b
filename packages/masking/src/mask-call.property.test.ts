import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { CapturedBody } from '@throughline/contracts/request-event';
import { callOf, type ReadEvent } from '@throughline/providers/call-of-event';
import { fromCallReading } from '@throughline/providers/call-reading';
import { readCall } from '@throughline/providers/read-call';
import fc from 'fast-check';
import { maskCall } from './mask-call.ts';
import { maskText } from './mask-text.ts';
import { masksOf } from './masking-rules.ts';

const rules = masksOf({
  emails: true,
  cards: true,
  keys: true,
  literals: ['Bluebird'],
  paths: ['..usage', '..model', '..user'],
});
const BYTES_MAX = 1024 * 1024;

const count = fc.nat({ max: 100_000 });
const said = fc.oneof(
  fc.constantFrom('jane@example.com', '4111 1111 1111 1111', 'sk-ant-abcdefgh12345', 'Bluebird', 'nothing', ''),
  fc.string(),
);
const model = fc.constantFrom('gpt-4o-mini', 'claude-sonnet-4-5', 'nobody-knows', 'jane@example.com');

const chat = fc.tuple(model, said, count, count).map(([name, content, prompt, completion]) => ({
  path: '/v1/chat/completions',
  request: { model: name, user: content, messages: [{ role: 'user', content }] },
  answer: {
    model: name,
    choices: [{ index: 0, message: { content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
  },
  events: [
    { model: name, choices: [{ index: 0, delta: { content } }] },
    { model: name, choices: [], usage: { prompt_tokens: prompt, completion_tokens: completion } },
  ],
}));
const messages = fc.tuple(model, said, count, count).map(([name, text, input, output]) => ({
  path: '/v1/messages',
  request: { model: name, metadata: { user_id: text }, messages: [{ role: 'user', content: text }] },
  answer: {
    type: 'message',
    model: name,
    content: [{ type: 'text', text }],
    usage: { input_tokens: input, output_tokens: output },
  },
  events: [
    { type: 'message_start', message: { model: name, usage: { input_tokens: input, output_tokens: 1 } } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: output } },
    { type: 'message_stop' },
  ],
}));
const failure = said.map((message) => ({
  path: '/v1/chat/completions',
  request: { model: 'gpt-4o' },
  answer: { error: { type: 'invalid_request_error', message } },
  events: [{ error: { type: 'server_error', message } }],
}));

const captured = (text: string, encoding: string, contentType: string, isTruncated: boolean): CapturedBody => {
  const plain = Buffer.from(text);
  const sent = encoding === 'gzip' ? gzipSync(plain) : encoding === 'br' ? brotliCompressSync(plain) : plain;
  const bytes = isTruncated ? sent.subarray(0, Math.ceil(sent.length / 2)) : sent;
  return { bytes, size: sent.length, truncated: isTruncated, content_type: contentType, encoding };
};

const call: fc.Arbitrary<ReadEvent> = fc
  .record({
    api: fc.oneof(chat, messages, failure),
    isStream: fc.boolean(),
    encoding: fc.constantFrom('', 'gzip', 'br'),
    isTruncated: fc.boolean(),
    status: fc.constantFrom(200, 200, 400, -3),
  })
  .map(({ api, isStream, encoding, isTruncated, status }) => {
    const parts: readonly object[] = api.events;
    const events = parts.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
    return {
      provider: 'OPENAI',
      method: 'POST',
      target_url: `https://api.openai.com${api.path}`,
      path: api.path,
      status,
      abort_reason: status === -3 ? 'client-aborted' : '',
      request_body: captured(JSON.stringify({ ...api.request, stream: isStream }), '', 'application/json', false),
      response_body: isStream
        ? captured(events, encoding, 'text/event-stream', isTruncated)
        : captured(JSON.stringify(api.answer), encoding, 'application/json', isTruncated),
      model_override: '',
      request_at: Date.parse('2026-06-15T12:00:00Z'),
      response_headers: [],
    };
  });

test('a call that was masked reads as it did before, but for its texts, which are masked', () => {
  fc.assert(
    fc.property(call, (given) => {
      const before = readCall(callOf(given));
      const { reading, ...bodies } = maskCall(given, rules, BYTES_MAX, { isChanged: false, isRead: false });
      const after = reading ? fromCallReading(reading) : readCall(callOf({ ...given, ...bodies }));
      const mask = (text: string) => maskText(text, rules);
      expect(after).toEqual({
        ...before,
        model: mask(before.model),
        requestModel: mask(before.requestModel),
        responseModel: mask(before.responseModel),
        bodyUser: mask(before.bodyUser),
        error: before.error && { type: before.error.type, message: mask(before.error.message) },
      });
    }),
    { numRuns: 500 },
  );
});
