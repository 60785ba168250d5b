import { exportRequestType } from '@throughline/gateway/ingest/otlp/decode-traces';
import { chatAnswer, chatCalls, type PreparedCall, USAGE } from './chat-calls.ts';

export const LOG_PATH = '/custom/v1/log';
export const TRACES_PATH = '/v1/traces';

/** The key that the gateway of a benchmark knows. */
export const LOG_KEY = 'sk-helicone-bench00-bench00-bench00-bench00';

/** As OpenTelemetry's batches are by default. */
export const SPANS_PER_EXPORT = 512;

/** A run of an agent, by its spans: itself, then in turn a call to a model and a tool. */
const SPANS_PER_TRACE = 9;

/** The calls of `chatCalls` with their answers, as `@helicone/helpers` logs them: about 3 kB each. */
export function loggedCalls(key = LOG_KEY): PreparedCall[] {
  const answer = JSON.parse(chatAnswer());
  return chatCalls({ sessionPrefix: 'logged' }).map(({ headers, body }, at) => ({
    headers: { ...headers, authorization: `Bearer ${key}` },
    body: JSON.stringify({
      providerRequest: { url: 'custom-model-nopath', json: JSON.parse(body), meta: {} },
      providerResponse: { headers: {}, status: 200, json: answer },
      timing: {
        startTime: { seconds: 1_790_000_000 + at, milliseconds: 120 },
        endTime: { seconds: 1_790_000_001 + at, milliseconds: 480 },
      },
      provider: 'OPENAI',
    }),
  }));
}

/**
 * Exports of 512 spans of runs of an agent, by OpenTelemetry's conventions: about 1 kB a span in JSON. No id comes twice
 * among exports of different seeds.
 */
export function tracedCalls(
  encoding: 'json' | 'protobuf',
  options: { exports: number; seed?: number; key?: string },
): PreparedCall[] {
  const { exports, seed = 1, key = LOG_KEY } = options;
  const messages = chatCalls().map(({ body }) => JSON.stringify(JSON.parse(body).messages.slice(1)));
  return Array.from({ length: exports }, (_, number) => {
    const spans = Array.from({ length: SPANS_PER_EXPORT }, (_, at) =>
      span(seed, number * SPANS_PER_EXPORT + at, messages[at % messages.length]!, encoding === 'protobuf'),
    );
    return exportCall(encoding, spans, key);
  });
}

/** One export of spans, as their messages in OTLP's schema are. Ids are bytes in protobuf and hex digits in JSON. */
export function exportCall(encoding: 'json' | 'protobuf', spans: readonly object[], key = LOG_KEY): PreparedCall {
  const body = {
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', 'bench')] },
        scopeSpans: [{ scope: { name: 'bench' }, spans }],
      },
    ],
  };
  const headers = { authorization: `Bearer ${key}` };
  if (encoding === 'json') {
    return { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
  }
  const type = exportRequestType();
  return {
    headers: { ...headers, 'content-type': 'application/x-protobuf' },
    body: Buffer.from(type.encode(type.fromObject(body)).finish()).toString('base64'),
    bodyEncoding: 'base64',
  };
}

function span(seed: number, at: number, prompt: string, asBytes: boolean) {
  const run = Math.floor(at / SPANS_PER_TRACE);
  const step = at % SPANS_PER_TRACE;
  const id = (digits: string) => (asBytes ? Buffer.from(digits, 'hex') : digits);
  const hex = (number: number, length: number) => number.toString(16).padStart(length, '0');
  const traceId = hex(seed, 8) + hex(run + 1, 24);
  const startMs = 1_790_000_000_000 + at * 100;
  return {
    traceId: id(traceId),
    spanId: id(hex(seed, 4) + hex(at + 1, 12)),
    ...(step > 0 && { parentSpanId: id(hex(seed, 4) + hex(at + 1 - step, 12)) }),
    name: step === 0 ? 'invoke_agent bench' : step % 2 === 1 ? 'chat gpt-4o-mini' : 'execute_tool search',
    kind: 3,
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + 900}000000`,
    status: {},
    attributes: [text('session.id', `traced-${seed}-${run % 300}`), ...attributes(step, prompt)],
  };
}

function attributes(step: number, prompt: string): object[] {
  if (step === 0) return [text('gen_ai.operation.name', 'invoke_agent'), text('gen_ai.agent.name', 'bench')];
  if (step % 2 === 0) {
    return [
      text('gen_ai.operation.name', 'execute_tool'),
      text('gen_ai.tool.name', 'search'),
      text('gen_ai.tool.call.arguments', '{"query":"which step was slow"}'),
      text('gen_ai.tool.call.result', prompt.slice(0, 300)),
    ];
  }
  const answer = [
    { role: 'assistant', parts: [{ type: 'text', content: prompt.slice(40, 340) }], finish_reason: 'stop' },
  ];
  return [
    text('gen_ai.operation.name', 'chat'),
    text('gen_ai.provider.name', 'openai'),
    text('gen_ai.request.model', 'gpt-4o-mini'),
    text('gen_ai.response.model', 'gpt-4o-mini-2024-07-18'),
    { key: 'gen_ai.request.temperature', value: { doubleValue: 0.2 } },
    { key: 'gen_ai.usage.input_tokens', value: { intValue: String(USAGE.promptTokens) } },
    { key: 'gen_ai.usage.output_tokens', value: { intValue: String(USAGE.completionTokens) } },
    text('gen_ai.input.messages', prompt),
    text('gen_ai.output.messages', JSON.stringify(answer)),
  ];
}

/** An attribute. */
export function text(key: string, stringValue: string): { key: string; value: { stringValue: string } } {
  return { key, value: { stringValue } };
}
