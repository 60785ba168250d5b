import { describe, expect, test } from '@jest/globals';
import { encodeEvent } from '@throughline/contracts/event-codec';
import type { LogEvent, NewEvent } from '@throughline/contracts/request-event';
import { samplePartition } from '@throughline/session-totals/session-state-samples';
import type { PartitionState } from '@throughline/session-totals/session-totals';
import fc from 'fast-check';
import { type Call, callEvent } from '../../test/calls.ts';
import { sessionKeyText } from '../session-key-text.ts';
import { type DecidableEntry, decideStep, type LoggedEntry } from './decide-step.ts';
import { decodeEntriesStep } from './decode-entries-step.ts';
import { foldStep } from './fold-step.ts';

const CONTEXT = { partition: 7, outboxAgeMaxHours: 168, now: 1_700_000_000_000 };

function entry(offset: number, event: NewEvent, producer: string, seq: number, receivedAt = 1_700_000_000_000) {
  const stamped = { ...event, producer: { id: producer, seq }, partition: 0, received_at: receivedAt } as LogEvent;
  return decodeEntriesStep({ offset, bytes: encodeEvent(stamped) }, 7) as LoggedEntry;
}

function call(offset: number, seq: number, chosenId?: string): LoggedEntry {
  return entry(offset, callEvent({ tenant: 't', session: 's', chosenId }), 'p', seq);
}

function decide(entries: readonly DecidableEntry[], state: PartitionState = samplePartition(-1)) {
  return decideStep(entries, state, new Map(), CONTEXT);
}

describe('deciding about a batch', () => {
  test('makes one row or one exception of each offset, stamped with the owner’s epoch', () => {
    const base = { schema_version: 1, event_id: 'e', tenant_id: 't' };
    const batch = decide([
      call(0, 0, 'id'),
      call(1, 0),
      call(2, 1, 'id'),
      entry(3, { ...base, kind: 'refused', reason: 'full\ud800', count: 9, first_at: 1, last_at: 2 }, 'p', 2),
      entry(4, { ...base, kind: 'closed', last_seq: 2 }, 'p', -1),
      decodeEntriesStep({ offset: 5, bytes: Buffer.from('?') }, 7) as LoggedEntry,
      { kind: 'lost', offset: 6, through: 9, reason: 'cut' },
    ]);
    expect(batch.rows.map((row) => row.source_offset)).toEqual([0]);
    expect(batch.bodies.map((row) => row.source_offset)).toEqual([0]);
    expect(batch.rows[0]!.version).toBe((0n << 20n) | 1n);
    expect(
      batch.exceptions.map(({ source_offset, through_offset, kind, count, producer_seq }) => {
        return [source_offset, through_offset, kind, count, producer_seq];
      }),
    ).toEqual([
      [1, 1, 'resent', 1, 0],
      [2, 2, 'duplicate', 1, 1],
      [3, 3, 'refused', 9, 2],
      // The number that a producer ended with travels with it, so that it can be read back.
      [4, 4, 'control', 1, 2],
      [5, 5, 'dead', 1, -1],
      [6, 9, 'lost', 4, -1],
    ]);
    expect(
      batch.exceptions.every(({ source_partition, reason }) => source_partition === 7 && reason.isWellFormed()),
    ).toBe(true);
    expect(batch.deadLetters).toMatchObject([{ source_offset: 5, step: 'decode', bytes: Buffer.from('?') }]);
    expect(batch.through).toBe(9);
    expect(batch.producers.get('p')).toMatchObject({ lastSeq: 2, closed: true, holes: [] });
  });

  test('keeps the number of an event whose body cannot be read, so that a resend of it is none', () => {
    const dead = { ...call(0, 0), kind: 'dead', step: 'read-call', reason: 'x', bytes: Buffer.of(1) } as LoggedEntry;
    const batch = decide([dead, call(1, 0)]);
    expect(batch.rows).toEqual([]);
    expect(batch.exceptions.map(({ kind }) => kind)).toEqual(['dead', 'resent']);
  });

  test('tells a retry from a first call that only the tables still know', () => {
    const stored = decide([call(0, 0, 'id')]).rows[0]!;
    const batch = decide([{ kind: 'stored-row', offset: 0, through: 0, row: stored }, call(1, 1, 'id'), call(2, 2)]);
    expect(batch.storedRows).toEqual([stored]);
    expect(batch.rows.map(({ source_offset }) => source_offset)).toEqual([2]);
    expect(batch.exceptions.map(({ kind }) => kind)).toEqual(['duplicate']);
    expect(batch.producers.get('p')).toMatchObject({ lastSeq: 2, holes: [] });
  });

  test('bounds the reason that someone else gave', () => {
    const base = { schema_version: 1, event_id: 'e', tenant_id: 't', kind: 'refused' as const };
    const long = { ...base, reason: 'x'.repeat(100_000), count: 1, first_at: 1, last_at: 1 };
    expect(decide([entry(0, long, 'p', 0)]).exceptions[0]!.reason).toHaveLength(1_000);
  });

  test('decides the same however the log is cut into batches', () => {
    const step = fc.record({
      seq: fc.nat(12),
      producer: fc.constantFrom('a', 'b'),
      chosenId: fc.option(fc.constantFrom('x', 'y', 'z'), { nil: undefined }),
      session: fc.constantFrom('s', 't', undefined),
      isPoison: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 9 })),
        (steps, cuts) => {
          const entries = steps.map(({ seq, producer, chosenId, session, isPoison }, offset) => {
            if (isPoison && seq === 0) return decodeEntriesStep({ offset, bytes: Buffer.of(0xc1) }, 7) as LoggedEntry;
            const said: Call = { tenant: 't', session, chosenId };
            return entry(offset, callEvent(said), producer, seq);
          });
          const whole = run(entries, [entries.length]);
          expect(run(entries, cuts)).toEqual(whole);
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** Batches of the sizes given, then the rest, each on what the ones before left. */
function run(entries: readonly LoggedEntry[], cuts: readonly number[]) {
  let state = samplePartition(-1);
  const sessions = new Map();
  const rows: number[] = [];
  const exceptions: [number, string][] = [];
  for (let at = 0, cut = 0; at < entries.length; cut++) {
    const size = cuts[cut] ?? entries.length;
    const batch = decideStep(entries.slice(at, at + size), state, sessions, CONTEXT);
    const folded = foldStep(batch.rows, batch.annotations, sessions);
    for (const session of folded.sessions) sessions.set(sessionKeyText(session), session);
    state = {
      ...state,
      fence: { ...state.fence, offset: batch.through },
      producers: batch.producers,
      tenants: folded.tenantsAfter(state.tenants, batch.exceptions),
    };
    rows.push(...batch.rows.map(({ source_offset }) => source_offset));
    exceptions.push(...batch.exceptions.map(({ source_offset, kind }): [number, string] => [source_offset, kind]));
    at += size;
  }
  const { producers, tenants, fence } = state;
  return { rows, exceptions, sessions, producers, tenants, fence };
}
