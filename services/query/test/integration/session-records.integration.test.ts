import { createHash } from 'node:crypto';
import { expect, jest, test } from '@jest/globals';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { sampleRequestRow } from '@throughline/analytics/sample-rows';
import type { RecordedCall } from '@throughline/contracts/recorded-call';
import type { RequestBodyRow, RequestRow } from '@throughline/contracts/request-row';
import { collect } from '@throughline/testkit/collect';
import { type BodyKey, readBodies } from '../../src/queries/read-bodies.ts';
import { createSessionRecords } from '../../src/queries/session-records.ts';
import { FIXTURES_AT, fixturesOf } from '../fixtures.ts';
import { store } from '../query-server.ts';
import { useQueryServer } from '../use-query-server.ts';

jest.setTimeout(120_000);

const CALLS = 450;
const LARGE = 5 * 1024 * 1024;

function callRow(index: number, more: Partial<RequestRow> = {}): RequestRow {
  const at = FIXTURES_AT + Math.floor(index / 3) * 1_000;
  return sampleRequestRow(index, {
    tenant_id: 'acme',
    session_id: 'recorded',
    session_path: `/step/${index % 7}`,
    request_at: at,
    ordered_at: at,
    first_byte_at: index % 2 === 0 ? at + 40 : null,
    response_at: at + 100,
    latency_ms: 100,
    target_url: 'https://api.openai.com/v1/chat/completions',
    method: 'POST',
    path: '/v1/chat/completions',
    status: 200,
    step_kind: 'llm',
    request_truncated: false,
    response_truncated: false,
    response_headers: [['content-type', 'application/json']],
    ...more,
  });
}

function bodiesOf(row: RequestRow, more: Partial<RequestBodyRow> = {}): RequestBodyRow {
  const { tenant_id, session_id, ordered_at, request_id, source_partition, source_offset, received_at, version } = row;
  return {
    ...{ tenant_id, session_id, ordered_at, request_id, source_partition, source_offset, received_at, version },
    request_body: Buffer.from(`{"n":${source_offset}}`),
    request_encoding: 'utf8',
    response_body: Buffer.from(`{"answer":${source_offset}}`),
    response_encoding: 'utf8',
    ...more,
  };
}

const rows = Array.from({ length: CALLS }, (_, index) => callRow(index));
const odd = [
  callRow(CALLS, { session_id: 'odd', request_truncated: true }),
  callRow(CALLS + 3, { session_id: 'odd' }),
  callRow(CALLS + 6, { session_id: 'odd' }),
  callRow(CALLS + 9, { session_id: 'odd', step_kind: 'tool', target_url: 'custom-model-nopath' }),
  callRow(CALLS + 12, { session_id: 'odd', target_url: 'custom-model-nopath' }),
  callRow(CALLS + 15, { session_id: 'odd', status: -3 }),
];
const others = [callRow(10_000, { tenant_id: 'rival' }), callRow(10_001, { tenant_id: 'rival', session_id: 'theirs' })];

const api = useQueryServer(async (analytics) => {
  const sizes: Partial<RequestBodyRow>[] = [
    {},
    { request_body: Buffer.from([0xff, 0x00]), request_encoding: 'bytes', response_encoding: 'compress' },
    {
      request_body: Buffer.alloc(0),
      request_encoding: 'deleted',
      response_body: Buffer.alloc(0),
      response_encoding: 'missing',
    },
    {},
    {},
    { request_body: Buffer.from('{"model":"a"}'), request_encoding: 'omitted' },
  ];
  const bodies = [
    // Some so large that they are not read with others.
    ...rows.map((row, index) => bodiesOf(row, index % 100 === 7 ? { response_body: Buffer.alloc(LARGE, 'x') } : {})),
    ...odd.map((row, index) => bodiesOf(row, sizes[index])),
    ...others.map((row) => bodiesOf(row)),
  ];
  await store(analytics, fixturesOf([...rows, ...odd, ...others], bodies));
});

type Store = Pick<AnalyticsStore, 'query'>;

async function read(
  tenantId: string,
  sessionId: string,
  store: Store = api.analytics,
): Promise<RecordedCall[] | undefined> {
  const pieces = await createSessionRecords(store).read(tenantId, sessionId);
  return pieces && (await collect(pieces)).flat();
}

/** The same engine, which answers no more than this at once. */
function answering(bytesMax: number): Store {
  return {
    query: (asked) => api.analytics.query({ ...asked, settings: { ...asked.settings, max_result_bytes: bytesMax } }),
  };
}

const bytesOf = (body: RecordedCall['request']) => (body.lack === undefined ? body.bytes : Buffer.alloc(0));
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const textOf = (body: RecordedCall['request']) =>
  body.lack === undefined ? Buffer.from(body.bytes).toString() : body.lack;

test('reads every call of a session once, in the order in which they began', async () => {
  const calls = (await read('acme', 'recorded'))!;
  const sorted = rows.toSorted((a, b) => a.ordered_at - b.ordered_at || (a.request_id < b.request_id ? -1 : 1));
  expect(calls.map(({ requestId }) => requestId)).toEqual(sorted.map(({ request_id }) => request_id));
  calls.forEach((call, at) => {
    const row = sorted[at]!;
    expect(textOf(call.request)).toBe(`{"n":${row.source_offset}}`);
    if (row.source_offset % 100 === 7) expect(textOf(call.response)).toHaveLength(LARGE);
    else expect(textOf(call.response)).toBe(`{"answer":${row.source_offset}}`);
    expect(call).toMatchObject({
      sessionPath: row.session_path,
      method: 'POST',
      path: '/v1/chat/completions',
      status: 200,
      firstByteMs: row.first_byte_at === null ? null : 40,
      latencyMs: 100,
      responseHeaders: [['content-type', 'application/json']],
    });
  });
});

test('reads bodies that are more than the engine answers at once in parts', async () => {
  // In Base64 one of the large ones is less than this, two are more; what rows say of them are a few bytes on the wire.
  const few = answering(1.5 * LARGE);
  const digests = (calls: RecordedCall[] | undefined) =>
    calls!.map(({ request, response, ...call }) => [call, digest(bytesOf(request)), digest(bytesOf(response))]);
  expect(digests(await read('acme', 'recorded', few))).toEqual(digests(await read('acme', 'recorded')));
  const keys = rows.map(
    (row): BodyKey => ({
      ...row,
      ordered_at_ms: String(row.ordered_at),
      source_offset: String(row.source_offset),
    }),
  );
  const asked = async (of: Store) => {
    const found = await readBodies(of, 'acme', keys, Number.MAX_SAFE_INTEGER);
    const texts = [...found].map(([at, { request, response }]) => [
      at,
      digest(request.bytes!),
      digest(response.bytes!),
    ]);
    return new Map(texts.map(([at, ...of]) => [at, of]));
  };
  expect(await asked(few)).toEqual(await asked(api.analytics));
  await expect(asked(answering(LARGE))).rejects.toMatchObject({ code: 'too-large' });
});

test('says of a body why it is not there, and leaves out what went to no provider', async () => {
  const calls = (await read('acme', 'odd'))!;
  expect(
    calls.map(({ status, request, response }) => [status, textOf(request), response.lack ?? response.encoding]),
  ).toEqual([
    [200, 'cut', ''],
    [200, Buffer.from([0xff, 0x00]).toString(), 'compress'],
    [200, 'deleted', 'missing'],
    [-3, 'omitted', ''],
  ]);
});

test('knows nothing of other tenants', async () => {
  expect(await read('acme', 'theirs')).toBeUndefined();
  expect(await read('rival', 'odd')).toBeUndefined();
  expect(await read('rival', 'recorded')).toHaveLength(1);
  expect(await read('acme', 'nobody')).toBeUndefined();
});
