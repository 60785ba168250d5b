import { afterEach, expect, test } from '@jest/globals';
import { AnalyticsError, type AnalyticsStore } from '@throughline/analytics/analytics-store';
import { createRecordingTracer } from '@throughline/testkit/recording-tracer';
import { waitFor } from '@throughline/testkit/wait-for';
import { NOW, type QueryServer, startQueryServer } from '../../test/query-server.ts';

const LIST = {
  path: '/v1/session/query',
  key: 'acme:rw',
  body: {
    search: 'a secret of the caller',
    timeFilter: { startTimeUnixMs: 0, endTimeUnixMs: NOW },
    timezoneDifference: 0,
    filter: {},
  },
};
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

let server: QueryServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

function store(query: () => Promise<unknown[]>): AnalyticsStore {
  return {
    query: <Row>() => query() as Promise<Row[]>,
    insert: async () => {},
    instanceId: async () => 'stub',
    close: async () => {},
  };
}

test('a call is a span of its caller’s trace, with one below it per query, and neither says what was asked for', async () => {
  const tracer = createRecordingTracer();
  server = await startQueryServer(
    store(async () => []),
    { tracer },
  );
  await server.call({ ...LIST, headers: { traceparent: TRACEPARENT } });
  await waitFor(() => tracer.spans[0]?.endedAt !== undefined);
  const [call, ...queries] = tracer.spans;
  expect(call).toMatchObject({
    name: 'POST /v1/session/query',
    kind: 'server',
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    parentSpanId: '00f067aa0ba902b7',
    failure: undefined,
    attributes: { 'http.response.status_code': 200, 'http.route': '/v1/session/query' },
  });
  expect(queries.length).toBeGreaterThan(0);
  for (const query of queries) {
    expect(query).toMatchObject({ name: 'SELECT', kind: 'client', parentSpanId: call!.spanId, failure: undefined });
    expect(query.endedAt).toBeDefined();
    expect(query.attributes['db.response.returned_rows']).toBe(0);
  }
  expect(JSON.stringify(tracer.spans)).not.toContain('secret');
});

test('a query that fails is a failed span, and so is the call', async () => {
  const tracer = createRecordingTracer();
  const down = new AnalyticsError('unavailable', 'down', { retryable: true });
  server = await startQueryServer(
    store(() => Promise.reject(down)),
    { tracer },
  );
  expect((await server.call(LIST)).status).toBe(503);
  await waitFor(() => tracer.spans[0]?.endedAt !== undefined);
  expect(tracer.spans.map(({ failure }) => failure)).toEqual(['503', 'AnalyticsError:unavailable']);
});

test('whoever has no key makes no spans', async () => {
  const tracer = createRecordingTracer();
  server = await startQueryServer(
    store(async () => []),
    { tracer },
  );
  const { key: _key, ...withoutKey } = LIST;
  expect((await server.call(withoutKey)).status).toBe(401);
  expect(tracer.spans).toEqual([]);
});
