import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { MessagePackReader } from './message-pack-reader.ts';

const packr = new Packr({ useRecords: false });
const readerOf = (value: unknown) => new MessagePackReader(packr.pack(value));

// Of −0 the encoder makes 0.
test('numbers of every width are read as another encoder wrote them', () => {
  const numbers = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double(), fc.integer({ min: -300, max: 300 }));
  fc.assert(fc.property(numbers, (value) => expect(readerOf(value).number()).toBe(Object.is(value, -0) ? 0 : value)));
});

test('any value is passed over whole', () => {
  const anything = fc.anything({ withDate: true, withBigInt: false, maxDepth: 4 });
  fc.assert(
    fc.property(anything, (value) => {
      const reader = readerOf(value);
      reader.skip();
      expect(reader.isAtEnd).toBe(true);
    }),
  );
});

test('texts, bytes, booleans and sizes are read in turn', () => {
  const reader = readerOf([true, false, null, 'ä'.repeat(200), Buffer.from([1, 2, 3]), { a: 1 }]);
  expect(reader.arraySize()).toBe(6);
  expect([reader.boolean(), reader.boolean(), reader.isNull(), reader.isNull()]).toEqual([true, false, true, false]);
  expect(reader.string()).toBe('ä'.repeat(200));
  expect([...reader.bytes()]).toEqual([1, 2, 3]);
  expect(reader.mapSize()).toBe(1);
});

test.each<[string, unknown, (reader: MessagePackReader) => unknown]>([
  ['a text', 1, (reader) => reader.string()],
  ['a number', 'text', (reader) => reader.number()],
  ['a boolean', null, (reader) => reader.boolean()],
  ['bytes', 'text', (reader) => reader.bytes()],
  ['a map', [], (reader) => reader.mapSize()],
  ['an array', {}, (reader) => reader.arraySize()],
])('what is not %s is refused', (_, value, read) => {
  expect(() => read(readerOf(value))).toThrow(TypeError);
});

test('bytes that end within a value are refused', () => {
  const whole = packr.pack(['some text', 1e300]);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), (length) => {
      const reader = new MessagePackReader(whole.subarray(0, length));
      expect(() => reader.skip()).toThrow(RangeError);
    }),
  );
});
