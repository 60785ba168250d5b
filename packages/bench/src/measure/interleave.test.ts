import { expect, test } from '@jest/globals';
import { interleave } from './interleave.ts';

test('contestants take turns, and the first turn is not counted', async () => {
  const turns: string[] = [];
  const contestant = (name: string) => async (round: number) => {
    turns.push(`${name}${round}`);
    return round * 10;
  };
  const samples = await interleave(2, { a: contestant('a'), b: contestant('b') });
  expect(turns).toEqual(['a-1', 'b-1', 'a0', 'b0', 'a1', 'b1']);
  expect(samples).toEqual({ a: [0, 10], b: [0, 10] });
});
