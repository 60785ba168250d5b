import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BodyCapture, CaptureBudget } from './body-capture.ts';

test('keeps the beginning within both bounds, counts everything, and gives the budget back', () => {
  const sizes = fc.array(fc.nat({ max: 50 }), { maxLength: 20 });
  fc.assert(
    fc.property(
      sizes,
      fc.nat({ max: 300 }),
      fc.nat({ max: 300 }),
      fc.nat({ max: 300 }),
      (lengths, max, total, taken) => {
        const budget = new CaptureBudget(total);
        const others = budget.take(taken);
        const capture = new BodyCapture(max, budget);
        let next = 0;
        const chunks = lengths.map((length) => Uint8Array.from({ length }, () => next++ & 255));
        for (const chunk of chunks) capture.push(chunk);
        const sent = Buffer.concat(chunks);
        const body = capture.toBody('a', 'b');
        const room = Math.min(max, total - others, sent.length);
        expect(Buffer.compare(body.bytes, sent.subarray(0, room))).toBe(0);
        expect(body).toMatchObject({
          size: sent.length,
          truncated: room < sent.length,
          content_type: 'a',
          encoding: 'b',
        });
        expect(budget.held).toBe(others + room);
        capture.release();
        capture.push(sent);
        capture.release();
        expect(budget.held).toBe(others);
      },
    ),
  );
});

test('after a gap nothing more is kept, even if there is room again', () => {
  const budget = new CaptureBudget(4);
  const capture = new BodyCapture(100, budget);
  capture.push(Buffer.from('abcdef'));
  budget.give(2);
  capture.push(Buffer.from('gh'));
  expect(Buffer.from(capture.toBody('', '').bytes).toString()).toBe('abcd');
});
