import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { temporaryFolder } from '../../test/log-folder.ts';
import { FRAME_HEADER_BYTES, sealFrame } from './frame.ts';
import { SegmentScanner } from './segment-scanner.ts';

const MARK = Buffer.from('0123456789abcdef', 'hex');
const BASE = 1000;

let dir: string;
beforeAll(() => {
  dir = temporaryFolder();
});
afterAll(() => fs.rmSync(dir, { recursive: true }));

describe('a damaged segment', () => {
  const payloads = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 30 });
  const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const flips = fc.array(fc.tuple(position, fc.integer({ min: 1, max: 255 })), { maxLength: 4 });
  const cut = fc.option(position, { nil: undefined });
  // Small chunks, so that frames lie across their borders.
  const chunkBytes = fc.constantFrom(40, 100, 1000, 1_000_000);

  test('yields every frame that the damage did not touch, and nothing else', () => {
    fc.assert(
      fc.property(payloads, flips, cut, chunkBytes, (contents, flipped, cutAt, chunk) => {
        const frames = contents.map((content, index) => frame(BASE + index, content));
        const bytes = Buffer.concat(frames);
        const size = cutAt === undefined ? bytes.length : Math.floor(cutAt * bytes.length);
        const touched = new Set<number>();
        for (const [at, mask] of flipped) {
          const place = Math.floor(at * bytes.length);
          bytes[place]! ^= mask;
          touched.add(place);
        }
        let start = 0;
        const untouched = frames.flatMap((content, index) => {
          const end = start + content.length;
          // Two flips of one byte may cancel each other: then the frame is whole, whatever was touched.
          const isWhole = end <= size && bytes.subarray(start, end).equals(frame(BASE + index, contents[index]!));
          start = end;
          return isWhole ? [BASE + index] : [];
        });
        expect(scan(bytes.subarray(0, size), chunk).map(({ offset }) => offset)).toEqual(untouched);
      }),
      { numRuns: 300 },
    );
  });

  test('says which bytes were skipped before the next good frame', () => {
    const frames = [0, 1, 2].map((index) => frame(BASE + index, Buffer.alloc(50, index)));
    frames[1]![40]! ^= 1;
    const [first, second] = scan(Buffer.concat(frames));
    expect(first).toMatchObject({ offset: BASE, damage: undefined });
    expect(second).toMatchObject({ offset: BASE + 2, damage: { from: 82, to: 164 } });
  });
});

describe('what a caller sends', () => {
  test('is never taken for a frame, even when the frame around it is damaged', () => {
    const forged = Buffer.concat([Buffer.alloc(FRAME_HEADER_BYTES), Buffer.from('forged')]);
    sealFrame([forged], Buffer.from('another!'), BASE + 1, 0);
    const outer = frame(BASE, forged);
    outer[9]! ^= 1;
    expect(scan(Buffer.concat([outer, frame(BASE + 1, Buffer.from('true'))]))).toMatchObject([
      { offset: BASE + 1, payload: Buffer.from('true') },
    ]);
  });

  test('is not taken for a frame of an impossible offset, even with the right mark', () => {
    expect(scan(Buffer.concat([frame(BASE, Buffer.from('a')), frame(BASE + 10, Buffer.from('b'))]))).toHaveLength(1);
    const repeated = [0, 1, 1, 0].map((index) => frame(BASE + index, Buffer.from('a')));
    expect(scan(Buffer.concat(repeated))).toHaveLength(2);
  });
});

test('a frame beyond the limit is found again after a refresh', () => {
  const file = path.join(dir, 'growing');
  fs.writeFileSync(file, Buffer.concat([frame(BASE, Buffer.from('a')), frame(BASE + 1, Buffer.from('b'))]));
  const fd = fs.openSync(file, 'r');
  const scanner = new SegmentScanner(fd, BASE, MARK);
  expect(scanner.next(BASE + 1)).toMatchObject({ offset: BASE });
  expect(scanner.next(BASE + 1)).toMatchObject({ isAtEnd: false });
  // What is not synced yet may be replaced by the writer.
  fs.truncateSync(file, 33);
  fs.appendFileSync(file, frame(BASE + 1, Buffer.from('c')));
  scanner.refresh();
  expect(scanner.next(BASE + 2)).toMatchObject({ offset: BASE + 1, payload: Buffer.from('c') });
  expect(scanner.next(BASE + 2)).toMatchObject({ isAtEnd: true, damage: undefined });
  fs.closeSync(fd);
});

test('offsets above 32 bits survive', () => {
  const base = 2 ** 40 + 5;
  const bytes = Buffer.concat([frame(base, Buffer.from('a')), frame(base + 1, Buffer.from('b'))]);
  expect(scan(bytes, 100, base).map(({ offset }) => offset)).toEqual([base, base + 1]);
});

function frame(offset: number, payload: Uint8Array): Buffer {
  const whole = Buffer.concat([Buffer.alloc(FRAME_HEADER_BYTES), payload]);
  sealFrame([whole], MARK, offset, 1_760_000_000_000);
  return whole;
}

function scan(bytes: Buffer, chunkBytes = 1_000_000, base = BASE) {
  const file = path.join(dir, 'segment');
  fs.writeFileSync(file, bytes);
  const fd = fs.openSync(file, 'r');
  try {
    const scanner = new SegmentScanner(fd, base, MARK, chunkBytes);
    const found = [];
    for (;;) {
      const next = scanner.next(Number.MAX_SAFE_INTEGER);
      if (next.payload === undefined) return found;
      found.push(next);
    }
  } finally {
    fs.closeSync(fd);
  }
}
