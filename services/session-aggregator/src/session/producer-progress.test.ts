import { describe, expect, test } from '@jest/globals';
import type { ProducerProgress } from '@throughline/session-totals/session-totals';
import fc from 'fast-check';
import { createProducerTracker, PRODUCER_HOLES_MAX } from './producer-progress.ts';

const HOUR = 3_600_000;
const AGE_HOURS = 10;
const REMEMBERED = (AGE_HOURS + 24) * HOUR;
const track = (producers: ReadonlyMap<string, ProducerProgress> = new Map()) =>
  createProducerTracker(producers, AGE_HOURS);

interface Sent {
  readonly id: string;
  readonly seq: number;
  readonly at: number;
}

describe('producer numbers', () => {
  test('are new once, resent ever after', () => {
    const tracker = track();
    const outcomes = [0, 1, 1, 0, 2].map((seq) => tracker.decide({ id: 'p', seq }, 1_000 + seq).outcome);
    expect(outcomes).toEqual(['new', 'new', 'resent', 'resent', 'new']);
    expect(tracker.result()).toEqual(new Map([['p', { lastSeq: 2, holes: [], lastSeenAt: 1_002, closed: false }]]));
  });

  test('name a hole, and let a late number fill it once', () => {
    const tracker = track();
    expect(tracker.decide({ id: 'p', seq: 5 }, 0)).toEqual({ outcome: 'new', hole: [0, 4] });
    expect(tracker.decide({ id: 'p', seq: 2 }, 0)).toEqual({ outcome: 'fills-hole' });
    expect(tracker.decide({ id: 'p', seq: 2 }, 0)).toEqual({ outcome: 'resent' });
    expect(tracker.result().get('p')!.holes).toEqual([
      [0, 1],
      [3, 4],
    ]);
    for (const seq of [0, 1, 3, 4]) expect(tracker.decide({ id: 'p', seq }, 0).outcome).toBe('fills-hole');
    expect(tracker.result().get('p')!.holes).toEqual([]);
  });

  test('that were given and never came are named when their producer closes', () => {
    const tracker = track();
    tracker.decide({ id: 'p', seq: 1 }, 0);
    expect(tracker.close('p', 3, 5)).toEqual([
      [0, 0],
      [2, 3],
    ]);
    expect(tracker.decide({ id: 'p', seq: 3 }, 6).outcome).toBe('fills-hole');
    expect(tracker.result().get('p')).toMatchObject({ closed: true, lastSeq: 3 });
    expect(tracker.close('idle', -1, 5)).toEqual([]);
  });

  test('never count twice, however they are mixed, repeated and cut into batches', () => {
    // A producer numbers its events as it appends them, so a later number never carries an earlier time.
    const pace = fc.constantFrom<readonly [id: string, hours: number]>(['p', 3], ['q', 7], ['__proto__', 11]);
    const event = fc
      .tuple(pace, fc.nat({ max: 12 }))
      .map(([[id, hours], seq]): Sent => ({ id, seq, at: seq * hours * HOUR }));
    const cut = fc.array(fc.nat({ max: 60 }), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), cut, (sent, cuts) => {
        const inOne = track();
        const whole = sent.map((each) => inOne.decide(each, each.at).outcome);

        let progress: ReadonlyMap<string, ProducerProgress> = new Map();
        const cutDecisions: string[] = [];
        const ends = [...cuts, 60].sort((a, b) => a - b);
        let from = 0;
        for (const end of ends) {
          const tracker = track(progress);
          for (const each of sent.slice(from, end)) cutDecisions.push(tracker.decide(each, each.at).outcome);
          progress = tracker.result();
          from = Math.max(from, end);
        }
        expect(cutDecisions).toEqual(whole);
        expect(progress).toEqual(inOne.result());

        const applied = sent.filter((_, i) => whole[i] === 'new' || whole[i] === 'fills-hole');
        expect(new Set(applied.map(({ id, seq }) => `${id} ${seq}`)).size).toBe(applied.length);
      }),
      { numRuns: 2_000 },
    );
  });

  test('of recent events are all applied when each comes at least once', () => {
    const sends = fc.array(fc.record({ id: fc.constantFrom('p', 'q'), seq: fc.nat({ max: 30 }) }), { maxLength: 100 });
    fc.assert(
      fc.property(sends, (sent) => {
        const tracker = track();
        const applied = sent.filter((each) => /new|fills-hole/.test(tracker.decide(each, HOUR).outcome));
        const key = ({ id, seq }: { id: string; seq: number }) => `${id} ${seq}`;
        expect(applied.map(key).sort()).toEqual([...new Set(sent.map(key))].sort());
      }),
    );
  });

  test('of a producer silent for longer than any outbox keeps events are forgotten, and refused if they come again', () => {
    const tracker = track();
    tracker.decide({ id: 'old', seq: 3 }, 0);
    tracker.close('old', 3, 0);
    tracker.decide({ id: 'a', seq: 0 }, REMEMBERED + 1);
    expect(tracker.decide({ id: 'old', seq: 3 }, 0).outcome).toBe('resent');
    tracker.decide({ id: 'b', seq: 0 }, REMEMBERED + 1);
    expect(tracker.decide({ id: 'old', seq: 3 }, 0).outcome).toBe('unknown-old-producer');
    expect(tracker.decide({ id: 'older', seq: 0 }, 0).outcome).toBe('unknown-old-producer');
    expect(tracker.close('old', 3, 0)).toEqual([]);
    expect([...tracker.result().keys()]).toEqual(['a', 'b']);
    expect(track(tracker.result()).decide({ id: 'old', seq: 3 }, 0).outcome).toBe('unknown-old-producer');
  });

  test('of a producer that was only silent go on, without taking its old numbers again', () => {
    const tracker = track();
    tracker.decide({ id: 'quiet', seq: 0 }, 0);
    for (const id of ['a', 'b']) tracker.decide({ id, seq: 0 }, REMEMBERED + 1);
    expect(tracker.decide({ id: 'quiet', seq: 1 }, REMEMBERED + 2)).toEqual({ outcome: 'new', hole: [0, 0] });
    expect(tracker.decide({ id: 'quiet', seq: 0 }, 0).outcome).toBe('unknown-old-producer');
  });

  test('do not all look old because one clock runs far ahead', () => {
    const tracker = track();
    tracker.decide({ id: 'a', seq: 0 }, HOUR);
    tracker.decide({ id: 'from the future', seq: 0 }, 1_000_000 * HOUR);
    expect(tracker.decide({ id: 'b', seq: 0 }, 2 * HOUR).outcome).toBe('new');
  });

  test('remember a bounded number of holes, and then rather skip than count twice', () => {
    const tracker = track();
    for (let i = 0; i <= PRODUCER_HOLES_MAX; i++) tracker.decide({ id: 'p', seq: i * 2 + 1 }, 0);
    expect(tracker.result().get('p')!.holes).toHaveLength(PRODUCER_HOLES_MAX);
    expect(tracker.decide({ id: 'p', seq: 0 }, 0).outcome).toBe('resent');
    expect(tracker.decide({ id: 'p', seq: 2 }, 0).outcome).toBe('fills-hole');
  });
});
