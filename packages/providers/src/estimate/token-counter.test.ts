import { afterEach, expect, test } from '@jest/globals';
import { createTokenCounter, type TokenCounter, TokenCounterError } from './token-counter.ts';
import { tokenText } from './token-text.ts';

let counter: TokenCounter;
afterEach(() => counter.close());

test('texts are counted in a thread, many at a time, each with its own answer', async () => {
  counter = createTokenCounter();
  const counts = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      counter.count(i % 2 === 0 ? 'o200k_base' : 'cl100k_base', [
        tokenText(' word'.repeat(i)),
        tokenText('hello world'),
      ]),
    ),
  );
  expect(counts).toEqual(Array.from({ length: 50 }, (_, i) => [i, 2]));
  expect(await counter.count('o200k_base', [])).toEqual([]);
  // Long ones are scaled up.
  expect(await counter.count('o200k_base', [tokenText('a'.repeat(800_000))])).toEqual([100_000]);
}, 30_000);

test('what was being counted when the thread ended fails as something that may pass, and is counted by another', async () => {
  counter = createTokenCounter();
  const counting = counter.count('o200k_base', [tokenText('hello world')]);
  await Promise.all([
    counter.close(),
    expect(counting).rejects.toMatchObject({ name: 'TokenCounterError', retryable: true }),
  ]);
  expect(await counter.count('o200k_base', [tokenText('hello world')])).toEqual([2]);
}, 30_000);

test('whoever no longer waits is let go', async () => {
  counter = createTokenCounter();
  const ending = new AbortController();
  const counting = counter.count('o200k_base', [tokenText('hello')], ending.signal);
  ending.abort();
  await expect(counting).rejects.toThrow(TokenCounterError);
  await expect(counter.count('o200k_base', [tokenText('hello')], ending.signal)).rejects.toThrow(TokenCounterError);
  expect(await counter.count('o200k_base', [tokenText('hello')])).toEqual([1]);
}, 30_000);
