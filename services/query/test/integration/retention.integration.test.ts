import { expect, test } from '@jest/globals';
import { sampleBodyRow, sampleRequestRow, sampleSessionRow } from '@throughline/analytics/sample-rows';
import { encodeRows } from '@throughline/analytics/tables';
import type { Deletion } from '@throughline/contracts/annotation';
import type { NewAnnotationEvent, NewEvent } from '@throughline/contracts/request-event';
import { applyRetention, type RetentionSettings } from '../../src/retention/apply-retention.ts';
import { storeTenant } from '../../src/tenants/tenants.ts';
import { useQueryServer } from '../use-query-server.ts';

const NOW = Date.UTC(2026, 9, 1);
const DAY = 86_400_000;
const days = (count: number) => NOW - count * DAY;

interface Recorded {
  readonly tenant: string;
  readonly session: string;
  readonly partition?: number;
  readonly lastDay: number;
  readonly receivedDay?: number;
}

const RECORDED: readonly Recorded[] = [
  { tenant: 'default', session: 'old', lastDay: 40 },
  { tenant: 'default', session: 'elsewhere', partition: 3, lastDay: 40 },
  { tenant: 'default', session: 'recent', lastDay: 20 },
  // Logged late: its calls are long over, and it came a moment ago.
  { tenant: 'default', session: 'imported', lastDay: 300, receivedDay: 1 },
  { tenant: 'default', session: '', lastDay: 40 },
  { tenant: 'default', session: '', partition: 2, lastDay: 20 },
  { tenant: 'strict', session: 'old', lastDay: 40 },
  { tenant: 'strict', session: 'recent', lastDay: 20 },
  { tenant: 'strict', session: 'new', lastDay: 1 },
];

const opened = useQueryServer(async (analytics) => {
  const requests = RECORDED.map(({ tenant, session, partition = 0, lastDay, receivedDay = lastDay }, i) =>
    sampleRequestRow(i, {
      tenant_id: tenant,
      session_id: session,
      source_partition: partition,
      ordered_at: days(lastDay),
      received_at: days(receivedDay),
    }),
  );
  await analytics.insert(encodeRows('requests', requests));
  const bodies = requests.map((row, i) => sampleBodyRow(i, row));
  await analytics.insert(
    encodeRows(
      'request_bodies',
      bodies.map(({ request_body, request_encoding, response_body, response_encoding }, i) => {
        const { tenant_id, session_id, ordered_at, request_id, source_partition, source_offset } = requests[i]!;
        const { received_at, version } = requests[i]!;
        const key = { tenant_id, session_id, ordered_at, request_id, source_partition, source_offset };
        return { ...key, received_at, version, request_body, request_encoding, response_body, response_encoding };
      }),
    ),
  );
  const sessions = RECORDED.filter(({ session }) => session !== '');
  await analytics.insert(
    encodeRows(
      'sessions',
      sessions.map(({ tenant, session, partition = 0, lastDay, receivedDay = lastDay }, i) =>
        sampleSessionRow(i, {
          tenant_id: tenant,
          session_id: session,
          source_partition: partition,
          latest_request_at: days(lastDay),
          last_received_at: days(receivedDay),
        }),
      ),
    ),
  );
  const strict = { id: 'strict', name: 'strict', createdAtMs: days(400), disabledAtMs: null };
  await storeTenant(analytics, { ...strict, retentionDays: 10, bodyRetentionDays: null }, NOW);
});

/** Deletions asked for with these settings, by tenant. */
async function asked(settings: Partial<RetentionSettings>): Promise<Record<string, Omit<Deletion, 'id'>[]>> {
  const events: NewAnnotationEvent[] = [];
  const appended = await applyRetention({
    analytics: opened.analytics,
    appender: {
      partitions: 4,
      append: async (event: NewEvent) => {
        events.push(event as NewAnnotationEvent);
        return { partition: 0, offset: 0, stamp: { producer: { id: 'p', seq: 0 }, partition: 0, received_at: NOW } };
      },
    },
    settings: { retentionDays: undefined, bodyRetentionDays: undefined, ...settings },
    clock: { now: () => NOW },
  });
  expect(appended).toBe(events.length);
  const tenants: Record<string, Omit<Deletion, 'id'>[]> = {};
  for (const { tenant_id, change } of events) {
    const { id, ...rest } = change as Deletion;
    expect(id).not.toBe('');
    tenants[tenant_id] ??= [];
    tenants[tenant_id].push(rest);
  }
  return tenants;
}

const STRICT = [
  {
    kind: 'delete-sessions',
    partition: 0,
    sessions: ['old', 'recent'],
    reason: 'retention',
    inactive_since: days(10),
  },
];

test('asks for nothing of tenants that keep everything', async () => {
  expect(await asked({})).toEqual({ strict: STRICT });
});

test('asks for whole sessions by their last activity, and for calls without one, by partition', async () => {
  expect(await asked({ retentionDays: 30 })).toEqual({
    default: [
      { kind: 'delete-sessions', partition: 0, sessions: ['old'], reason: 'retention', inactive_since: days(30) },
      { kind: 'delete-sessions', partition: 3, sessions: ['elsewhere'], reason: 'retention', inactive_since: days(30) },
      { kind: 'delete-calls', partition: 0, before: days(30) },
    ],
    strict: STRICT,
  });
});

test('asks for bodies that go earlier than their sessions', async () => {
  const { default: ofDefault, strict } = await asked({ retentionDays: 30, bodyRetentionDays: 15 });
  expect(ofDefault!.slice(3)).toEqual([
    { kind: 'delete-bodies', partition: 0, sessions: ['old', 'recent'], inactive_since: days(15) },
    { kind: 'delete-bodies', partition: 3, sessions: ['elsewhere'], inactive_since: days(15) },
    { kind: 'delete-call-bodies', partition: 0, before: days(15) },
    { kind: 'delete-call-bodies', partition: 2, before: days(15) },
  ]);
  // Its sessions go before their bodies would.
  expect(strict).toEqual(STRICT);
});
