import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GATEWAY_DEFAULTS } from '../../gateway-config.ts';
import { CallHeaders } from '../../request/call-headers.ts';
import { decodeJsonTraces, decodeProtobufTraces, exportRequestType } from './decode-traces.ts';
import { readSpans } from './read-spans.ts';
import { readSpanBatch } from './span-log.ts';
import { unflatten } from './unflatten.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

const odd = fc.constantFrom('__proto__', 'constructor', 'toString', '0', '', 'x\ud800', '\0', 'gen_ai.system');
const text = fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 20 }));
const key = fc.oneof(
  text,
  fc.constantFrom(
    ...['gen_ai.system', 'gen_ai.operation.name', 'gen_ai.input.messages', 'gen_ai.output.messages', 'session.id'],
    ...['openinference.span.kind', 'ai.operationId', 'llm.invocation_parameters', 'gen_ai.response.finish_reasons'],
    ...['gen_ai.usage.input_tokens', 'gen_ai.usage.cost', 'metadata', 'gen_ai.tool.definitions', 'ai.prompt.tools'],
    ...['llm.input_messages.0.message.role', 'llm.input_messages.0', 'gen_ai.completion.1.tool_calls.0.name'],
    ...[
      'traceloop.association.properties.__proto__',
      'embedding.embeddings.0.embedding.text',
      'ai.prompt',
      'db.system',
    ],
  ),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.record({
      stringValue: fc.oneof(text, fc.json({ maxDepth: 3 }), fc.constantFrom('LLM', 'chat', 'TOOL', 'pinecone')),
    }),
    fc.record({ intValue: fc.oneof(fc.bigInt().map(String), fc.double(), text) }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ doubleValue: fc.oneof(fc.double(), fc.constantFrom('NaN', 'Infinity')) }),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('value'), { maxLength: 3 }) }) }),
    fc.record({
      kvlistValue: fc.record({ values: fc.array(fc.record({ key: text, value: tie('value') }), { maxLength: 3 }) }),
    }),
    fc.jsonValue({ maxDepth: 2 }),
  ),
}));
const attributes = fc.array(fc.record({ key, value }), { maxLength: 12 });
const id = fc.constantFrom('0000000000000001', '0000000000000002', '00f067aa0ba902b7', '');
const span = fc.record(
  {
    traceId: fc.constant(TRACE_ID),
    spanId: id.filter((given) => given !== ''),
    parentSpanId: id,
    name: text,
    startTimeUnixNano: fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String), fc.nat()),
    endTimeUnixNano: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
    attributes,
    events: fc.array(fc.record({ name: text, timeUnixNano: fc.nat(), attributes }), { maxLength: 2 }),
    status: fc.record({ code: fc.integer({ min: 0, max: 3 }), message: text }),
  },
  { requiredKeys: ['traceId', 'spanId', 'startTimeUnixNano', 'endTimeUnixNano'] },
);

function stepsOf(raw: unknown) {
  const { spans, rejected } = readSpans(raw as object);
  const batch = readSpanBatch(spans, new CallHeaders([]), GATEWAY_DEFAULTS);
  return { rejected, steps: spans.map((_, at) => batch.step(at)) };
}

describe('reading spans', () => {
  test('any JSON is read without a throw, and nothing of it reaches a prototype', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.array(fc.jsonValue()), (resourceSpans, spans) => {
        stepsOf({ resourceSpans });
        stepsOf({ resourceSpans: [{ resource: resourceSpans, scopeSpans: [{ scope: resourceSpans, spans }] }] });
      }),
    );
  });

  test('any span is a step that the log can hold, or none', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 4 }), (spans) => {
        const { rejected, steps } = stepsOf({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
        expect(rejected + steps.length).toBe(spans.length);
        for (const step of steps) {
          if (!step) continue;
          expect(step.requestAt).toBeLessThanOrEqual(step.responseAt);
          for (const body of [step.requestBody, step.responseBody]) JSON.parse(Buffer.from(body.bytes).toString());
          expect(step.requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
          for (const pair of step.properties) expect(pair.map((part) => typeof part)).toEqual(['string', 'string']);
          expect(step.session === null || step.session.id !== '').toBe(true);
        }
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('a span is the same in both encodings', () => {
    const plain = fc.letrec<{ any: object }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.record({ stringValue: fc.string({ unit: 'grapheme' }) }),
        fc.record({ intValue: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) }),
        fc.record({ boolValue: fc.boolean() }),
        // JSON has no −0.
        fc.record({ doubleValue: fc.double({ noDefaultInfinity: true, noNaN: true }).map((number) => number + 0) }),
        fc.record({ arrayValue: fc.record({ values: fc.array(tie('any'), { maxLength: 3 }) }) }),
      ),
    })).any;
    const nanos = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
    const whole = fc.record({
      name: fc.string(),
      startTimeUnixNano: nanos,
      endTimeUnixNano: nanos,
      attributes: fc.array(fc.record({ key: fc.string({ minLength: 1 }), value: plain }), { maxLength: 6 }),
      status: fc.record({ code: fc.constantFrom(0, 1, 2), message: fc.string() }),
    });
    fc.assert(
      fc.property(whole, (made) => {
        const inJson = { ...made, traceId: TRACE_ID, spanId: '00f067aa0ba902b7' };
        const ids = { traceId: Buffer.from(TRACE_ID, 'hex'), spanId: Buffer.from('00f067aa0ba902b7', 'hex') };
        const wrap = (given: object) => ({ resourceSpans: [{ scopeSpans: [{ spans: [given] }] }] });
        const type = exportRequestType();
        const bytes = type.encode(type.fromObject(wrap({ ...made, ...ids }))).finish();
        expect(readSpans(decodeProtobufTraces(Buffer.from(bytes)))).toEqual(
          readSpans(decodeJsonTraces(Buffer.from(JSON.stringify(wrap(inJson))))),
        );
      }),
      { numRuns: 200 },
    );
  });

  test('any bytes are protobuf or an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        let raw: object;
        try {
          raw = decodeProtobufTraces(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          return;
        }
        stepsOf(raw);
      }),
    );
  });
});

describe('keys with dots', () => {
  test('come back as the lists and objects that they spell', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'message'), tie('tree'), {
          minKeys: 1,
          maxKeys: 3,
          noNullPrototype: false,
        }),
      ),
    }));
    const flat = (value: unknown, prefix: string): [string, never][] =>
      typeof value !== 'object' || value === null
        ? [[prefix.slice(1), value as never]]
        : Object.entries(value).flatMap(([name, inner]) => flat(inner, `${prefix}.${name}`));
    fc.assert(
      fc.property(
        tree.filter((value) => typeof value === 'object'),
        (value) => {
          expect(JSON.stringify(unflatten(flat(value, '')))).toBe(JSON.stringify(value));
        },
      ),
    );
  });
});
