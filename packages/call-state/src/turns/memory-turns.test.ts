import { expect, test } from '@jest/globals';
import { turnsContract } from './contract.ts';
import { memoryTurns } from './memory-turns.ts';

turnsContract('memory', async () => ({ turns: memoryTurns(), dispose: async () => {} }));

test('forgets what was asked for longest ago beyond as many names as it keeps', async () => {
  const turns = memoryTurns(2);
  for (const name of ['a', 'b', 'a', 'c']) await turns.next(name, 1_000);
  expect(await turns.next('a', 1_000)).toBe(2);
  expect(await turns.next('b', 1_000)).toBe(0);
});
