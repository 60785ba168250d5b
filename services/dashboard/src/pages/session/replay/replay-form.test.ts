import { describe, expect, test } from '@jest/globals';
import { EMPTY_FORM, type ReplayForm, readReplayForm } from './replay-form.ts';

const body = (form: Partial<ReplayForm>) => {
  const read = readReplayForm({ ...EMPTY_FORM, ...form });
  return read.ok ? read.body : [...read.problems.keys()];
};

describe('what a form asks for', () => {
  test('is nothing but to replay, as long as nothing is chosen', () => {
    expect(body({})).toEqual({});
    // What was typed for something that is not chosen.
    expect(body({ provider: 'groq', systemPrompt: 'Rhyme.', replacements: [{ find: 'a', replaceWith: 'b' }] })).toEqual(
      {},
    );
  });

  test.each<[string, Partial<ReplayForm>, object]>([
    ['another model', { model: ' gpt-4o ' }, { overrides: { model: 'gpt-4o' } }],
    ['temperature 0', { temperature: '0' }, { overrides: { temperature: 0 } }],
    ['a provider', { goesTo: 'provider', provider: 'groq' }, { overrides: { provider: 'groq' } }],
    ['a URL', { goesTo: 'url', targetUrl: ' https://a.b ' }, { overrides: { targetUrl: 'https://a.b' } }],
    [
      'members of the body, null ones too',
      { members: '{"seed": null, "__proto__": 1}' },
      { overrides: { body: JSON.parse('{"seed": null, "__proto__": 1}') } },
    ],
    [
      'numbers that are sent as they were typed',
      { members: '{"a": 9007199254740992, "b": 1e30, "c": -0.1, "d": "\\"12345678901234567890"}' },
      { overrides: { body: { a: 9007199254740992, b: 1e30, c: -0.1, d: '"12345678901234567890' } } },
    ],
    ['a system prompt', { prompt: 'system', systemPrompt: ' Rhyme.' }, { overrides: { systemPrompt: ' Rhyme.' } }],
    [
      'texts in the place of others, without empty rows',
      {
        prompt: 'replace',
        replacements: [
          { find: ' a', replaceWith: '' },
          { find: '', replaceWith: '' },
        ],
      },
      { overrides: { replace: [{ find: ' a', replaceWith: '' }] } },
    ],
    ['paths', { paths: [{ path: '', match: 'equals' }] }, { paths: [{ path: '', match: 'equals' }] }],
    ['a step', { fromStep: 'r2' }, { fromStep: 'r2' }],
    ['several times', { times: ' 3 ' }, { times: 3 }],
    ['a cap', { maxCostUsd: '.5' }, { maxCostUsd: 0.5 }],
    ['a cap of nothing', { maxCostUsd: '0' }, { maxCostUsd: 0 }],
    ['an id', { sessionId: 'again' }, { sessionId: 'again' }],
    [
      'how it goes',
      { isThreaded: true, isPaced: false, stopsOnError: true },
      { thread: true, toolPacing: 'none', stopOnError: true },
    ],
  ])('%s', (_, form, expected) => {
    expect(body(form)).toEqual(expected);
  });

  test.each<[Partial<ReplayForm>, string]>([
    [{ temperature: 'hot' }, 'temperature'],
    [{ temperature: '0x1' }, 'temperature'],
    [{ members: '{' }, 'members'],
    [{ members: '[1]' }, 'members'],
    [{ members: 'null' }, 'members'],
    [{ members: '"text"' }, 'members'],
    [{ members: '{"seed": 12345678901234567890}' }, 'members'],
    [{ members: '{"seed": 1e999}' }, 'members'],
    [{ goesTo: 'provider', provider: ' ' }, 'target'],
    [{ goesTo: 'url' }, 'target'],
    [{ prompt: 'system' }, 'prompt'],
    [{ prompt: 'replace' }, 'prompt'],
    [{ prompt: 'replace', replacements: [{ find: '', replaceWith: 'b' }] }, 'prompt'],
    [{ times: '' }, 'times'],
    [{ times: '0' }, 'times'],
    [{ times: '21' }, 'times'],
    [{ times: '1.5' }, 'times'],
    [{ maxCostUsd: '-1' }, 'maxCostUsd'],
    [{ maxCostUsd: '1 USD' }, 'maxCostUsd'],
  ])('cannot be read of %j, which is said at %s', (form, field) => {
    expect(body(form)).toEqual([field]);
  });
});
