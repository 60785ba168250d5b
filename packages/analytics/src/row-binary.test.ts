import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RowBinaryWriter } from './row-binary.ts';

const written = (write: (to: RowBinaryWriter) => void) => {
  const to = new RowBinaryWriter(0);
  write(to);
  return Buffer.from(to.bytes());
};

describe('RowBinary', () => {
  test('strings are UTF-8 behind their length, however long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const bytes = written((to) => to.string(text));
        const utf8 = Buffer.from(text.toWellFormed());
        expect(bytes.equals(Buffer.concat([varUint(utf8.length), utf8]))).toBe(true);
      }),
    );
    expect(written((to) => to.string('\ud800')).toString('hex')).toBe('03efbfbd');
  });

  test('bytes are themselves behind their length', () => {
    const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => i & 255);
    expect(written((to) => to.rawBytes(bytes)).equals(Buffer.concat([varUint(20_000), bytes]))).toBe(true);
  });

  test('safe integers fill eight bytes, negative ones in two-complement', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const bytes = written((to) => to.int64(value));
        expect(bytes.readBigInt64LE()).toBe(BigInt(value));
        if (value >= 0) expect(written((to) => to.uint64(value)).readBigUInt64LE()).toBe(BigInt(value));
      }),
    );
  });

  test('wide integers', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }), (value) => {
        const bytes = written((to) => to.bigInt128(value));
        expect((bytes.readBigInt64LE(8) << 64n) | bytes.readBigUInt64LE(0)).toBe(value);
      }),
    );
  });

  test.each<[string, (to: RowBinaryWriter) => void]>([
    ['a fraction', (to) => to.int64(1.5)],
    ['not a number', (to) => to.uint64(Number.NaN)],
    ['infinity', (to) => to.int64(Number.POSITIVE_INFINITY)],
    ['an integer that a double cannot hold exactly', (to) => to.int64(2 ** 53)],
    ['a negative number', (to) => to.uint64(-1)],
    ['a status of six digits', (to) => to.int16(100_000)],
    ['a partition beyond 16 bits', (to) => to.uint16(65_536)],
    ['a negative version', (to) => to.bigUint64(-1n)],
    ['a version beyond 64 bits', (to) => to.bigUint64(2n ** 64n)],
    ['a cost beyond 64 bits', (to) => to.bigInt64(2n ** 63n)],
    ['a sum beyond 128 bits', (to) => to.bigInt128(2n ** 127n)],
  ])('refuses %s instead of storing another value', (_, write) => {
    expect(() => written(write)).toThrow(RangeError);
  });
});

function varUint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}
