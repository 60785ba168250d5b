import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chunkEnd, packChunk, unpackChunk } from './pack-chunk.ts';
import { CHUNK_ENTRIES_MAX, type LogChunk } from './unit-log.ts';

const chunk = fc
  .record({
    number: fc.nat(),
    entries: fc.array(fc.record({ time: fc.maxSafeNat(), units: fc.maxSafeNat() }), {
      minLength: 1,
      maxLength: CHUNK_ENTRIES_MAX,
    }),
  })
  .map(
    ({ number, entries }): LogChunk => ({
      number,
      times: entries.map(({ time }) => time).sort((a, b) => a - b),
      units: entries.map(({ units }) => units),
    }),
  );

describe('packed chunks', () => {
  test('are read as they were written, and tell when their last entry leaves', () => {
    fc.assert(
      fc.property(chunk, fc.integer({ min: 1, max: 31_536_000_000 }), (chunk, windowMs) => {
        const bytes = packChunk(windowMs, chunk);
        expect(unpackChunk(chunk.number, bytes)).toEqual(chunk);
        expect(chunkEnd(bytes)).toBe(chunk.times.at(-1)! + windowMs);
      }),
    );
  });

  test('are left out when they are damaged', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const found = unpackChunk(0, Buffer.from(bytes));
        for (const unit of found?.units ?? []) expect(Number.isSafeInteger(unit) && unit >= 0).toBe(true);
      }),
    );
    const bytes = packChunk(60_000, { number: 0, times: [1, 2], units: [3, 4] });
    const damaged = [
      bytes.subarray(0, -1),
      bytes.subarray(0, 9),
      Buffer.concat([Buffer.of(9), bytes.subarray(1)]),
      packChunk(60_000, { number: 0, times: [2, 1], units: [3, 4] }),
      packChunk(60_000, { number: 0, times: [1], units: [-3] }),
      packChunk(60_000, { number: 0, times: [1], units: [0.5] }),
      packChunk(60_000, { number: 0, times: [Number.NaN], units: [1] }),
    ];
    for (const one of damaged) expect(unpackChunk(0, one)).toBeUndefined();
  });
});
