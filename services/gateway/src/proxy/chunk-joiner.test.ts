import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ChunkJoiner, SHORT_BYTES } from './chunk-joiner.ts';

function joined(chunks: readonly Buffer[]): Buffer[] {
  const joiner = new ChunkJoiner();
  return [...chunks.map((chunk) => joiner.push(chunk)), joiner.end()].filter((chunk) => chunk !== undefined);
}

const sizes = (...chunks: number[]) => joined(chunks.map((size) => Buffer.alloc(size))).map(({ length }) => length);

test('a short chunk goes with the one behind it', () => {
  expect(sizes(50, 49, 200, 7, 7, 60)).toEqual([50, 249, 14, 60]);
  expect(sizes(50, 1)).toEqual([50, 1]);
  expect(sizes()).toEqual([]);
});

test('nothing is lost or moved, no two short chunks follow each other, and none waits for more than the next', () => {
  const chunk = fc.uint8Array({ maxLength: 2 * SHORT_BYTES }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.array(chunk), (chunks) => {
      expect(Buffer.concat(joined(chunks))).toEqual(Buffer.concat(chunks));
      const joiner = new ChunkJoiner();
      let waits = false;
      for (const one of chunks) {
        const given = joiner.push(one);
        if (waits) expect(given).toBeDefined();
        waits = given === undefined;
        if (waits) expect(one.length).toBeLessThan(SHORT_BYTES);
      }
    }),
  );
});
