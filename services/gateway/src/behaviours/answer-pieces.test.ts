import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { answerPieces } from './answer-pieces.ts';

const STREAM = 'text/event-stream; charset=utf-8';

describe('the pieces of an answer', () => {
  it('are the answer, and those of a stream end where events do', () => {
    const event = fc.tuple(fc.string({ maxLength: 200 }), fc.constantFrom('\n\n', '\r\n\r\n')).map(([data, end]) => {
      return `data: ${data.replace(/[\r\n]/g, '')}${end}`;
    });
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1, maxLength: 60 }),
        fc.constantFrom('', 'data: cut'),
        (events, rest) => {
          const body = Buffer.from(events.join('') + rest);
          const pieces = answerPieces(body, STREAM, '');
          expect(Buffer.concat(pieces)).toEqual(body);
          expect(pieces.length).toBeLessThanOrEqual(17);
          for (const piece of pieces.slice(0, -1)) expect(piece.toString()).toMatch(/\r?\n\r?\n$/);
        },
      ),
    );
  });

  it('are several for several events', () => {
    const pieces = answerPieces(Buffer.from('data: 1\n\ndata: 2\n\ndata: [DONE]\n\n'), STREAM, '');
    expect(pieces.map(String)).toEqual(['data: 1\n\n', 'data: 2\n\n', 'data: [DONE]\n\n']);
  });

  it('are one for whatever is no plain stream, and none without a body', () => {
    const body = Buffer.from('data: 1\n\ndata: 2\n\n');
    expect(answerPieces(body, 'application/json', '')).toEqual([body]);
    expect(answerPieces(body, STREAM, 'gzip')).toEqual([body]);
    expect(answerPieces(Buffer.alloc(0), STREAM, '')).toEqual([]);
  });
});
