import type { CallTrace, TraceContext } from './request-event.ts';

/** The trace context that spans about a logged call continue: the gateway's own, else the caller's. */
export function continuedTrace({ traceparent, tracestate, span }: CallTrace): TraceContext {
  if (span === undefined) return { traceparent, tracestate };
  // A gateway that could not read the caller's traceparent has begun a trace of its own, which that tracestate is not of.
  const isSameTrace = traceIdOf(traceparent) === traceIdOf(span);
  return { traceparent: span, tracestate: isSameTrace ? tracestate : '' };
}

function traceIdOf(traceparent: string): string {
  return traceparent.slice(TRACE_ID_AT, TRACE_ID_AT + TRACE_ID_CHARS);
}

/** `00-<32 hexadecimal digits>-…` */
const TRACE_ID_AT = 3;
const TRACE_ID_CHARS = 32;
