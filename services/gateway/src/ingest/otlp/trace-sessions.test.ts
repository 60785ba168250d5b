import { expect, test } from '@jest/globals';
import { TraceSessions } from './trace-sessions.ts';

const session = (id: string) => ({ id, rule: 'otlp-session-id' as const });

test('knows the session of a trace, of its owner alone, until the trace has not been heard of for an hour', () => {
  let now = 0;
  const sessions = new TraceSessions({ now: () => now });
  sessions.note('acme', 't', session('s'));
  expect(sessions.of('acme', 't')).toEqual(session('s'));
  expect(sessions.of('other', 't')).toBeUndefined();
  now = 3_600_000;
  expect(sessions.of('acme', 't')).toEqual(session('s'));
  sessions.note('acme', 't', 'several');
  now = 7_200_000;
  expect(sessions.of('acme', 't')).toBe('several');
  now++;
  expect(sessions.of('acme', 't')).toBeUndefined();
});

test('holds no more than ten thousand traces, those heard of last, and no ids that are none', () => {
  const sessions = new TraceSessions({ now: () => 0 });
  sessions.note('acme', 'first', session('s'));
  sessions.note('acme', 'long', session('x'.repeat(513)));
  for (let i = 1; i < 10_000; i++) sessions.note('acme', `t${i}`, session('s'));
  expect(sessions.of('acme', 'long')).toBeUndefined();
  sessions.note('acme', 'first', session('s'));
  sessions.note('acme', 'one more', session('s'));
  expect(sessions.of('acme', 'first')).toEqual(session('s'));
  expect(sessions.of('acme', 't1')).toBeUndefined();
  expect(sessions.of('acme', 't2')).toEqual(session('s'));
});
