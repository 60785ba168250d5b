import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstDifference } from './first-difference.ts';

describe('the first difference of two bodies', () => {
  it('is named by its place, with what stands around it', () => {
    const recorded = { model: 'a', messages: [{ role: 'user', content: 'The weather in Vienna on Monday, please' }] };
    const now = { model: 'a', messages: [{ role: 'user', content: 'The weather in Vienna on Friday, please' }] };
    expect(firstDifference(recorded, now)).toEqual({
      at: 'messages[0].content',
      recorded: '…eather in Vienna on Monday, please',
      now: '…eather in Vienna on Friday, please',
    });
  });

  it('says what is not there on one side', () => {
    expect(firstDifference({ a: 1 }, { a: 1, seed: 7 })).toEqual({ at: 'seed', recorded: undefined, now: '7' });
    expect(firstDifference([1, 2], [1])).toEqual({ at: '[1]', recorded: '2', now: undefined });
    expect(firstDifference('text', { a: 1 })).toEqual({ at: '', recorded: 'text', now: '{"a":1}' });
    expect(firstDifference(JSON.parse('{"__proto__": 1}'), {})).toEqual({
      at: '__proto__',
      recorded: '1',
      now: undefined,
    });
  });

  it('is none exactly where the values are the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(firstDifference(a, JSON.parse(JSON.stringify(a)))).toBeUndefined();
        const [x, y] = [JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b))];
        const isSame = firstDifference(x, y) === undefined;
        if (isSame) expect(y).toEqual(x);
        else expect(y).not.toEqual(x);
      }),
    );
  });

  it('quotes no more than a line of it', () => {
    const { recorded, now } = firstDifference('a'.repeat(10_000), 'b'.repeat(10_000))!;
    expect([recorded!.length, now!.length]).toEqual([61, 61]);
  });
});
