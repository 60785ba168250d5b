import type { TraceContext } from '@throughline/contracts/request-event';

/** As in OpenTelemetry: who waits for whom, and whether a message lies between. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/**
 * Names as in OpenTelemetry's semantic conventions where there is one, else `throughline.*`. Values are cut at
 * `ATTRIBUTE_CHARS_MAX`; never bodies, keys or values of headers.
 */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanStart {
  /** `internal` when left out. */
  readonly kind?: SpanKind;
  /** What it continues. Left out, or not valid: the span begins a trace. */
  readonly parent?: TraceContext;
  readonly attributes?: Attributes;
  /** Other spans that it has to do with, `LINKS_MAX` at most; further ones are left out. */
  readonly links?: readonly TraceContext[];
  /** Epoch ms, fractions allowed. Left out: now. */
  readonly startAt?: number;
}

/** Something that took a while. Everything but `context` is of no effect when it is not recorded. */
export interface Span {
  /** For whoever continues it, in this process or another one. */
  readonly context: TraceContext;
  /** False: the sampler left it out. Attributes that cost something to find out need not be found out. */
  readonly isRecorded: boolean;
  set(attributes: Attributes): void;
  /** It did not do what it was to do. @param type a closed set or a class name, never a sentence. */
  fail(type: string): void;
  /** Once, last of all. @param at epoch ms; now when left out. */
  end(at?: number): void;
}

/** Makes spans. Costs nothing worth mention while tracing is off. */
export interface Tracer {
  /** False: no span of this tracer is ever recorded. Hot paths look here before they prepare anything. */
  readonly isOn: boolean;
  start(name: string, start?: SpanStart): Span;
}

/** Bound of each text of a span. */
export const ATTRIBUTE_CHARS_MAX = 256;

/** Below the 128 that OpenTelemetry's SDK keeps by default, so that what is left out is our choice. */
export const LINKS_MAX = 100;

const NO_SPAN: Span = {
  context: { traceparent: '', tracestate: '' },
  isRecorded: false,
  set: () => {},
  fail: () => {},
  end: () => {},
};

/** Tracing is off. */
export const NO_TRACER: Tracer = { isOn: false, start: () => NO_SPAN };

/** Runs `work` within a span, which fails when it does. */
export async function inSpan<T>(
  tracer: Tracer,
  name: string,
  start: SpanStart,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = tracer.start(name, start);
  try {
    return await work(span);
  } catch (error) {
    span.fail(errorType(error));
    throw error;
  } finally {
    span.end();
  }
}

/** What kind of error it was: its code, else its class. Messages may hold what nobody should see. */
export function errorType(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? `${error.name}:${code}` : error.name;
}
