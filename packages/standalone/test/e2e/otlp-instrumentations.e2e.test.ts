import { randomUUID } from 'node:crypto';
import { createOpenAI } from '@ai-sdk/openai';
import { LegacyOpenTelemetry, OpenTelemetry } from '@ai-sdk/otel';
import { OpenAIInstrumentation as OpenInference } from '@arizeai/openinference-instrumentation-openai';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { context, type Tracer, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { ApiRequest } from '@throughline/testkit/api-client';
import { OpenAIInstrumentation as OpenLlmetry } from '@traceloop/instrumentation-openai';
import { generateText, jsonSchema, stepCountIs, tool } from 'ai';
import OpenAI from 'openai';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
}, SETUP_MS_MAX);
afterAll(async () => {
  context.disable();
  await instance?.stop();
}, SETUP_MS_MAX);

let provider: TracerProvider;
let tracer: Tracer;
let sessionId: string;
beforeEach(() => {
  const { url, key } = instance.throughline;
  const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces`, headers: { authorization: `Bearer ${key}` } });
  provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'agent' }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  tracer = provider.getTracer('app');
  sessionId = `instrumented-${randomUUID()}`;
});
afterEach(() => provider.shutdown());

/** Calls within a span of the application that names the session, and what became of them. */
async function traced(work: () => Promise<unknown>): Promise<{ traceId: string; spanId: string }> {
  const span = tracer.startSpan('outline', { attributes: { 'session.id': sessionId, 'user.id': 'ada' } });
  await context.with(trace.setSpan(context.active(), span), work);
  span.end();
  await provider.forceFlush();
  return span.spanContext();
}

const USER = { role: 'user', content: 'Which step was slow?' } as const;
const named = (steps: readonly ApiRequest[], kind: string) => steps.filter((step) => step.step_kind === kind);

/** What the provider said it used, of the last calls, oldest first. */
function usages(count: number) {
  return instance.provider.exchanges.slice(-count).map(({ usage }) => usage!);
}

test.each([
  ['OpenLLMetry', OpenLlmetry],
  ['OpenInference', OpenInference],
] as const)(
  '%s around the openai client gives calls their session, parent, tokens and cost',
  async (_name, Instrumentation) => {
    const instrumentation = new Instrumentation();
    instrumentation.setTracerProvider(provider);
    instrumentation.manuallyInstrument(OpenAI as never);
    try {
      // Straight to the provider: this application uses no gateway.
      const openai = new OpenAI({ baseURL: `${instance.provider.origin}/v1`, apiKey: 'sk-provider' });
      const root = await traced(async () => {
        await openai.chat.completions.create({ model: 'gpt-4o-mini', messages: [USER] });
        await openai.chat.completions.create({ model: 'gpt-4o-mini', messages: [USER] });
      });
      const steps = await instance.storedSession(sessionId, 3);
      const used = usages(2);
      const calls = named(steps, 'llm');
      expect(calls).toHaveLength(2);
      for (const call of calls) {
        const usage = used.find(({ completion_tokens }) => completion_tokens === call.completion_tokens)!;
        expect(call).toMatchObject({
          provider: 'OPENAI',
          model: expect.stringMatching(/^gpt-4o-mini/),
          prompt_tokens: usage.prompt_tokens,
          usage_complete: true,
          cost_source: 'table',
          request_user_id: 'ada',
          trace_id: root.traceId,
          parent_span_id: root.spanId,
          error: null,
        });
        expect(call.session_path).toMatch(/^\/outline\/./);
        const stored = await instance.stored(call.request_id);
        expect(stored.request_body).toMatchObject({ messages: [USER] });
      }
      expect(named(steps, 'data')).toMatchObject([{ session_path: '/outline' }]);
    } finally {
      instrumentation.disable();
    }
  },
);

test.each([
  [
    'by its conventions of today',
    OpenTelemetry,
    ['/invoke_agent gpt-4o-mini/step 1', '/invoke_agent gpt-4o-mini/step 2'],
  ],
  ['by those of before', LegacyOpenTelemetry, ['/ai.generateText', '/ai.generateText']],
] as const)('the AI SDK, %s, gives a run its session and counts each call once', async (_how, Telemetry, above) => {
  const openai = createOpenAI({ baseURL: `${instance.provider.origin}/v1`, apiKey: 'sk-provider' });
  instance.provider.enqueue({}, { tools: false });
  const answer = await generateText({
    model: openai.chat('gpt-4o-mini'),
    prompt: USER.content,
    stopWhen: stepCountIs(3),
    tools: {
      search: tool({ description: 'Look', inputSchema: jsonSchema({ type: 'object' }), execute: async () => 'found' }),
    },
    runtimeContext: { 'Helicone-Session-Id': sessionId, userId: 'ada', team: 'blue' },
    telemetry: {
      isEnabled: true,
      functionId: 'outline',
      includeRuntimeContext: { 'Helicone-Session-Id': true, userId: true, team: true },
      integrations: [new Telemetry({ tracer, ...(Telemetry === OpenTelemetry && { runtimeContext: true }) })],
    },
  });
  await provider.forceFlush();
  expect(answer.steps).toHaveLength(2);
  const steps = await instance.storedSession(sessionId, Telemetry === OpenTelemetry ? 6 : 4);
  const calls = named(steps, 'llm');
  expect(calls.map(({ prompt_tokens, completion_tokens }) => [prompt_tokens, completion_tokens])).toEqual(
    usages(2).map(({ prompt_tokens, completion_tokens }) => [prompt_tokens, completion_tokens]),
  );
  for (const [at, call] of calls.entries()) {
    expect(call.session_path!.startsWith(`${above[at]}/`)).toBe(true);
    expect(call).toMatchObject({ provider: 'OPENAI', usage_complete: true, request_user_id: 'ada' });
  }
  expect(named(steps, 'tool')).toMatchObject([{ model: 'tool:search', error: null }]);
  const [root] = steps.filter(({ parent_span_id }) => parent_span_id === null);
  expect(root).toMatchObject({ step_kind: 'data', properties: { team: 'blue' } });
  expect(new Set(steps.map(({ trace_id }) => trace_id))).toEqual(new Set([root!.trace_id]));
  const tokens = (kind: 'prompt_tokens' | 'completion_tokens') =>
    usages(2).reduce((sum, usage) => sum + usage[kind]!, 0);
  expect(await instance.api.session(sessionId)).toMatchObject({
    total_requests: steps.length,
    prompt_tokens: tokens('prompt_tokens'),
    completion_tokens: tokens('completion_tokens'),
    cost_complete: true,
  });
});
