import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openAnswer, sealAnswer } from './seal-answer.ts';

const secret = randomBytes(32);

describe('a sealed answer', () => {
  it('is opened by its secret, and shows nothing of itself', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        const body = Buffer.from(bytes);
        const sealed = sealAnswer(body, secret);
        expect(openAnswer(sealed, secret)).toEqual(body);
        expect(body.length < 8 || !sealed.includes(body)).toBe(true);
        expect(sealAnswer(body, secret)).not.toEqual(sealed);
      }),
    );
  });

  it('is opened by no other secret, nor when a bit of it is another one', () => {
    const sealed = sealAnswer(Buffer.from('The capital of France is Paris.'), secret);
    expect(() => openAnswer(sealed, randomBytes(32))).toThrow();
    for (let at = 0; at < sealed.length; at++) {
      const other = Buffer.from(sealed);
      other[at]! ^= 1;
      expect(() => openAnswer(other, secret)).toThrow();
    }
    expect(() => openAnswer(sealed.subarray(0, 20), secret)).toThrow();
  });
});
