import { describe, expect, test } from '@jest/globals';
import { isUuid } from '@throughline/contracts/ids';
import { createRandom, randomUuid } from './seed.ts';

describe('createRandom', () => {
  test('draws the same values again from the same seed', () => {
    const draw = () => {
      const random = createRandom(42);
      return [random.next(), random.integer(1, 6), random.pick(['a', 'b', 'c']), random.bytes(4).toString('hex')];
    };
    expect(draw()).toEqual(draw());
  });

  test('draws other values from another seed', () => {
    expect(createRandom(1).bytes(16)).not.toEqual(createRandom(2).bytes(16));
  });

  test('keeps integers within both bounds and reaches them', () => {
    const random = createRandom(7);
    const drawn = new Set(Array.from({ length: 200 }, () => random.integer(3, 5)));
    expect([...drawn].sort()).toEqual([3, 4, 5]);
  });

  test('forks into sources that do not depend on how much was drawn before', () => {
    const random = createRandom(9);
    const early = random.fork('x').next();
    random.next();
    expect(random.fork('x').next()).toBe(early);
    expect(random.fork('y').next()).not.toBe(early);
  });
});

test('randomUuid gives a UUID of version 4', () => {
  const id = randomUuid(createRandom(3));
  expect(isUuid(id)).toBe(true);
  expect(id[14]).toBe('4');
});
