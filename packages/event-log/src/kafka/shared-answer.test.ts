import { expect, test } from '@jest/globals';
import { sharedAnswer } from './shared-answer.ts';

test('callers at the same time share an answer, and one that comes while it is being asked gets a later one', async () => {
  const asked: PromiseWithResolvers<string>[] = [];
  const ask = sharedAnswer(() => {
    const question = Promise.withResolvers<string>();
    asked.push(question);
    return question.promise;
  });
  const first = [ask(), ask()];
  await new Promise(setImmediate);
  expect(asked).toHaveLength(1);
  const second = [ask(), ask()];
  asked[0]!.resolve('first');
  expect(await Promise.all(first)).toEqual(['first', 'first']);
  await new Promise(setImmediate);
  expect(asked).toHaveLength(2);
  asked[1]!.resolve('second');
  expect(await Promise.all(second)).toEqual(['second', 'second']);
});

test('a question that failed does not keep the next one from being asked', async () => {
  let count = 0;
  const ask = sharedAnswer(async () => {
    if (++count === 1) throw new Error('no answer');
    return count;
  });
  await expect(ask()).rejects.toThrow('no answer');
  expect(await ask()).toBe(2);
});
