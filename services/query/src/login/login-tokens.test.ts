import { expect, test } from '@jest/globals';
import { createLoginTokens, LOGIN_TOKEN_MS } from './login-tokens.ts';

function tokensAt(start: number) {
  let now = start;
  const tokens = createLoginTokens(() => now);
  return {
    ...tokens,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

test('a token works once, and others that are open still do', () => {
  const { create, take } = tokensAt(0);
  const [first, second] = [create(), create()];
  expect(first).toMatch(/^[\w-]{43}$/);
  take(first);
  expect(() => take(first)).toThrow('This link has been used');
  take(second);
});

test('a token works for a quarter of an hour', () => {
  const { create, take, pass } = tokensAt(1_000);
  const [first, second] = [create(), create()];
  pass(LOGIN_TOKEN_MS - 1);
  take(first);
  pass(1);
  expect(() => take(second)).toThrow('This link has been used');
});

test('what was never a token is refused, more of it otherwise for a minute, and a token works all the same', () => {
  const { create, take, pass } = tokensAt(0);
  const token = create();
  for (let tries = 0; tries < 30; tries++) expect(() => take('')).toThrow('This link has been used');
  expect(() => take('')).toThrow('Too many links');
  take(token);
  expect(() => take(token)).toThrow('Too many links');
  pass(60_000);
  expect(() => take('')).toThrow('This link has been used');
});

test('ten links are open at most: the newest', () => {
  const { create, take } = tokensAt(0);
  const tokens = Array.from({ length: 11 }, create);
  expect(() => take(tokens[0]!)).toThrow('This link has been used');
  take(tokens[1]!);
  take(tokens[10]!);
});
