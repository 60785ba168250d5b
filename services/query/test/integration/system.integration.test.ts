import { expect, test } from '@jest/globals';
import { sampleRequestRow } from '@throughline/analytics/sample-rows';
import { encodeRows } from '@throughline/analytics/tables';
import type { LedgerExceptionRow } from '@throughline/contracts/session-row';
import { listActions } from '../../src/audit/audit-log.ts';
import type { SystemPorts } from '../../src/system/system-ports.ts';
import { liveFigures } from '../live-figures.ts';
import { NOW, type QueryServer, startQueryServer } from '../query-server.ts';
import { useQueryServer } from '../use-query-server.ts';

const MINUTE = 60_000;
const minutesAgo = (minutes: number) => NOW - minutes * MINUTE;

const exception = (offset: number, receivedAt: number, more: Partial<LedgerExceptionRow>): LedgerExceptionRow => ({
  source_partition: 0,
  source_offset: offset,
  through_offset: offset,
  kind: 'control',
  reason: '',
  tenant_id: 'acme',
  event_id: '',
  request_id: '',
  producer_id: 'p',
  producer_seq: offset,
  count: 1,
  received_at: receivedAt,
  version: 1n,
  ...more,
});

const opened = useQueryServer(async (analytics) => {
  const rows = [
    { tenant: 'acme', offset: 0, at: minutesAgo(90) },
    { tenant: 'acme', offset: 1, at: minutesAgo(3) },
    { tenant: 'rival', offset: 2, at: minutesAgo(3) + 59_999 },
    { tenant: 'acme', offset: 3, at: minutesAgo(2) },
    { tenant: 'acme', offset: 9, at: minutesAgo(2) },
  ].map(({ tenant, offset, at }, index) =>
    sampleRequestRow(index, {
      tenant_id: tenant,
      source_partition: 0,
      source_offset: offset,
      received_at: at,
      version: 1n,
    }),
  );
  await analytics.insert(encodeRows('requests', rows));
  // Again, as after a crash; and one that was deleted.
  await analytics.insert(encodeRows('requests', rows.slice(1, 2)));
  await analytics.insert(encodeRows('requests', [{ ...rows[3]!, version: 2n, is_deleted: 1 }]));
  await analytics.insert(
    encodeRows('ledger_exceptions', [
      exception(3, minutesAgo(2), { kind: 'deleted' }),
      exception(4, minutesAgo(3), { kind: 'resent' }),
      exception(5, minutesAgo(3), { kind: 'duplicate' }),
      exception(6, minutesAgo(3), { kind: 'refused', count: 40 }),
      exception(7, minutesAgo(2), { kind: 'lost', through_offset: 8, count: 2, reason: 'damaged' }),
    ]),
  );
});

const letter = {
  partition: 0,
  offset: 5,
  step: 'decode',
  reason: 'no event',
  seenAt: '2026-09-30T00:00:00.000Z',
  sizeBytes: 4,
};
const replayed: unknown[] = [];
const system: SystemPorts = {
  mode: 'servers',
  startedAtMs: NOW - 5_000,
  checks: async () => [{ name: 'event log', ok: false, reason: 'full' }],
  logEnds: async () => new Map([[0, 12]]),
  totalsAsOf: () => NOW - 700,
  logBytes: () => undefined,
  outbox: () => ({ events: 2, bytes: 300, oldestMs: 12.4 }),
  totalsSize: async () => ({ sessions: 3, bytes: 4_096 }),
  audit: async () => ({ at: new Date(NOW).toISOString(), clean: true, settled: false, partitions: [] }),
  deadLetters: async () => [letter],
  deadLetter: async ({ offset }) =>
    offset === 5 ? { ...letter, event: null, bytes: Buffer.from('<\u001b>\u00ff') } : undefined,
  replay: async (place) => {
    replayed.push(place);
    return replayed.length === 1
      ? { outcome: 'appended', partition: 1 }
      : { outcome: 'refused', reason: 'it is stored already' };
  },
};

async function withServer(work: (server: QueryServer) => Promise<void>, ports = system): Promise<void> {
  const figures = liveFigures();
  // Nine events applied, the tenth is in rows and in no totals yet.
  for (let offset = 0; offset < 9; offset++) figures.commit({});
  figures.show();
  const server = await startQueryServer(opened.analytics, { live: figures.ports, system: ports });
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

const key = 'acme:operator';

test('each event is in the minute in which it was accepted, once, whatever became of it', () =>
  withServer(async (server) => {
    const { json } = await server.call({ path: '/v1/system/ledger', key });
    expect(json.data).toEqual({
      minutes: [
        {
          at: new Date(minutesAgo(3)).toISOString(),
          accepted: 3,
          logged: 5,
          stored: 2,
          totalled: 2,
          refused: 40,
          exceptions: { resent: 1, duplicate: 1, refused: 1 },
        },
        {
          at: new Date(minutesAgo(2)).toISOString(),
          accepted: 2,
          logged: 4,
          stored: 1,
          totalled: 0,
          refused: 0,
          exceptions: { deleted: 1, lost: 2 },
        },
      ],
      partitions: [{ partition: 0, logged: 12, applied: 9, waiting: 3 }],
      gaps: [{ partition: 0, from: 7, through: 8, found_at: new Date(minutesAgo(2)).toISOString(), reason: 'damaged' }],
    });
    const longer = await server.call({ path: '/v1/system/ledger?minutes=120', key });
    expect(longer.json.data.minutes).toHaveLength(3);
    for (const minutes of ['0', '1441', 'x', '1&minutes=2']) {
      expect(await server.call({ path: `/v1/system/ledger?minutes=${minutes}`, key })).toMatchObject({ status: 400 });
    }
  }));

test('an operator sees versions, sizes and how far everything has come', () =>
  withServer(async (server) => {
    const { json } = await server.call({ path: '/v1/system/status', key });
    expect(json.data).toMatchObject({
      node: process.version,
      mode: 'servers',
      uptime_ms: 5_000,
      totals: { sessions: 3, bytes: 4_096 },
      log_bytes: null,
      partitions: [{ partition: 0, logged: 12, applied: 9, shown: 9, behind_ms: 700 }],
      outbox: { events: 2, bytes: 300, oldest_ms: 12 },
      checks: [{ name: 'event log', ok: false, reason: 'full' }],
    });
    expect(json.data.schema).toBeGreaterThanOrEqual(7);
    expect(json.data.engine).toMatch(/^\d+\.\d+/);
    const requests = json.data.tables.find(({ name }: { name: string }) => name === 'requests');
    expect(requests.rows).toBeGreaterThanOrEqual(5);
    expect(requests.bytes).toBeGreaterThan(0);
    expect(await server.call({ path: '/v1/system/status', key: 'acme:rw' })).toMatchObject({ status: 401 });
  }));

test('what does not answer is null, and the rest is answered', () => {
  const down = async () => Promise.reject(new Error('down'));
  return withServer(
    async (server) => {
      const { status, json } = await server.call({ path: '/v1/system/status', key });
      expect(status).toBe(200);
      expect(json.data).toMatchObject({ totals: null, partitions: [{ logged: null, applied: 9 }] });
    },
    { ...system, logEnds: down, totalsSize: down },
  );
});

test('a dead letter is shown as text that does nothing, and a new try is written down', () =>
  withServer(async (server) => {
    const listed = await server.call({ path: '/v1/system/dead-letters', key });
    expect(listed.json.data).toEqual([
      { partition: 0, offset: 5, step: 'decode', reason: 'no event', seen_at: letter.seenAt, size_bytes: 4 },
    ]);
    const shown = await server.call({ path: '/v1/system/dead-letters/0/5', key });
    expect(shown.json.data).toMatchObject({ event: null, text: '<\\x1b>\\xc3\\xbf', is_whole: true });
    const replay = { method: 'POST', path: '/v1/system/dead-letters/0/5/replay', key };
    expect((await server.call(replay)).json.data).toEqual({ partition: 1 });
    expect(await server.call(replay)).toMatchObject({ status: 400, json: { error: 'it is stored already' } });
    expect(await server.call({ ...replay, path: '/v1/system/dead-letters/0/6/replay' })).toMatchObject({ status: 404 });
    expect(replayed).toHaveLength(2);
    const { entries } = await listActions(opened.analytics, { limit: 10, cursor: undefined });
    expect(entries.map(({ action, target, actor }) => [action, target, actor.keyId])).toEqual([
      ['dead-letter.replay', '0:5', 'acme-operator'],
      ['dead-letter.replay', '0:5', 'acme-operator'],
    ]);
  }));

test('audits that are asked for at the same time are one', () => {
  let audits = 0;
  const done = Promise.withResolvers<void>();
  const audit: SystemPorts['audit'] = async () => {
    audits++;
    await done.promise;
    return await system.audit();
  };
  return withServer(
    async (server) => {
      const call = { method: 'POST', path: '/v1/system/ledger/audit', key };
      const answers = Promise.all([server.call(call), server.call(call)]);
      setTimeout(done.resolve, 200);
      for (const { json } of await answers) expect(json.data).toMatchObject({ clean: true, settled: false });
      expect(audits).toBe(1);
    },
    { ...system, audit },
  );
});
