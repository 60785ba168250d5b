import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CursorPart, decodeCursor, encodeCursor } from './cursor.ts';

const packed = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a cursor', () => {
  test('comes back as it was, whatever the id holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer(), (text, value) => {
        const parts = [String(value), text.toWellFormed()];
        expect(
          decodeCursor(encodeCursor('session:created_at:desc', parts), 'session:created_at:desc', ['int', 'text']),
        ).toEqual(parts);
      }),
    );
  });

  test('of another order is refused', () => {
    expect(() => decodeCursor(encodeCursor('a', ['x']), 'b', ['text'])).toThrow('cursor');
  });

  test('that nobody gave is refused, and never throws anything else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((text) => Buffer.from(text).toString('base64url')),
        ),
        (text) => {
          expect(() => decodeCursor(text, 'order', ['text'])).toThrow(/^The cursor/);
        },
      ),
    );
  });

  test.each<[CursorPart, string]>([
    ['int', '1) OR (1'],
    ['int', '9223372036854775808'],
    ['int', '1.5'],
    ['count', '-1'],
    ['count', '18446744073709551616'],
    ['time', '99999999999999'],
    ['decimal', '1e5'],
    ['decimal', '0.0000000000001'],
  ])('holds no %s such as %s', (kind, value) => {
    expect(() => decodeCursor(packed(['order', value]), 'order', [kind])).toThrow(/^The cursor/);
  });

  test('longer than any that was given is refused unread', () => {
    expect(() => decodeCursor('A'.repeat(100_000), 'order', ['text'])).toThrow(/^The cursor/);
  });
});
