import { describe, expect, test } from '@jest/globals';
import { storedChange } from '@throughline/contracts/annotation-row';
import type { RequestRow } from '@throughline/contracts/request-row';
import { packVersion } from '@throughline/contracts/version';
import { SESSION_BOUNDS } from '@throughline/session-totals/session-bounds';
import fc from 'fast-check';
import { annotateRow } from './annotate-row.ts';
import { createSessionFolder, type FoldedAnnotation } from './session/fold-session.ts';
import { sampleRow } from './session/sample-row.ts';

const row: RequestRow = {
  ...sampleRow({ source_offset: 1, properties: [['env', 'dev']], scores: [['a', 1]] }),
  version: packVersion(1, 1),
};

function annotation(offset: number, change: Parameters<typeof storedChange>[0]): FoldedAnnotation {
  return {
    tenant_id: row.tenant_id,
    event_id: `event-${offset}`,
    ...storedChange(change),
    target: 'request',
    request_id: row.request_id,
    request_event_id: row.event_id,
    request_ordered_at: row.ordered_at,
    session_id: row.session_id,
    received_at: row.received_at + offset,
    producer_id: 'producer',
    producer_seq: offset,
    source_partition: row.source_partition,
    source_offset: offset,
  };
}

const property = (offset: number, key: string, value: string) => annotation(offset, { kind: 'property', key, value });

describe('the row of an annotated request', () => {
  test('has the annotation’s version and its own position, and everything else as it was', () => {
    const next = annotateRow(row, property(5, 'env', 'prod'), 3);
    expect(next).toEqual({
      ...row,
      version: packVersion(5, 3),
      properties: [['env', 'prod']],
      former_properties: [['env', ['dev']]],
    });
    const scored = annotateRow(
      next,
      annotation(6, {
        kind: 'score',
        scores: [
          ['b', 2],
          ['a', 0],
          ['b', 3],
        ],
      }),
      3,
    );
    expect(scored).toEqual({
      ...next,
      version: packVersion(6, 3),
      scores: [
        ['a', 0],
        ['b', 3],
      ],
    });
  });

  test('is the same when an annotation that it holds already comes again', () => {
    const next = annotateRow(annotateRow(row, property(5, 'env', 'prod'), 3), property(7, 'env', 'x'), 3);
    for (const offset of [5, 7]) expect(annotateRow(next, property(offset, 'env', 'prod'), 9)).toBe(next);
  });

  test('keeps no former value where there was none, or the same', () => {
    const next = annotateRow(annotateRow(row, property(2, 'new', 'x'), 1), property(3, 'env', 'dev'), 1);
    expect(next.former_properties).toEqual([]);
  });
});

describe('values that a property had', () => {
  const { countMax, charsMax } = SESSION_BOUNDS.propertyValues;
  const value = fc.oneof(
    fc.nat(150).map((n) => `v${n}`),
    fc.constantFrom('x'.repeat(charsMax), 'y'.repeat(charsMax + 1), '😀'.repeat(charsMax), ''),
  );

  test('leave the session’s sets, rebuilt from the row, as they were folded one after the other', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('env', 'other'), value), { maxLength: 400 }), (changes) => {
        const live = createSessionFolder(undefined);
        live.add(row);
        let stored = row;
        const annotations = changes.map(([key, to], index) => property(index + 2, key, to));
        for (const one of annotations) {
          live.annotate(one);
          stored = annotateRow(stored, one, 1);
        }
        const rebuilt = createSessionFolder(undefined);
        rebuilt.add(stored);
        for (const one of annotations) rebuilt.annotate(one);
        expect(rebuilt.result()).toEqual(live.result());
        // Even without the annotations: the row alone holds what the sets are made of.
        const ofRow = createSessionFolder(undefined);
        ofRow.add(stored);
        expect(ofRow.result().properties).toEqual(live.result().properties);
        for (const [, formers] of stored.former_properties) expect(formers.length).toBeLessThanOrEqual(countMax + 2);
      }),
      { numRuns: 60 },
    );
  });
});
