import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ConversationFold } from './fold-conversation.ts';
import type { Message, Part } from './message.ts';
import { readRequest } from './read-request.ts';
import { readResponse } from './read-response.ts';

const text = (value: string): Part => ({ kind: 'text', text: value });
const said = (role: Message['role'], ...parts: Part[]): Message => ({ role, name: '', parts });
const sse = (...events: unknown[]) => events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
const PNG = 'iVBORw0KGgo=';

describe('requests', () => {
  it('are read of chat completions, with calls, results and images', () => {
    const reading = readRequest({
      model: 'gpt-4o',
      temperature: 0,
      tools: [{ type: 'function', function: { name: 'look', description: 'Looks' } }],
      messages: [
        { role: 'developer', content: 'Be brief' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'See' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', function: { name: 'look', arguments: '{"at":1}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'a cat' },
      ],
    });
    expect(reading).toEqual({
      tools: [{ name: 'look', description: 'Looks' }],
      settings: [['temperature', 0]],
      messages: [
        said('system', text('Be brief')),
        said('user', text('See'), { kind: 'image', source: `data:image/png;base64,${PNG}` }),
        said('assistant', { kind: 'call', id: 'c1', name: 'look', args: '{"at":1}' }),
        said('tool', { kind: 'result', id: 'c1', name: '', text: 'a cat', images: [], isError: false }),
      ],
    });
  });

  it('are read of the Responses API', () => {
    const { messages } = readRequest({
      instructions: 'Be brief',
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] },
        { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: 'a cat' },
      ],
    })!;
    expect(messages.map(({ role, parts }) => [role, parts[0]!.kind])).toEqual([
      ['system', 'text'],
      ['user', 'text'],
      ['assistant', 'thinking'],
      ['assistant', 'call'],
      ['tool', 'result'],
    ]);
    expect(readRequest({ input: 'Hi' })!.messages).toEqual([said('user', text('Hi'))]);
  });

  it('are read of Anthropic, Gemini, Converse and Cohere', () => {
    const anthropic = readRequest({
      system: [{ type: 'text', text: 'Be brief' }],
      messages: [
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm' },
            { type: 'tool_use', id: 't1', name: 'look', input: { at: 1 } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 't1', is_error: true, content: [{ type: 'text', text: 'no' }] },
          ],
        },
      ],
    })!.messages;
    expect(anthropic[1]!.parts).toEqual([
      { kind: 'thinking', text: 'hm' },
      { kind: 'call', id: 't1', name: 'look', args: '{\n  "at": 1\n}' },
    ]);
    expect(anthropic[2]!.parts).toEqual([
      { kind: 'result', id: 't1', name: '', text: 'no', images: [], isError: true },
    ]);

    const gemini = readRequest({
      systemInstruction: { parts: [{ text: 'Be brief' }] },
      contents: [
        { parts: [{ text: 'See' }, { inlineData: { mimeType: 'image/png', data: PNG } }] },
        { role: 'model', parts: [{ functionCall: { name: 'look', args: { at: 1 } } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'look', response: { found: 'a cat' } } }] },
      ],
    })!.messages;
    expect(gemini.map(({ role, parts }) => [role, parts.map(({ kind }) => kind)])).toEqual([
      ['system', ['text']],
      ['user', ['text', 'image']],
      ['assistant', ['call']],
      ['user', ['result']],
    ]);

    const converse = readRequest({
      system: [{ text: 'Be brief' }],
      messages: [
        { role: 'assistant', content: [{ toolUse: { toolUseId: 'u1', name: 'look', input: {} } }] },
        { role: 'user', content: [{ toolResult: { toolUseId: 'u1', content: [{ text: 'a cat' }] } }] },
      ],
    })!.messages;
    expect(converse[1]!.parts).toEqual([{ kind: 'call', id: 'u1', name: 'look', args: '{}' }]);
    expect(converse[2]!.parts[0]).toMatchObject({ kind: 'result', id: 'u1', text: 'a cat' });

    const cohere = readRequest({ chat_history: [{ role: 'CHATBOT', message: 'Hi' }], message: 'And now?' })!.messages;
    expect(cohere).toEqual([said('assistant', text('Hi')), said('user', text('And now?'))]);
  });

  it('that say nothing to a model are not read', () => {
    for (const body of [
      null,
      'text',
      3,
      [],
      {},
      { messages: 'x' },
      { messages: [] },
      { encoding: 'binary', base64: '' },
    ]) {
      expect(readRequest(body)).toBeUndefined();
    }
  });
});

describe('responses', () => {
  const answer = said('assistant', text('Hello there'), { kind: 'call', id: 'c1', name: 'look', args: '{"at":1}' });

  it('are the same whether they were streamed or not, of chat completions', () => {
    const whole = {
      choices: [
        {
          message: {
            role: 'assistant',
            content: 'Hello there',
            tool_calls: [{ id: 'c1', function: { name: 'look', arguments: '{"at":1}' } }],
          },
          finish_reason: 'tool_calls',
        },
      ],
    };
    const delta = (value: object, finish: string | null = null) => ({
      choices: [{ index: 0, delta: value, finish_reason: finish }],
    });
    const stream = `${sse(
      delta({ role: 'assistant', content: '' }),
      delta({ content: 'Hello ' }),
      delta({ content: 'there' }),
      delta({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'look', arguments: '{"at"' } }] }),
      delta({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
      delta({}, 'tool_calls'),
    )}data: [DONE]\n\n`;
    expect(readResponse(whole)).toEqual({ messages: [answer], finish: 'tool_calls', error: '', wasStream: false });
    expect(readResponse(stream)).toEqual({ messages: [answer], finish: 'tool_calls', error: '', wasStream: true });
  });

  it('are put together from Anthropic streams, cut ones too', () => {
    const events = [
      { type: 'message_start', message: { content: [] } },
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
      { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Hello there' } },
      { type: 'content_block_start', index: 2, content_block: { type: 'tool_use', id: 'c1', name: 'look', input: {} } },
      { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"at":1}' } },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
    ];
    const thought = said('assistant', { kind: 'thinking', text: 'hm' }, ...answer.parts);
    expect(readResponse(sse(...events))).toMatchObject({ messages: [thought], finish: 'tool_use' });
    expect(readResponse(sse(...events.slice(0, 5)))!.messages[0]!.parts).toHaveLength(2);
  });

  it('are put together from streams of the Responses API, Gemini, Cohere and Ollama', () => {
    const item = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello there' }] };
    const hello = [said('assistant', text('Hello there'))];
    expect(readResponse(sse({ type: 'response.completed', response: { output: [item] } }))!.messages).toEqual(hello);
    const cut = sse(
      { type: 'response.created', response: {} },
      { type: 'response.output_text.delta', output_index: 0, delta: 'Hello ' },
      { type: 'response.output_text.delta', output_index: 0, delta: 'there' },
    );
    expect(readResponse(cut)!.messages).toEqual(hello);
    const chunk = (value: string) => ({ candidates: [{ content: { role: 'model', parts: [{ text: value }] } }] });
    expect(readResponse(sse(chunk('Hello '), chunk('there')))!.messages).toEqual(hello);
    expect(readResponse([chunk('Hello '), chunk('there')])!.messages).toEqual(hello);
    const cohere = (value: string) => ({ type: 'content-delta', delta: { message: { content: { text: value } } } });
    expect(readResponse(sse(cohere('Hello '), cohere('there')))!.messages).toEqual(hello);
    const line = (content: string, done: boolean) => JSON.stringify({ message: { role: 'assistant', content }, done });
    expect(readResponse(`${line('Hello ', false)}\n${line('there', true)}\n`)!.messages).toEqual(hello);
  });

  it('are put together from frames of Converse', () => {
    const frames = [
      frame('messageStart', { role: 'assistant' }),
      frame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hello ' } }),
      frame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'there' } }),
      frame('contentBlockStart', { contentBlockIndex: 1, start: { toolUse: { toolUseId: 'c1', name: 'look' } } }),
      frame('contentBlockDelta', { contentBlockIndex: 1, delta: { toolUse: { input: '{"at":1}' } } }),
      frame('messageStop', { stopReason: 'tool_use' }),
    ];
    const body = { encoding: 'binary', base64: Buffer.concat(frames).toString('base64') };
    expect(readResponse(body)).toEqual({ messages: [answer], finish: 'tool_use', error: '', wasStream: true });
    const wrapped = {
      bytes: Buffer.from(JSON.stringify({ type: 'content_block_delta', index: 0, delta: { text: 'Hi' } })).toString(
        'base64',
      ),
    };
    const invoked = { encoding: 'binary', base64: frame('chunk', wrapped).toString('base64') };
    expect(readResponse(invoked)!.messages).toEqual([said('assistant', text('Hi'))]);
  });

  it('say what went wrong, in the middle of a stream too', () => {
    expect(readResponse({ error: { message: 'overloaded', type: 'x' } })).toMatchObject({
      messages: [],
      error: 'overloaded',
    });
    const stream = sse({ choices: [{ delta: { content: 'Hel' } }] }, { error: { message: 'broke' } });
    expect(readResponse(stream)).toMatchObject({ messages: [said('assistant', text('Hel'))], error: 'broke' });
  });

  it('and requests of whatever form are read or not, and never throw', () => {
    const names = fc.constantFrom(
      'choices',
      'message',
      'content',
      'type',
      'delta',
      'parts',
      'candidates',
      'output',
      'text',
      'tool_calls',
      'messages',
      'role',
      'input',
      'data',
      'error',
      '__proto__',
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom(null, 1, true, '', 'user', 'text', 'tool_use', 'message_start'),
        fc.string(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(names, tie('value'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(value, (body) => {
        readRequest(body);
        readResponse(body);
        readResponse(sse(body, body));
        readResponse({ encoding: 'binary', base64: frame('chunk', body ?? {}).toString('base64') });
      }),
      // Found by chance.
      { examples: [[[{ candidates: [null, { content: { parts: [null] } }] }]]] },
    );
  });
});

describe('a conversation of many steps', () => {
  const user = (value: string) => said('user', text(value));
  const model = (value: string) => said('assistant', text(value));

  it('is told once, however often it is sent', () => {
    const fold = new ConversationFold();
    const system = said('system', text('Be brief'));
    expect(fold.add([system, user('a')], [model('b')])).toMatchObject({ repeated: 0, answers: 1 });
    const second = fold.add([system, user('a'), model('b'), user('c')], [model('d')]);
    expect(second).toEqual({ repeated: 3, fresh: [user('c'), model('d')], answers: 1 });
    // What was said is said again: it is new all the same.
    const third = fold.add([system, user('a'), model('b'), user('c'), model('d'), user('a')], [model('b')]);
    expect(third.fresh).toEqual([user('a'), model('b')]);
  });

  it('knows an answer that comes back spaced otherwise, and without its thoughts', () => {
    const fold = new ConversationFold();
    fold.add(
      [user('a')],
      [said('assistant', { kind: 'thinking', text: 'hm' }, { kind: 'call', id: '1', name: 'f', args: '{ "x": 1 }' })],
    );
    const back = said('assistant', { kind: 'call', id: '1', name: 'f', args: '{"x":1}' });
    expect(fold.add([user('a'), back, user('b')], []).fresh).toEqual([user('b')]);
  });

  it('keeps agents that run side by side apart, and leaves out what a client cut off its beginning', () => {
    const fold = new ConversationFold();
    fold.add([user('one')], [model('1')]);
    fold.add([user('two')], [model('2')]);
    expect(fold.add([user('one'), model('1'), user('on')], []).fresh).toEqual([user('on')]);
    expect(fold.add([user('two'), model('2'), user('more'), model('3'), user('end')], []).repeated).toBe(2);
    expect(fold.add([model('2'), user('more'), model('3'), user('end'), user('last')], []).fresh).toEqual([
      user('last'),
    ]);
  });

  it('adds up to what was said, in any conversation that grows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.string({ minLength: 1 })), { minLength: 1, maxLength: 12 }),
        (turns) => {
          const fold = new ConversationFold();
          const history: Message[] = [];
          const told: Message[] = [];
          for (const [question, reply] of turns) {
            history.push(user(question));
            told.push(...fold.add([...history], [model(reply)]).fresh);
            history.push(model(reply));
          }
          expect(told).toEqual(history);
        },
      ),
    );
  });
});

/** A frame as Amazon writes it, but for its checksums. */
function frame(name: string, data: unknown): Buffer {
  const header = (key: string, value: string) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(Buffer.byteLength(value));
    return Buffer.concat([Buffer.from([key.length]), Buffer.from(key), Buffer.from([7]), length, Buffer.from(value)]);
  };
  const headers = Buffer.concat([header(':message-type', 'event'), header(':event-type', name)]);
  const payload = Buffer.from(JSON.stringify(data));
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(16 + headers.length + payload.length, 0);
  prelude.writeUInt32BE(headers.length, 4);
  return Buffer.concat([prelude, headers, payload, Buffer.alloc(4)]);
}
