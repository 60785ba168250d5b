/** A span as a collector gets it, whichever way it was encoded. */
export interface ReceivedSpan {
  /** Hexadecimal. */
  readonly traceId: string;
  readonly spanId: string;
  /** `''` when it begins the trace. */
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: SpanKindName;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: ReceivedAttributes;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly isError: boolean;
  /** Who made it. */
  readonly scope: string;
  /** Of the process that sent it. */
  readonly resource: ReceivedAttributes;
}

export type ReceivedAttributes = Readonly<Record<string, string | number | boolean>>;

/** By the numbers that stand for them in OTLP. */
export const SPAN_KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
export type SpanKindName = (typeof SPAN_KINDS)[number];

/** `STATUS_CODE_ERROR` */
export const STATUS_ERROR = 2;
