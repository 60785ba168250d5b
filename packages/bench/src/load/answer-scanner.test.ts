import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createAnswerScanner } from './answer-scanner.ts';

const sized = (status: number, body: string) =>
  `HTTP/1.1 ${status} X\r\nContent-Length: ${body.length}\r\nX-A: b\r\n\r\n${body}`;
const chunked = (status: number, chunks: readonly string[]) =>
  `HTTP/1.1 ${status} X\r\nTransfer-Encoding: chunked\r\n\r\n${chunks
    .map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`)
    .join('')}0\r\n\r\n`;

const word = fc.stringMatching(/^[a-z ]{1,40}$/);
const answer = fc.oneof(
  fc.record({ status: fc.integer({ min: 200, max: 599 }), body: fc.oneof(word, fc.constant('')) }).map((given) => ({
    status: given.status,
    text: sized(given.status, given.body),
  })),
  fc.record({ status: fc.integer({ min: 200, max: 599 }), chunks: fc.array(word, { minLength: 1 }) }).map((given) => ({
    status: given.status,
    text: chunked(given.status, given.chunks),
  })),
);

test('every answer is seen once, at its end, however its bytes arrive', () => {
  fc.assert(
    fc.property(
      fc.array(answer, { minLength: 1, maxLength: 6 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 30 })),
      (answers, sizes) => {
        const seen: number[] = [];
        const scan = createAnswerScanner((status) => seen.push(status));
        for (const [count, { text }] of answers.entries()) {
          const bytes = Buffer.from(text);
          for (let at = 0; at < bytes.length; ) {
            expect(seen).toHaveLength(count);
            const size = sizes.next().value;
            scan(bytes.subarray(at, at + size));
            at += size;
          }
          expect(seen).toHaveLength(count + 1);
        }
        expect(seen).toEqual(answers.map(({ status }) => status));
      },
    ),
  );
});
