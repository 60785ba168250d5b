import { expect, test } from '@jest/globals';
import { contextWindow } from './context-window.ts';

test.each([
  ['OPENAI', 'gpt-4o-mini', 128_000],
  ['OPENAI', 'GPT-4', 8_192],
  ['ANTHROPIC', 'claude-sonnet-4-5', 200_000],
  ['OPENROUTER', 'openai/gpt-4o', 128_000],
  ['http://host.example', 'gpt-4o', 128_000],
  ['OPENAI', 'no-such-model', undefined],
  ['OPENAI', '', undefined],
  ['', '__proto__', undefined],
])('the window of %s %s is %p', (provider, model, expected) => {
  expect(contextWindow(provider, model)).toBe(expected);
});
