import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { requestText, responseText } from './readable-text.ts';

describe('a request as people read it', () => {
  it('is what was said, then tools, then settings by name; how they are spaced and ordered makes no difference', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look:' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(9_000)}` } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'search', arguments: '{"q":"x"}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'found' },
    ];
    const tools = [{ type: 'function', function: { name: 'search', description: 'Looks it up.' } }];
    const text = requestText('llm', JSON.stringify({ model: 'm', messages, tools, top_p: 1, temperature: 0 }));
    expect(text).toBe(`[system]
Be brief.

[user]
Look:
(image data:image/png;base64,AAAAAAAAAAAAAAAAAAAAAAAAAA…AAAAAAAAAAAAAAAAAAAAAAAA, 9022 characters, SHA-1 4f44a5516a)

[assistant]
call search {
  "q": "x"
}

[tool]
result
found

tool search: Looks it up.

temperature: 0
top_p: 1`);
    const other = JSON.stringify({ temperature: 0, tools, top_p: 1, model: 'other', messages }, null, 4);
    expect(requestText('llm', other.replaceAll('call_1', 'call_2'))).toBe(text);
  });

  it('of a step that is no call to a model is what went in', () => {
    const body = { _type: 'tool', toolName: 'search', input: { q: 'x' }, limit: 3 };
    expect(requestText('tool', JSON.stringify(body))).toBe('search\nlimit: 3\n{\n  "q": "x"\n}');
  });
});

describe('an answer as people read it', () => {
  it('is nothing where the model said nothing, streamed or whole', () => {
    const nothing = { id: 'chatcmpl-1', model: 'm', choices: [{ message: { role: 'assistant', content: '' } }] };
    expect(responseText('llm', JSON.stringify(nothing))).toBe('');
    const stream = { id: 'chatcmpl-2', choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] };
    expect(responseText('llm', `data: ${JSON.stringify(stream)}\n\ndata: [DONE]\n\n`)).toBe('');
    expect(responseText('llm', '{"error":{"message":"No."},"choices":[]}')).toBe('error: No.');
  });

  it('of a form that is not known is all of it but what no two answers have the same', () => {
    const judged = (id: string) => JSON.stringify({ id, created: 17, model: 'omni', results: [{ flagged: true }] });
    expect(responseText('llm', judged('modr-1'))).toBe(responseText('llm', judged('modr-2')));
    expect(responseText('llm', judged('modr-1'))).toContain('"flagged": true');
  });

  it('tells images apart that differ in their middle alone', () => {
    const drawn = (middle: string) =>
      JSON.stringify({ data: [{ b64_json: `${'A'.repeat(90)}${middle}${'A'.repeat(90)}` }] });
    expect(responseText('llm', drawn('B'))).not.toBe(responseText('llm', drawn('C')));
  });

  const whole = { id: 'chatcmpl-1', choices: [{ message: { role: 'assistant', content: 'Yes, it is.' } }] };
  const event = (content: string) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;

  it('is the same text however it came', () => {
    const expected = '[assistant]\nYes, it is.';
    expect(responseText('llm', JSON.stringify(whole))).toBe(expected);
    expect(responseText('llm', `${event('Yes, ')}${event('it is.')}data: [DONE]\n\n`)).toBe(expected);
    expect(responseText('llm', whole)).toBe(expected);
  });

  it('says what went wrong, and of a step what it gave', () => {
    expect(responseText('llm', '{"error": {"message": "Too many requests"}}')).toBe('error: Too many requests');
    expect(responseText('tool', '{"output": ["a"]}')).toBe('[\n  "a"\n]');
  });
});

it('whatever a body is, it is read as some text, and deep nesting as it is', () => {
  const kind = fc.constantFrom('llm', 'tool', 'vector_db', 'data');
  fc.assert(
    fc.property(kind, fc.oneof(fc.string(), fc.json()), (one, body) => {
      expect(typeof requestText(one, body)).toBe('string');
      expect(typeof responseText(one, body)).toBe('string');
    }),
  );
  for (const deep of [
    `{"messages": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    '{"a":'.repeat(50_000) + 1 + '}'.repeat(50_000),
  ]) {
    for (const one of ['llm', 'tool', 'data']) expect(requestText(one, deep).length).toBeGreaterThan(0);
    expect(responseText('llm', deep).length).toBeGreaterThan(0);
  }
});
