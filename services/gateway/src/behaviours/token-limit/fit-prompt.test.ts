import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type FitPromptDeps, fitPrompt } from './fit-prompt.ts';
import type { TokenLimitHandler } from './token-limit-messages.ts';

const WINDOWS = new Map([
  ['gpt-small', 300],
  ['gpt-large', 3_000],
  ['claude', 300],
]);
const deps: FitPromptDeps = {
  count: async (_encoding, texts) => texts.map(({ length }) => Math.ceil(length / 4)),
  windowOf: (_provider, model) => WINDOWS.get(model),
};
const call = { provider: 'OPENAI', path: '/v1/chat/completions', modelOverride: '' };

async function fit(handler: TokenLimitHandler, request: object, more: Partial<typeof call> = {}) {
  const { body, model } = await fitPrompt(JSON.stringify(request), { ...call, ...more, handler }, deps);
  return { model, request: body === undefined ? undefined : JSON.parse(body) };
}

const LONG = 'word '.repeat(1_000);
const user = (content: unknown) => ({ role: 'user', content });

describe('a prompt that is too long', () => {
  test.each<[string, object, readonly (string | number)[]]>([
    ['messages', { messages: [user(LONG)] }, ['messages', 0, 'content']],
    ['parts of messages', { messages: [user([{ type: 'text', text: LONG }])] }, ['messages', 0, 'content', 0, 'text']],
    ['an input', { input: LONG }, ['input']],
    ['items of an input', { input: [user([{ type: 'input_text', text: LONG }])] }, ['input', 0, 'content', 0, 'text']],
    ['what a function gave back', { input: [{ type: 'function_call_output', output: LONG }] }, ['input', 0, 'output']],
    ['a prompt', { prompt: LONG }, ['prompt']],
    ['contents', { contents: [{ role: 'user', parts: [{ text: LONG }] }] }, ['contents', 0, 'parts', 0, 'text']],
    [
      'results of tools',
      { messages: [user([{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: LONG }] }])] },
      ['messages', 0, 'content', 0, 'content', 0, 'text'],
    ],
  ])('is shortened in %s', async (_where, given, place) => {
    const read = (from: unknown) => place.reduce((at, key) => (at as Record<string, unknown>)[key], from) as string;
    const { request } = await fit('truncate', { model: 'gpt-small', temperature: 0, ...given });
    const text = read(request);
    expect(LONG.startsWith(text)).toBe(true);
    expect(text.length).toBeGreaterThan(500);
    expect(text.length).toBeLessThan(1_100);
    expect(request).toMatchObject({ model: 'gpt-small', temperature: 0 });
    const { request: middle } = await fit('middle-out', { model: 'gpt-small', ...given });
    expect(read(middle)).toMatch(/^word word .*…(?:word|ord|rd|d)? ?word .*word $/);
  });

  test('leaves more room the longer an answer may be', async () => {
    const length = async (more: object) =>
      (await fit('truncate', { model: 'gpt-small', messages: [user(LONG)], ...more })).request.messages[0].content
        .length;
    expect(await length({ max_tokens: 10 })).toBeGreaterThan(await length({ max_completion_tokens: 200 }));
    expect(
      (await fit('truncate', { model: 'gpt-small', max_tokens: 300, messages: [user(LONG)] })).request,
    ).toBeUndefined();
  });

  test('is counted with care where its vocabulary is another one', async () => {
    const [openai, other] = await Promise.all(
      ['gpt-small', 'claude'].map((model) => fit('truncate', { model, messages: [user(LONG)] })),
    );
    const length = (fitted: typeof openai) => fitted!.request.messages[0].content.length;
    expect(length(other) / length(openai)).toBeCloseTo(0.8, 1);
  });

  test('loses space before words', async () => {
    const spaced = `a${' '.repeat(4_000)}b\n\n\n\n\nc  d\t\te `;
    expect((await fit('truncate', { model: 'gpt-small', messages: [user(spaced)] })).request.messages).toEqual([
      user('a b\n\nc d e'),
    ]);
  });

  test('is one by the model that `Helicone-Model-Override` or its path names', async () => {
    const request = { messages: [user(LONG)] };
    expect((await fit('truncate', request, { modelOverride: 'gpt-small' })).request).toBeDefined();
    const path = '/openai/deployments/gpt-small/chat/completions';
    expect((await fit('truncate', request, { path })).request).toBeDefined();
  });
});

test.each([
  ['fits', { model: 'gpt-large', messages: [user('a')] }],
  ['is of a model that nobody knows', { model: 'x', messages: [user(LONG)] }],
  ['is none', { model: 'gpt-large' }],
])('a prompt that %s stays as it came', async (_what, request) => {
  for (const handler of ['truncate', 'middle-out', 'fallback'] as const) {
    expect(await fit(handler, request)).toEqual({ model: '', request: undefined });
  }
});

test('what is no JSON object stays as it came', async () => {
  for (const text of ['', '[1]', '{', '"a"']) {
    expect(await fitPrompt(text, { ...call, handler: 'truncate' }, deps)).toEqual({ body: undefined, model: '' });
  }
});

describe('several models', () => {
  const messages = [user(LONG)];
  test.each([
    ['gpt-large, gpt-small', 'gpt-large', messages],
    ['gpt-small,gpt-large', 'gpt-large', messages],
    ['gpt-small,gpt-large', 'gpt-small', [user('short')]],
    ['gpt-small, claude', 'claude', messages],
    ['unknown,gpt-large', 'unknown', messages],
  ])('%s: %s', async (model, expected, asked) => {
    expect(await fit('fallback', { model, messages: asked })).toEqual({
      model: expected,
      request: { model: expected, messages: asked },
    });
  });

  test('may be named by `Helicone-Model-Override` alone', async () => {
    expect(await fit('fallback', { messages }, { modelOverride: 'gpt-small,gpt-large' })).toEqual({
      model: 'gpt-large',
      request: { model: 'gpt-large', messages },
    });
  });
});

test('whatever is shortened, messages keep their order, roles and everything but text, and the system its words', async () => {
  const content = fc.oneof(
    fc.lorem({ mode: 'sentences', maxCount: 20 }),
    fc.constant(null),
    fc.array(
      fc.oneof(
        fc.record({ type: fc.constant('text'), text: fc.lorem({ mode: 'sentences', maxCount: 20 }) }),
        fc.record({ type: fc.constant('image_url'), image_url: fc.constant({ url: 'data:image/png;base64,AAAA' }) }),
        fc.record({ type: fc.constant('thinking'), thinking: fc.string(), text: fc.string() }),
      ),
      { maxLength: 3 },
    ),
  );
  const message = fc.record({
    role: fc.constantFrom('system', 'developer', 'user', 'assistant', 'tool'),
    content,
    tool_calls: fc.constantFrom(undefined, [{ id: 'a', function: { name: 'f', arguments: '{"a":1}' } }]),
  });
  const shape = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (key, one: unknown) =>
      ['text', 'content'].includes(key) && typeof one === 'string' ? '' : one,
    );
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { maxLength: 12 }),
      fc.constantFrom<TokenLimitHandler>('truncate', 'middle-out'),
      async (messages, handler) => {
        const given = JSON.parse(JSON.stringify({ model: 'gpt-small', messages }));
        const { request } = await fit(handler, given);
        if (!request) return;
        expect(shape(request)).toEqual(shape(given));
        const ofSystem = (one: typeof given) =>
          one.messages.filter(({ role }: { role: string }) => role === 'system' || role === 'developer');
        expect(ofSystem(request)).toEqual(ofSystem(given));
      },
    ),
  );
});
