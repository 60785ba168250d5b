import { formatTraceparent, parseTraceparent } from '@throughline/telemetry/traceparent';
import type { Attributes, Span, SpanStart, Tracer } from '@throughline/telemetry/tracer';

/** A span as it was made, with what became of it. */
export interface RecordedSpan extends SpanStart {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** `''`: it began a trace. */
  readonly parentSpanId: string;
  /** Those it was started with, and those set later. */
  readonly attributes: Record<string, string | number | boolean>;
  /** `error.type` of a span that failed. */
  readonly failure: string | undefined;
  /** Undefined while it goes on; how often it was ended is checked. */
  readonly endedAt: number | undefined;
}

export interface RecordingTracer extends Tracer {
  readonly spans: readonly RecordedSpan[];
  named(name: string): RecordedSpan[];
}

/** Traces into memory, by the rules of a parent-based sampler that is otherwise on. @throws when a span is ended twice. */
export function createRecordingTracer(): RecordingTracer {
  const spans: RecordedSpan[] = [];
  let lastId = 0;
  const nextId = (digits: number) => (++lastId).toString(16).padStart(digits, '0');
  return {
    isOn: true,
    spans,
    named: (name) => spans.filter((span) => span.name === name),
    start(name, start = {}): Span {
      const parent = start.parent && parseTraceparent(start.parent.traceparent);
      const traceId = parent?.traceId ?? nextId(32);
      const spanId = nextId(16);
      const isSampled = parent?.isSampled ?? true;
      const context = {
        traceparent: formatTraceparent({ traceId, spanId, isSampled }),
        tracestate: parent ? (start.parent?.tracestate ?? '') : '',
      };
      if (!isSampled) return { context, isRecorded: false, set: () => {}, fail: () => {}, end: () => {} };
      const span: { -readonly [K in keyof RecordedSpan]: RecordedSpan[K] } = {
        ...start,
        name,
        traceId,
        spanId,
        parentSpanId: parent?.spanId ?? '',
        attributes: { ...start.attributes },
        failure: undefined,
        endedAt: undefined,
      };
      spans.push(span);
      return {
        context,
        isRecorded: true,
        set: (attributes: Attributes) => void Object.assign(span.attributes, attributes),
        fail(type) {
          span.failure = type;
        },
        end(at = Date.now()) {
          if (span.endedAt !== undefined) throw new Error(`span ${name} was ended before`);
          span.endedAt = at;
        },
      };
    },
  };
}
