import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { encodeRows } from '@throughline/analytics/tables';
import { encodeEvent } from '@throughline/contracts/event-codec';
import type { NewEvent } from '@throughline/contracts/request-event';
import { requestEvent } from '@throughline/event-log/contract-events';
import { EventLogError } from '@throughline/event-log/event-log';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { systemDeadLetters } from '../../src/system-dead-letters.ts';

const stack = new AsyncDisposableStack();
let analytics: AnalyticsStore;
const SEEN_AT = Date.UTC(2026, 0, 2, 3, 4, 5);

beforeAll(async () => {
  const dir = stack.adopt(await createTempDir('system-dead-letters'), (one) => one.remove());
  analytics = stack.adopt(await openEmbeddedAnalytics({ dir: dir.path }), (one) => one.close());
  const event = { ...requestEvent(), producer: { id: 'p', seq: 0 }, partition: 2, received_at: SEEN_AT };
  const rows = [encodeEvent(event), Buffer.from([0xc1])].map((bytes, offset) => ({
    source_partition: 2,
    source_offset: offset,
    step: 'decode',
    reason: 'a defect',
    bytes,
    seen_at: SEEN_AT + offset,
    version: 1n,
  }));
  await analytics.insert(encodeRows('dead_letters', rows));
});
afterAll(() => stack.disposeAsync());

const place = (offset: number) => ({ partition: 2, offset });

test('letters are listed, read as far as they can be, and tried again', async () => {
  const appended: NewEvent[] = [];
  const letters = systemDeadLetters(analytics, {
    append: async (event) => ({ partition: appended.push(event) + 6 }),
    bytesMax: 1_000_000,
  });
  expect((await letters.deadLetters()).map(({ offset }) => offset)).toEqual([1, 0]);
  expect(await letters.deadLetter(place(0))).toMatchObject({ reason: 'a defect', event: { kind: 'request' } });
  expect(await letters.deadLetter(place(1))).toMatchObject({ event: null, bytes: Buffer.from([0xc1]) });
  expect(await letters.deadLetter(place(7))).toBeUndefined();
  expect(await letters.replay(place(0))).toEqual({ outcome: 'appended', partition: 7 });
  expect(appended).toMatchObject([{ kind: 'request', replay_of: '2:0' }]);
  expect(await letters.replay(place(1))).toMatchObject({ outcome: 'refused', reason: expect.any(String) });
  expect(await letters.replay(place(7))).toEqual({ outcome: 'unknown' });
  expect(appended).toHaveLength(1);
});

test('what is too large for the way there is refused, and a log that takes nothing is said to', async () => {
  const full = async () => Promise.reject(new EventLogError('full', 'no room'));
  const small = systemDeadLetters(analytics, { append: full, bytesMax: 10 });
  expect(await small.replay(place(0))).toMatchObject({
    outcome: 'refused',
    reason: expect.stringContaining('throughline dead-letters replay'),
  });
  const letters = systemDeadLetters(analytics, { append: full, bytesMax: 1_000_000 });
  await expect(letters.replay(place(0))).rejects.toMatchObject({ code: 'annotation-refused' });
});
