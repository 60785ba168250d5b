import { describe, expect, test } from '@jest/globals';
import { namedEvents, STREAMED } from '../fixtures/captured-call.ts';
import { body, read } from '../fixtures/read.ts';
import { NO_TOKENS } from '../reported-usage.ts';

const TO_CONVERSATION = {
  provider: 'MISTRAL',
  path: '/v1/conversations',
  requestText: '{"model":"mistral-medium-2505","inputs":"Name a river."}',
};
const usage = { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25, connector_tokens: null, connectors: null };
const whole = {
  object: 'conversation.response',
  conversation_id: 'conv_1',
  outputs: [{ type: 'message.output', model: 'mistral-medium-2505', content: 'The Drina.' }],
  usage,
};
const expected = {
  model: 'mistral-medium-2505',
  tokens: { prompt_tokens: 20, completion_tokens: 5 },
  usageComplete: true,
  costSource: 'table',
};
const events = namedEvents(
  { type: 'conversation.response.started', conversation_id: 'conv_1' },
  { type: 'message.output.delta', model: 'mistral-medium-2505', content: 'The Drina.' },
  { type: 'conversation.response.done', usage },
);

describe('Mistral conversations', () => {
  test('reads a body and the stream of the same', () => {
    expect(read({ ...TO_CONVERSATION, ...body(whole) })).toMatchObject(expected);
    const stream = { ...STREAMED, responseText: events };
    expect(read({ ...TO_CONVERSATION, path: '/v1/conversations/conv_1', ...stream })).toMatchObject({
      ...expected,
      streamed: true,
    });
  });

  test('does not know what tools of Mistral’s own cost', () => {
    const searched = { ...whole, usage: { ...usage, connectors: { web_search: 1 } } };
    expect(read({ ...TO_CONVERSATION, ...body(searched) })).toMatchObject({
      ...expected,
      costPico: null,
      costSource: 'none',
    });
  });

  test('reads an error of a stream, and has no count of one that never ended', () => {
    const cut = events.slice(0, events.indexOf('event: conversation.response.done'));
    expect(read({ ...TO_CONVERSATION, ...STREAMED, responseText: cut })).toMatchObject({
      tokens: NO_TOKENS,
      usageComplete: false,
      costPico: null,
    });
    const failed = cut + namedEvents({ type: 'conversation.response.error', code: 1, message: 'overloaded' });
    expect(read({ ...TO_CONVERSATION, ...STREAMED, responseText: failed }).error?.message).toBe('overloaded');
  });

  test('is not billed where a conversation is only stored, as at OpenAI', () => {
    const stored = { provider: 'OPENAI', path: '/v1/conversations', ...body({ id: 'conv_1', object: 'conversation' }) };
    expect(read(stored)).toMatchObject({ tokens: NO_TOKENS, costPico: 0n, usageComplete: true });
  });
});
