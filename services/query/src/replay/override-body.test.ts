import { describe, expect, test } from '@jest/globals';
import { type BodyOverrides, overrideBody, overridePath } from './override-body.ts';

const CHAT = '/v1/chat/completions';
const MESSAGES = '/v1/messages';
const RESPONSES = '/v1/responses';
const GEMINI = '/v1beta/models/gemini-2.0-flash:generateContent';
const CONVERSE = '/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse';

function overridden(body: object, path: string, overrides: BodyOverrides): unknown {
  const request = structuredClone(body) as Record<string, unknown>;
  overrideBody(request, path, overrides);
  return request;
}

describe('a system prompt', () => {
  const user = { role: 'user', content: 'Hello' };
  const parts = [{ role: 'user', parts: [{ text: 'Hello' }] }];
  test.each([
    [
      'chat',
      CHAT,
      { messages: [{ role: 'system', content: 'Old' }, user] },
      { messages: [{ role: 'system', content: 'New' }, user] },
    ],
    [
      'chat of newer models',
      CHAT,
      { messages: [{ role: 'developer', content: 'Old' }, user] },
      { messages: [{ role: 'developer', content: 'New' }, user] },
    ],
    ['chat without one', CHAT, { messages: [user] }, { messages: [{ role: 'system', content: 'New' }, user] }],
    ['responses', RESPONSES, { instructions: 'Old', input: 'Hello' }, { instructions: 'New', input: 'Hello' }],
    [
      'responses with a message',
      RESPONSES,
      { input: [{ role: 'system', content: 'Old' }, user] },
      { input: [{ role: 'system', content: 'New' }, user] },
    ],
    ['responses without one', RESPONSES, { input: 'Hello' }, { input: 'Hello', instructions: 'New' }],
    [
      'Anthropic',
      MESSAGES,
      { system: [{ type: 'text', text: 'Old' }], messages: [user] },
      { system: 'New', messages: [user] },
    ],
    ['Anthropic without one', MESSAGES, { messages: [user] }, { messages: [user], system: 'New' }],
    ['Gemini', GEMINI, { contents: parts }, { contents: parts, systemInstruction: { parts: [{ text: 'New' }] } }],
    [
      'Gemini in its other spelling',
      GEMINI,
      { system_instruction: {}, contents: parts },
      { system_instruction: { parts: [{ text: 'New' }] }, contents: parts },
    ],
    ['Bedrock', CONVERSE, { messages: [] }, { messages: [], system: [{ text: 'New' }] }],
    ['anything else', '/v1/embeddings', { input: 'Hello' }, { input: 'Hello' }],
  ])('of %s is put where it belongs', (_, path, body, expected) => {
    expect(overridden(body, path, { systemPrompt: 'New' })).toEqual(expected);
  });
});

test('a temperature is put where the API has it, and left out where it is null', () => {
  expect(overridden({ temperature: 1 }, CHAT, { temperature: 0 })).toEqual({ temperature: 0 });
  expect(overridden({ temperature: 1 }, MESSAGES, { temperature: null })).toEqual({});
  expect(overridden({ generationConfig: { topK: 1 } }, GEMINI, { temperature: 0.2 })).toEqual({
    generationConfig: { topK: 1, temperature: 0.2 },
  });
  expect(overridden({}, CONVERSE, { temperature: 0.2 })).toEqual({ inferenceConfig: { temperature: 0.2 } });
  expect(overridden({}, GEMINI, { temperature: null })).toEqual({});
});

test('members of the body are set by name, whatever they are called, and null leaves one out', () => {
  const body = JSON.parse('{"__proto__": {"polluted": 1}, "seed": 7, "stop": null}');
  expect(JSON.stringify(overridden({ stop: ['x'], n: 1 }, CHAT, { body }))).toBe(
    '{"n":1,"__proto__":{"polluted":1},"seed":7}',
  );
});

test('the model is put into the body, or into the path where the path names it', () => {
  expect(overridden({ model: 'a' }, CHAT, { model: 'b' })).toEqual({ model: 'b' });
  expect(overridden({ contents: [] }, GEMINI, { model: 'b' })).toEqual({ contents: [] });
  expect(overridePath(`${GEMINI}?alt=sse`, 'gemini-2.5-pro')).toBe(
    '/v1beta/models/gemini-2.5-pro:generateContent?alt=sse',
  );
  expect(overridePath('/openai/deployments/mine/chat/completions?api-version=1', 'other')).toBe(
    '/openai/deployments/other/chat/completions?api-version=1',
  );
  expect(overridePath(CONVERSE, 'amazon.nova-lite-v1:0')).toBe('/model/amazon.nova-lite-v1%3A0/converse');
  expect(overridePath(CHAT, 'b')).toBe(CHAT);
  expect(overridePath(CONVERSE, undefined)).toBe(CONVERSE);
});

test('literal texts are replaced wherever a model reads them, and nowhere else', () => {
  const request: Record<string, unknown> = {
    model: 'user-model',
    messages: [
      { role: 'user', content: 'a user says user' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'user', function: { name: 'user', arguments: '{"a":"user"}' } }],
      },
      { role: 'tool', tool_call_id: 'user', content: [{ type: 'text', text: 'the user' }] },
    ],
    user: 'user',
  };
  const found = overrideBody(request, CHAT, {
    replace: [{ find: 'user', replaceWith: '$& (person)' }],
  });
  expect(found).toBe(3);
  expect(request).toEqual({
    model: 'user-model',
    messages: [
      { role: 'user', content: 'a $& (person) says $& (person)' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'user', function: { name: 'user', arguments: '{"a":"user"}' } }],
      },
      { role: 'tool', tool_call_id: 'user', content: [{ type: 'text', text: 'the $& (person)' }] },
    ],
    user: 'user',
  });
});

test.each([
  [MESSAGES, { system: [{ type: 'text', text: 'old' }], messages: [{ role: 'user', content: 'old' }] }, 2],
  [RESPONSES, { instructions: 'old', input: [{ role: 'user', content: [{ type: 'input_text', text: 'old' }] }] }, 2],
  [
    GEMINI,
    { systemInstruction: { parts: [{ text: 'old' }] }, contents: [{ role: 'user', parts: [{ text: 'old old' }] }] },
    3,
  ],
  ['/v1/embeddings', { input: ['old', 'older'] }, 2],
])('texts of %s are found', (path, body, places) => {
  const request = structuredClone(body) as Record<string, unknown>;
  expect(overrideBody(request, path, { replace: [{ find: 'old', replaceWith: 'new' }] })).toBe(places);
  expect(JSON.stringify(request)).toBe(JSON.stringify(body).replaceAll('old', 'new'));
});
