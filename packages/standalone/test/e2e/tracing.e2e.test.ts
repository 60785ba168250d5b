import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type OtlpReceiver, startOtlpReceiver } from '@throughline/testkit/otlp/otlp-receiver';
import type { ReceivedSpan } from '@throughline/testkit/otlp/received-span';
import { answerHeader, rawCall } from '@throughline/testkit/raw-call';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { waitFor } from '@throughline/testkit/wait-for';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

const CHAT = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Trace me' }] };
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const SAMPLED = `00-${TRACE}-${CALLER}-01`;

let cleanUp: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of cleanUp.reverse()) await one[Symbol.asyncDispose]();
  cleanUp = [];
}, SETUP_MS_MAX);

async function start(env: Readonly<Record<string, string>>): Promise<Instance> {
  const instance = await startInstance(env);
  cleanUp.push({ [Symbol.asyncDispose]: () => instance.stop() });
  return instance;
}

async function collector(): Promise<OtlpReceiver> {
  const receiver = await startOtlpReceiver();
  cleanUp.push(receiver);
  return receiver;
}

/** Quicker than the five seconds that spans usually wait for others. */
const traceTo = ({ endpoint }: OtlpReceiver) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_BSP_SCHEDULE_DELAY: '50',
});

/** One recorded call. */
async function call(instance: Instance, sessionId: string, headers: Readonly<Record<string, string>> = {}) {
  const answer = await rawCall({
    url: `${instance.openaiUrl}/chat/completions`,
    headers: { ...instance.session(sessionId), authorization: 'Bearer sk-provider-key', ...headers },
    body: JSON.stringify(CHAT),
  });
  expect(answer.status).toBe(200);
  return {
    requestId: answerHeader(answer, 'Helicone-Id')!,
    exchange: instance.provider.exchange(answerHeader(answer, 'x-fake-exchange')!),
  };
}

const traceHeaders = (headers: readonly (readonly [string, string])[]) =>
  headers.filter(([name]) => /^trace/i.test(name));

test(
  'one call is one trace from the caller’s span over the gateway and the provider to its stored row',
  async () => {
    const receiver = await collector();
    const instance = await start(traceTo(receiver));
    const { requestId, exchange } = await call(instance, 'traced', { traceparent: SAMPLED, tracestate: 'vendor=1' });
    const spans = await receiver.received(3, ({ traceId }) => traceId === TRACE, 'the spans of the call');
    const [row] = await instance.storedSession('traced', 1);

    expect(spans).toHaveLength(3);
    const byName = Object.fromEntries(spans.map((span) => [span.name, span]));
    const server = byName['POST /v1/gateway/{provider}/*']!;
    const client = byName.POST!;
    const store = byName['throughline.store']!;
    expect(server).toMatchObject({ kind: 'server', parentSpanId: CALLER, traceState: 'vendor=1', isError: false });
    expect(client).toMatchObject({ kind: 'client', parentSpanId: server.spanId, isError: false });
    expect(store).toMatchObject({ kind: 'consumer', parentSpanId: server.spanId, isError: false });
    expect(server.scope).toBe('throughline/gateway');
    expect(store.scope).toBe('throughline/session-aggregator');
    // Both threads are one instance of one service.
    expect(store.resource).toEqual(server.resource);
    expect(server.resource['service.name']).toBe('throughline');
    expect(isWithin(client, server)).toBe(true);

    // From the trace to the row and back.
    expect(row).toMatchObject({ trace_id: TRACE, span_id: server.spanId, parent_span_id: CALLER });
    expect(requestId).toBe(row!.request_id);
    expect(store.attributes).toMatchObject({
      'throughline.outcome': 'stored',
      'throughline.event.id': server.attributes['throughline.event.id'],
      'throughline.offset': 0,
      'gen_ai.response.model': expect.stringContaining('gpt-4o-mini'),
      'gen_ai.usage.input_tokens': expect.any(Number),
    });

    // The batch is in a trace of its own, and each knows the other.
    const [batch] = await receiver.received(1, ({ name }) => name === 'throughline.batch', 'the batch');
    expect(batch!.links).toEqual([{ traceId: TRACE, spanId: server.spanId }]);
    expect(store.links).toEqual([{ traceId: batch!.traceId, spanId: batch!.spanId }]);
    const steps = await receiver.received(5, ({ parentSpanId }) => parentSpanId === batch!.spanId, 'its steps');
    expect(steps.map(({ name }) => name).sort()).toEqual([
      'throughline.commit_totals',
      'throughline.decide',
      'throughline.insert_rows',
      'throughline.load_sessions',
      'throughline.publish_snapshots',
    ]);

    expect(traceHeaders(exchange.headers)).toEqual([
      ['traceparent', SAMPLED],
      ['tracestate', 'vendor=1'],
    ]);
    const said = JSON.stringify(receiver.spans, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    for (const secret of [instance.throughline.key, 'sk-provider-key', 'Trace me']) expect(said).not.toContain(secret);
  },
  SETUP_MS_MAX,
);

test(
  'a call without a trace begins one; a call that its caller does not sample has no spans; what is left is handed over at the end',
  async () => {
    const receiver = await collector();
    // Only the end of the process hands anything over.
    const instance = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, OTEL_BSP_SCHEDULE_DELAY: '600000' });
    const unsampled = `00-${TRACE}-${CALLER}-00`;
    const { exchange } = await call(instance, 'unsampled', { traceparent: unsampled });
    const begun = await call(instance, 'begun');
    const row = await instance.stored(begun.requestId);
    expect(receiver.spans).toEqual([]);
    expect(await instance.throughline.kill('SIGTERM')).toEqual({ code: 0, signal: null });

    const calls = receiver.spans.filter(({ name }) => name.startsWith('POST') || name === 'throughline.store');
    expect(calls).toHaveLength(3);
    expect(new Set(calls.map(({ traceId }) => traceId))).toEqual(new Set([row.trace_id]));
    expect(calls.find(({ kind }) => kind === 'server')).toMatchObject({ parentSpanId: '', spanId: row.span_id });
    expect(row.parent_span_id).toBeNull();
    expect(traceHeaders(exchange.headers)).toEqual([['traceparent', unsampled]]);
    expect(traceHeaders(begun.exchange.headers)).toEqual([]);
  },
  SETUP_MS_MAX,
);

describe('a collector', () => {
  test(
    'that does not answer holds up neither calls nor the end',
    async () => {
      const receiver = await collector();
      receiver.behaviour = 'hold';
      const instance = await start(traceTo(receiver));
      for (let i = 0; i < 5; i++) await call(instance, 'held');
      await instance.storedSession('held', 5);
      await waitFor(() => receiver.held >= 2, { what: 'both threads to wait for the collector' });
      const ended = await instance.throughline.kill('SIGTERM');
      expect(ended).toEqual({ code: 0, signal: null });
      expect(receiver.spans).toEqual([]);
      expect(instance.throughline.stdout).toContain('the last spans could not be handed over');
    },
    SETUP_MS_MAX,
  );

  test(
    'that is not there costs a warning of each thread, and no more',
    async () => {
      const receiver = await collector();
      const { endpoint } = receiver;
      await receiver.close();
      const instance = await start({
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        OTEL_BSP_SCHEDULE_DELAY: '10',
        OTEL_EXPORTER_OTLP_TIMEOUT: '20',
      });
      const warnings = () => instance.throughline.stdout.split('tracing: spans may be lost').length - 1;
      for (let i = 0; i < 20; i++) await call(instance, 'alone');
      await instance.storedSession('alone', 20);
      await waitFor(() => warnings() >= 2, { what: 'a warning of each thread' });
      for (let i = 0; i < 20; i++) await call(instance, 'alone');
      await instance.storedSession('alone', 40);
      expect(await instance.throughline.kill('SIGTERM')).toEqual({ code: 0, signal: null });
      expect(warnings()).toBe(2);
      expect(instance.throughline.stdout).not.toMatch(/"level":(50|60)/);
    },
    SETUP_MS_MAX,
  );
});

describe('OpenTelemetry’s modules', () => {
  /** Which threads loaded any of them, of a process that served a call. */
  async function loadedBy(env: Readonly<Record<string, string>>) {
    const dir = await createTempDir('modules');
    cleanUp.push(dir);
    const file = join(dir.path, 'modules.txt');
    const instance = await start({
      ...env,
      REPORT_MODULES_TO: file,
      NODE_OPTIONS: `--import=${new URL('./support/report-modules.mjs', import.meta.url)}`,
    });
    await call(instance, 'loaded');
    await instance.storedSession('loaded', 1);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const threadsOf = (part: string) =>
      [...new Set(lines.filter((line) => line.includes(part)).map((line) => line.split(' ')[0]!))].sort();
    // The report is one: both threads loaded the tracer's port.
    expect(threadsOf('/telemetry/src/tracing.ts')).toEqual(['main', 'worker']);
    return threadsOf('/@opentelemetry/');
  }

  test(
    'are not loaded while tracing is off',
    async () => {
      expect(await loadedBy({})).toEqual([]);
    },
    SETUP_MS_MAX,
  );

  test(
    'are loaded by both threads when it is on',
    async () => {
      expect(await loadedBy(traceTo(await collector()))).toEqual(['main', 'worker']);
    },
    SETUP_MS_MAX,
  );
});

function isWithin(inner: ReceivedSpan, outer: ReceivedSpan): boolean {
  return inner.startNs >= outer.startNs && inner.endNs <= outer.endNs;
}
