import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { printable } from './printable.ts';

test('whatever bytes there are, what is shown is printable ASCII and stands for them exactly', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const text = printable(bytes, bytes.length);
      expect(text).toMatch(/^[ -~]*$/);
      const back = [...text.matchAll(/\\x([0-9a-f]{2})|\\(\\)|([^\\])/g)].map(([, hex, backslash, plain]) =>
        hex === undefined ? (backslash ?? plain)!.charCodeAt(0) : Number.parseInt(hex, 16),
      );
      expect(back).toEqual([...bytes]);
    }),
  );
});

test('as much as is asked for is shown', () => {
  expect(printable(Buffer.from('a\u001b[31m\\'), 3)).toBe('a\\x1b[');
});
