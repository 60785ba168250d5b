import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeFence, decodePartitionState, encodeFence, encodePartitionState } from './partition-codec.ts';
import type { BoundedStrings, PathTotals, SessionState } from './session-state.ts';
import { sampleFence, samplePartition, sampleState } from './session-state-samples.ts';
import { decodeSessionKey, decodeSessionState, encodeSessionState } from './state-codec.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.constantFrom('', '__proto__', '\0', '\ud800', 'a\udfff', '\ufffd', 'x'.repeat(5_000)),
);
const time = fc.integer({ min: -1_000_000, max: 4_102_444_800_000 });
const count = fc.oneof(fc.nat(), fc.maxSafeNat());
const big = fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n });
const strings: fc.Arbitrary<BoundedStrings> = fc.record({
  values: fc.uniqueArray(text, { maxLength: 5 }).map((values) => values.sort()),
  overflowed: fc.boolean(),
});
const mapOf = <K, V>(key: fc.Arbitrary<K>, value: fc.Arbitrary<V>) =>
  fc.array(fc.tuple(key, value), { maxLength: 6 }).map((entries) => new Map(entries));
const pathTotals: fc.Arbitrary<PathTotals> = fc.record({
  requests: count,
  errors: count,
  unpriced: count,
  costPico: big,
  promptTokens: big,
  completionTokens: big,
  latencyMsSum: big,
  firstAt: time,
  lastAt: time,
});
const stateWithoutSteps: fc.Arbitrary<Omit<SessionState, 'steps'>> = fc.record({
  tenantId: text,
  sessionId: text,
  partition: fc.nat({ max: 4_095 }),
  applied: fc.integer({ min: -1, max: 2 ** 44 - 1 }),
  snapshotVersion: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  publishedCreatedAt: fc.option(time),
  createdAt: time,
  latestRequestAt: time,
  latestResponseAt: time,
  lastReceivedAt: time,
  latestName: fc.option(fc.record({ name: text, at: time, eventId: fc.oneof(text, fc.uuid()) })),
  names: strings,
  userIds: strings,
  models: strings,
  providers: strings,
  statuses: mapOf(fc.integer({ min: -1_000, max: 1_000 }), count),
  statusesOverflowed: fc.boolean(),
  properties: mapOf(text, strings),
  propertiesOverflowed: fc.boolean(),
  bodiesDeleted: fc.boolean(),
  requests: count,
  errors: count,
  unpriced: count,
  costPico: big,
  promptTokens: big,
  completionTokens: big,
  reasoningTokens: big,
  promptCacheReadTokens: big,
  promptCacheWriteTokens: big,
  promptAudioTokens: big,
  completionAudioTokens: big,
  latencyMsSum: big,
  latencyBuckets: mapOf(fc.integer({ min: -1, max: 1_100 }), count),
  paths: mapOf(text, pathTotals),
  otherPaths: fc.option(pathTotals),
  chosenIds: mapOf(
    fc.oneof(
      text,
      fc.uuid(),
      fc.uuid().map((id) => id.toUpperCase()),
    ),
    fc.nat(),
  ).map(byUniqueOffset),
  tag: fc.option(text),
  feedback: fc.option(fc.boolean()),
  scores: mapOf(text, fc.double()),
});

const state: fc.Arbitrary<SessionState> = stateWithoutSteps.chain((rest) =>
  fc
    .option(
      fc.array(
        fc.record({
          at: time,
          path: fc.oneof(fc.constantFrom(null, ...rest.paths.keys()), text),
          isError: fc.boolean(),
          costPico: big,
        }),
        { maxLength: 6 },
      ),
    )
    .map((steps) => ({ ...rest, steps })),
);

function byUniqueOffset(ids: Map<string, number>): Map<string, number> {
  return new Map([...ids.keys()].map((id, i) => [id, i * 3]));
}

function reversed<K, V>(map: ReadonlyMap<K, V>): Map<K, V> {
  return new Map([...map].reverse());
}

describe('packed session state', () => {
  test('gives back every state exactly', () => {
    fc.assert(
      fc.property(state, (original) => {
        const packed = encodeSessionState(original);
        expect(decodeSessionState(packed)).toEqual(original);
        expect(decodeSessionKey(packed)).toEqual({ tenantId: original.tenantId, sessionId: original.sessionId });
      }),
      { numRuns: 300 },
    );
  });

  test('is the same for equal states, whatever the order in which their maps were filled', () => {
    fc.assert(
      fc.property(state, (original) => {
        const other: SessionState = {
          ...original,
          statuses: reversed(original.statuses),
          properties: reversed(original.properties),
          latencyBuckets: reversed(original.latencyBuckets),
          paths: reversed(original.paths),
          chosenIds: reversed(original.chosenIds),
          scores: reversed(original.scores),
        };
        expect(encodeSessionState(other).equals(encodeSessionState(original))).toBe(true);
      }),
    );
  });

  test('keeps chosen ids ascending by offset', () => {
    const ids = new Map([
      ['late', 9],
      ['early', 2],
      ['a3bb189e-8bf9-3888-9912-ace4e6543002', 5],
    ]);
    const unpacked = decodeSessionState(encodeSessionState(sampleState('s', 1, { chosenIds: ids })));
    expect([...unpacked.chosenIds.values()]).toEqual([2, 5, 9]);
  });

  test('is read as it was packed before bodies could be deleted', () => {
    const before = encodeSessionState(sampleState('s', 1)).subarray(0, -2);
    before[0] = 1;
    expect(decodeSessionState(before)).toEqual(sampleState('s', 1, { steps: null }));
  });

  test('is read as it was packed before steps were kept: unknown, unless there was no call yet', () => {
    for (const requests of [0, 1]) {
      const before = encodeSessionState(sampleState('s', requests, { bodiesDeleted: true })).subarray(0, -1);
      before[0] = 2;
      const read = sampleState('s', requests, { bodiesDeleted: true, steps: requests === 0 ? [] : null });
      expect(decodeSessionState(before)).toEqual(read);
    }
  });

  test('takes less than ten bytes for a step of an ordinary session', () => {
    const steps = Array.from({ length: 20 }, (_, index) => ({
      at: 1_700_000_000_000 + index * 2_500,
      path: '/plan',
      isError: false,
      costPico: 1_234_567_890n,
    }));
    const [without, one, all] = [[], steps.slice(0, 1), steps].map(
      (kept) => encodeSessionState(sampleState('s', 1, { steps: kept })).length,
    );
    expect(one! - without!).toBeLessThan(14);
    expect((all! - one!) / 19).toBeLessThan(10);
  });

  test('is refused as corrupt when its version is unknown', () => {
    const packed = encodeSessionState(sampleState('s', 1));
    packed[0] = 4;
    expect(() => decodeSessionState(packed)).toThrow(expect.objectContaining({ code: 'corrupt', retryable: false }));
  });

  test('is refused as corrupt when it is cut, longer, or other bytes altogether', () => {
    const packed = encodeSessionState(
      sampleState('s', 3, { chosenIds: new Map([['a3bb189e-8bf9-3888-9912-ace4e6543002', 5]]) }),
    );
    const corrupt = expect.objectContaining({ code: 'corrupt' });
    for (let length = 0; length < packed.length; length++) {
      expect(() => decodeSessionState(packed.subarray(0, length))).toThrow(corrupt);
    }
    expect(() => decodeSessionState(Buffer.concat([packed, Buffer.of(0)]))).toThrow(corrupt);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => decodeSessionState(Buffer.concat([Buffer.of(1), bytes]))).toThrow(corrupt);
      }),
    );
  });

  test('refuses numbers that are not whole', () => {
    expect(() => encodeSessionState(sampleState('s', 1, { requests: 1.5 }))).toThrow(RangeError);
    expect(() => encodeSessionState(sampleState('s', 1, { createdAt: Number.NaN }))).toThrow(RangeError);
  });
});

describe('packed partition state', () => {
  test('gives back producers and unpublished sessions, and refuses damage', () => {
    const original = samplePartition(7, {
      producers: new Map([['p', { lastSeq: 3, holes: [[1, 1]], lastSeenAt: 5, closed: true }]]),
      checkpoints: [
        { offset: -1, at: 1_700_000_000_000 },
        { offset: 7, at: 1_700_000_060_000 },
      ],
      unpublished: [{ tenantId: 't', sessionId: '\ud800' }],
    });
    const packed = encodePartitionState(original);
    expect(decodePartitionState(packed, original.fence)).toEqual(original);
    for (let length = 0; length < packed.length; length++) {
      expect(() => decodePartitionState(packed.subarray(0, length), original.fence)).toThrow(
        expect.objectContaining({ code: 'corrupt' }),
      );
    }
  });

  test('gives back fences, equal ones as equal bytes', () => {
    const fence = { logId: 'lög', offset: -1, epoch: 0 };
    expect(decodeFence(encodeFence(fence))).toEqual(fence);
    expect(encodeFence(sampleFence(4)).equals(encodeFence(sampleFence(4)))).toBe(true);
    expect(() => decodeFence(Buffer.from('damaged'))).toThrow(expect.objectContaining({ code: 'corrupt' }));
  });
});
