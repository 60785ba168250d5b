import { expect, test } from '@jest/globals';
import type { PartitionState, ProducerProgress } from '@throughline/session-totals/session-totals';
import { reflectedUntil } from './reflected-until.ts';

const seen = (lastSeenAt: number): ProducerProgress => ({ lastSeq: 0, holes: [], lastSeenAt, closed: false });

function state(committedAt: number, ...producers: ProducerProgress[]): PartitionState {
  return {
    fence: { logId: 'log', offset: 1, epoch: 1 },
    producers: new Map(producers.map((progress, index) => [`producer-${index}`, progress])),
    tenants: new Map(),
    checkpoints: [],
    recentExceptions: [],
    unpublished: [],
    committedAt,
  };
}

test('a backlog is reflected up to the newest event applied, whenever that was committed', () => {
  expect(reflectedUntil(state(9_000, seen(1_000), seen(2_000)))).toBe(2_000);
});

test('a clock that is ahead promises nothing beyond the commit', () => {
  expect(reflectedUntil(state(9_000, seen(99_000)))).toBe(9_000);
});

test('an empty partition is as of its commit', () => {
  expect(reflectedUntil(state(9_000))).toBe(9_000);
});
