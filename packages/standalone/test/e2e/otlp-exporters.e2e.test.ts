import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
}, SETUP_MS_MAX);
afterAll(() => instance?.stop(), SETUP_MS_MAX);

const MODEL = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o-mini',
  'gen_ai.response.model': 'gpt-4o-mini',
  'gen_ai.response.finish_reasons': ['stop'],
  'gen_ai.usage.input_tokens': 1_000,
  'gen_ai.usage.output_tokens': 500,
};

test.each([
  ['JSON', '/v1/traces'],
  ['JSON', '/v1/trace/log'],
  ['protobuf', '/v1/traces'],
  ['protobuf', '/v1/trace/log-python'],
])("OpenTelemetry's exporter of %s makes a session of a trace at %s", async (encoding, path) => {
  const Exporter = encoding === 'JSON' ? JsonExporter : ProtobufExporter;
  const { url, key } = instance.throughline;
  const exporter = new Exporter({
    url: url + path,
    headers: { authorization: `Bearer ${key}` },
    ...(encoding === 'protobuf' && { compression: 'gzip' as never }),
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'agent' }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('test');
  const sessionId = `otlp-${randomUUID()}`;

  const root = tracer.startSpan('outline', {
    attributes: { 'gen_ai.operation.name': 'invoke_agent', 'session.id': sessionId, 'user.id': 'ada' },
  });
  const inRoot = trace.setSpan(context.active(), root);
  const chat = tracer.startSpan('chat gpt-4o-mini', { attributes: MODEL }, inRoot);
  tracer.startSpan('POST', { attributes: { 'http.request.method': 'POST' } }, trace.setSpan(inRoot, chat)).end();
  chat.end();
  const tool = tracer.startSpan(
    'execute_tool search',
    { attributes: { 'gen_ai.operation.name': 'execute_tool' } },
    inRoot,
  );
  tool.recordException(new Error('not found'));
  tool.setStatus({ code: SpanStatusCode.ERROR, message: 'not found' });
  tool.end();
  root.end();
  await provider.forceFlush();
  await provider.shutdown();

  const stored = await instance.storedSession(sessionId, 3);
  const byPath = new Map(stored.map((step) => [step.session_path, step]));
  const traceId = root.spanContext().traceId;
  expect(byPath.get('/outline')).toMatchObject({ step_kind: 'data', trace_id: traceId, parent_span_id: null });
  const llm = byPath.get('/outline/chat gpt-4o-mini');
  expect(llm).toMatchObject({
    step_kind: 'llm',
    provider: 'OPENAI',
    model: 'gpt-4o-mini',
    prompt_tokens: 1_000,
    completion_tokens: 500,
    usage_complete: true,
    request_user_id: 'ada',
    trace_id: traceId,
    span_id: chat.spanContext().spanId,
    parent_span_id: root.spanContext().spanId,
  });
  // USD per million tokens of gpt-4o-mini: 0.15 in, 0.60 out.
  expect(llm!.cost).toBeCloseTo((1_000 * 0.15 + 500 * 0.6) / 1e6, 12);
  expect(byPath.get('/outline/execute_tool search')).toMatchObject({
    step_kind: 'tool',
    model: 'tool:search',
    error: { type: 'Error', message: 'not found' },
  });
  const session = await instance.api.session(sessionId);
  expect(session).toMatchObject({ total_requests: 3, error_count: 1, cost_complete: true });
});

test('an export that is sent again is counted once', async () => {
  const { url, key } = instance.throughline;
  const sessionId = `otlp-${randomUUID()}`;
  const attributes = [
    { key: 'session.id', value: { stringValue: sessionId } },
    { key: 'gen_ai.system', value: { stringValue: 'openai' } },
  ];
  const span = (spanId: string) => ({
    traceId: randomUUID().replaceAll('-', ''),
    spanId,
    name: 'chat',
    startTimeUnixNano: `${Date.now()}000000`,
    endTimeUnixNano: `${Date.now()}000000`,
    attributes,
  });
  const send = async (spans: object[]) => {
    const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body });
    expect([answer.status, await answer.json()]).toEqual([200, {}]);
  };
  const first = [span('00000000000000a1'), span('00000000000000a2')];
  await send(first);
  await send(first);
  await send([...first, span('00000000000000a3')]);
  await instance.storedSession(sessionId, 3);
  expect(await instance.api.session(sessionId)).toMatchObject({ total_requests: 3 });
});
