import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createThread, type Thread } from './thread.ts';

const CHAT = '/v1/chat/completions';
const MESSAGES = '/v1/messages';
const RESPONSES = '/v1/responses';
const GEMINI = '/v1beta/models/gemini-2.0-flash:generateContent';

type Body = Record<string, unknown>;

/** A step that asked and was answered otherwise. */
function step(thread: Thread, path: string, request: Body, recorded: unknown, answer: unknown) {
  const body = structuredClone(request);
  const begun = thread.begin(body, path);
  begun.answered(asText(recorded), asText(answer));
  return { body, threaded: begun.threaded, kept: begun.kept };
}

function put(thread: Thread, path: string, request: Body) {
  return step(thread, path, request, '', '');
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function events(...data: readonly object[]): string {
  return data.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('');
}

const user = (content: string) => ({ role: 'user', content });
const completion = (message: object) => ({ choices: [{ index: 0, message }] });
const said = (content: string) => ({ role: 'assistant', content });
const call = (id: string, name: string, args: string) => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});

describe('chat completions', () => {
  test('a new answer takes the place of the recorded one, wherever it stands later', () => {
    const thread = createThread();
    step(
      thread,
      CHAT,
      { messages: [user('a')] },
      completion(said('old')),
      completion({ ...said('new'), refusal: null }),
    );
    const { body, threaded } = put(thread, CHAT, { messages: [user('a'), said('old'), user('b'), said('old')] });
    expect(body).toEqual({ messages: [user('a'), said('new'), user('b'), said('new')] });
    expect(threaded).toBe(2);
    // Said by a user, or not quite the same, it is something else.
    const other = { messages: [user('old'), said('old '), { role: 'system', content: 'old' }] };
    expect(put(thread, CHAT, other)).toEqual({ body: other, threaded: 0, kept: 0 });
  });

  test('answers that are streamed are put together', () => {
    const thread = createThread();
    const delta = (of: object) => ({ choices: [{ index: 0, delta: of }] });
    const stream = (...parts: object[]) => `${events(...parts.map(delta))}data: [DONE]\n\n`;
    step(
      thread,
      CHAT,
      { stream: true, messages: [user('a')] },
      stream({ role: 'assistant', content: 'o' }, { content: 'ld' }, {}),
      stream({ role: 'assistant', content: 'n' }, { content: 'ew' }, {}),
    );
    expect(put(thread, CHAT, { messages: [user('a'), said('old')] }).body).toEqual({
      messages: [user('a'), said('new')],
    });
    const calls = (args: string) =>
      stream(
        {
          role: 'assistant',
          tool_calls: [{ index: 0, id: `c-${args}`, type: 'function', function: { name: 'look', arguments: '' } }],
        },
        { tool_calls: [{ index: 0, function: { arguments: `{"at":` } }] },
        { tool_calls: [{ index: 0, function: { arguments: `"${args}"}` } }] },
      );
    step(thread, CHAT, { messages: [user('b')] }, calls('x'), calls('y'));
    const messages = [
      user('b'),
      { role: 'assistant', content: null, tool_calls: [call('c-x', 'look', '{"at": "x"}')] },
    ];
    expect(put(thread, CHAT, { messages }).body).toEqual({
      messages: [user('b'), { role: 'assistant', content: null, tool_calls: [call('c-x', 'look', '{"at":"y"}')] }],
    });
  });

  test('the same tools in the same order keep the recorded ids; other tools leave the recorded answer where it is', () => {
    const result = { role: 'tool', tool_call_id: 'old-1', content: 'found' };
    const calls = (...made: object[]) => ({ role: 'assistant', content: null, tool_calls: made });
    const recorded = calls(call('old-1', 'look', '{"at":1}'));
    const ask = { messages: [user('a')] };
    const later = { messages: [user('a'), recorded, result] };

    const same = createThread();
    step(same, CHAT, ask, completion(recorded), completion(calls(call('new-1', 'look', '{"at":2}'))));
    expect(put(same, CHAT, later)).toMatchObject({
      body: { messages: [user('a'), calls(call('old-1', 'look', '{"at":2}')), result] },
      threaded: 1,
    });
    for (const answer of [
      said('I know it'),
      calls(call('new-1', 'search', '{}')),
      calls(call('new-1', 'look', '{}'), call('new-2', 'look', '{}')),
    ]) {
      const other = createThread();
      step(other, CHAT, ask, completion(recorded), completion(answer));
      expect(put(other, CHAT, later)).toEqual({ body: later, threaded: 0, kept: 1 });
    }
  });

  test('where several steps have said the same, the one at this place counts', () => {
    const thread = createThread();
    step(thread, CHAT, { messages: [user('a')] }, completion(said('ok')), completion(said('first')));
    step(
      thread,
      CHAT,
      { messages: [user('a'), said('ok'), user('b')] },
      completion(said('ok')),
      completion(said('second')),
    );
    expect(put(thread, CHAT, { messages: [user('a'), said('ok'), user('b'), said('ok'), user('c')] }).body).toEqual({
      messages: [user('a'), said('first'), user('b'), said('second'), user('c')],
    });
  });

  test('an answer that failed, or says nothing, changes nothing', () => {
    for (const answer of [
      '',
      '{',
      '[]',
      '{"error":{}}',
      completion({ role: 'assistant', content: null }),
      'data: {}\n\n',
    ]) {
      const thread = createThread();
      step(thread, CHAT, { messages: [user('a')] }, completion(said('old')), answer);
      const later = { messages: [user('a'), said('old')] };
      expect(put(thread, CHAT, later).body).toEqual(later);
    }
  });
});

test("Anthropic's blocks are taken whole, with the recorded ids of tools and the mark up to which is cached", () => {
  const thread = createThread();
  const use = (id: string, at: number) => ({ type: 'tool_use', id, name: 'look', input: { at } });
  const text = (of: string) => ({ type: 'text', text: of });
  const asked = { system: 's', messages: [user('a')] };
  step(
    thread,
    MESSAGES,
    asked,
    { content: [text('old'), use('t-old', 1)] },
    { content: [text('new'), use('t-new', 2)] },
  );
  const messages: object[] = [
    user('a'),
    { role: 'assistant', content: [text('old'), { ...use('t-old', 1), cache_control: { type: 'ephemeral' } }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't-old', content: 'found' }] },
  ];
  const marked = {
    role: 'assistant',
    content: [text('new'), { ...use('t-old', 2), cache_control: { type: 'ephemeral' } }],
  };
  expect(put(thread, MESSAGES, { messages }).body).toEqual({ messages: messages.with(1, marked) });
  // The mark is that of one request.
  const unmarked = { role: 'assistant', content: [text('old'), use('t-old', 1)] };
  expect(put(thread, MESSAGES, { messages: messages.with(1, unmarked) }).body).toEqual({
    messages: messages.with(1, { role: 'assistant', content: [text('new'), use('t-old', 2)] }),
  });

  const streamed = (word: string) =>
    events(
      { type: 'message_start', message: {} },
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'sig' } },
      { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: word } },
      {
        type: 'content_block_start',
        index: 2,
        content_block: { type: 'tool_use', id: `u-${word}`, name: 'look', input: {} },
      },
      { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"at":' } },
      { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '3}' } },
      { type: 'message_stop' },
    );
  step(thread, MESSAGES, { messages: [user('b')] }, streamed('early'), streamed('late'));
  const later = { messages: [user('b'), { role: 'assistant', content: [text('early'), use('u-early', 3)] }] };
  expect(put(thread, MESSAGES, later).body).toEqual({
    messages: [
      user('b'),
      {
        role: 'assistant',
        content: [{ type: 'thinking', thinking: 'hm', signature: 'sig' }, text('late'), use('u-early', 3)],
      },
    ],
  });
});

test('items of the responses API are taken as a run, and the id of the response before is that of the new one', () => {
  const thread = createThread();
  const message = (text: string) => ({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] });
  const called = (id: string, args: string) => ({ type: 'function_call', call_id: id, name: 'look', arguments: args });
  const reasoning = { type: 'reasoning', id: 'rs', summary: [] };
  const response = (id: string, output: object[]) => ({ id, object: 'response', output });
  step(
    thread,
    RESPONSES,
    { input: [user('a')] },
    response('resp-old', [reasoning, message('old'), called('c-old', '{"at":1}')]),
    events({
      type: 'response.completed',
      response: response('resp-new', [message('new'), called('c-new', '{"at":2}')]),
    }),
  );
  const output = { type: 'function_call_output', call_id: 'c-old', output: 'found' };
  expect(
    put(thread, RESPONSES, { input: [user('a'), message('old'), called('c-old', '{"at":1}'), output] }),
  ).toMatchObject({
    body: { input: [user('a'), message('new'), called('c-old', '{"at":2}'), output] },
    threaded: 1,
  });
  expect(put(thread, RESPONSES, { previous_response_id: 'resp-old', input: 'and then?' }).body).toEqual({
    previous_response_id: 'resp-new',
    input: 'and then?',
  });
  const other = { previous_response_id: 'resp-other', input: 'and then?' };
  expect(put(thread, RESPONSES, other)).toEqual({ body: other, threaded: 0, kept: 0 });
});

test("Gemini's parts are taken, from a body, events or an array", () => {
  const content = (...parts: object[]) => ({ candidates: [{ content: { role: 'model', parts } }] });
  const forms = [
    (...pieces: string[]) => asText(content({ text: pieces.join('') })),
    (...pieces: string[]) => events(...pieces.map((text) => content({ text }))),
    (...pieces: string[]) => JSON.stringify(pieces.map((text) => content({ text }))),
  ];
  for (const form of forms) {
    const thread = createThread();
    const asked = { contents: [{ role: 'user', parts: [{ text: 'a' }] }] };
    step(thread, GEMINI, asked, form('o', 'ld'), form('n', 'ew'));
    const later = { contents: [...asked.contents, { role: 'model', parts: [{ text: 'old' }] }] };
    expect(put(thread, GEMINI, later).body).toEqual({
      contents: [...asked.contents, { role: 'model', parts: [{ text: 'new' }] }],
    });
  }
});

test('a conversation of any length is the new one throughout, and what was not answered stays', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.string(), fc.string()), { maxLength: 8 }), (turns) => {
      const thread = createThread();
      const recorded: object[] = [];
      const expected: object[] = [];
      for (const [question, before, after] of turns) {
        recorded.push(user(question));
        expected.push(user(question));
        const { body } = step(thread, CHAT, { messages: recorded }, completion(said(before)), completion(said(after)));
        expect(body).toEqual({ messages: expected });
        recorded.push(said(before));
        expected.push(said(after));
      }
    }),
  );
});

test('whatever stands in a request or an answer, nothing throws', () => {
  const paths = fc.constantFrom(CHAT, MESSAGES, RESPONSES, GEMINI);
  const item = fc.oneof(
    fc.jsonValue(),
    fc.record({
      role: fc.constantFrom('assistant', 'model'),
      content: fc.jsonValue(),
      parts: fc.jsonValue(),
      tool_calls: fc.jsonValue(),
    }),
  );
  const items = fc.array(item, { maxLength: 4 });
  const request = fc.record({ messages: items, input: items, contents: items });
  const answer = fc.oneof(
    fc.string(),
    fc.jsonValue().map(asText),
    items.map((output) => asText({ output, content: output, choices: output })),
  );
  fc.assert(
    fc.property(paths, request, answer, answer, (path, body, before, after) => {
      const thread = createThread();
      step(thread, path, body as unknown as Body, before, after);
      put(thread, path, body as unknown as Body);
    }),
  );
});
