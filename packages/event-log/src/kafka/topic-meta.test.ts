import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeMeta, FROM_ZERO, parseMeta, positionedLogId, type TopicMeta, VOID_META } from './topic-meta.ts';

const start = fc.record({ kafkaOffset: fc.nat(), position: fc.maxSafeNat() });
const metas: fc.Arbitrary<TopicMeta> = fc
  .array(fc.oneof(fc.constant(undefined), fc.constant(FROM_ZERO), start), { minLength: 1, maxLength: 20 })
  .chain((starts) =>
    fc.record({
      logId: fc.uuid(),
      partitions: fc.constant(starts.length),
      createdAt: fc.nat(),
      starts: fc.constant(starts),
    }),
  );

describe("a topic's meta record", () => {
  test('reads as it was written', () => {
    fc.assert(fc.property(metas, (meta) => expect(parseMeta(encodeMeta(meta))).toEqual(meta)));
  });

  test('is only id, partitions and time in the usual case', () => {
    const meta = { logId: 'log', partitions: 2, createdAt: 5, starts: [FROM_ZERO, FROM_ZERO] };
    expect(JSON.parse(encodeMeta(meta))).toEqual({ log_id: 'log', partitions: 2, created_at: 5 });
  });

  test('is void while the topic is created anew', () => {
    expect(parseMeta(VOID_META)).toBe('void');
  });

  test('is refused when somebody else wrote it, whatever they wrote', () => {
    const usual = { log_id: 'log', partitions: 1, created_at: 1 };
    for (const other of [
      { log_id: '' },
      { partitions: 0 },
      { partitions: 1e6 },
      { created_at: 'now' },
      { starts: [] },
    ]) {
      expect(() => parseMeta(JSON.stringify({ ...usual, ...other }))).toThrow('cannot be read');
    }
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          parseMeta(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'mismatch' });
        }
      }),
    );
  });

  test('gives every start an id of its own, and the usual one the id of the log', () => {
    expect(positionedLogId('log', FROM_ZERO)).toBe('log');
    fc.assert(
      fc.property(start, start, (a, b) => {
        const isSame = a.kafkaOffset === b.kafkaOffset && a.position === b.position;
        expect(positionedLogId('log', a) === positionedLogId('log', b)).toBe(isSame);
      }),
    );
  });
});
