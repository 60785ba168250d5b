import { isObject } from '@throughline/providers/json-object';
import { TIME_MS_MAX } from '../log-times.ts';
import { type AttributeValue, readAttributes } from './attribute-value.ts';
import type { RawTraces } from './decode-traces.ts';

export interface SpanEvent {
  readonly name: string;
  /** Epoch ms. */
  readonly at: number;
  readonly attributes: ReadonlyMap<string, AttributeValue>;
}

/** One span, whichever way it was encoded. */
export interface Span {
  /** 32 hexadecimal digits, lower case. */
  readonly traceId: string;
  /** 16 of them. */
  readonly spanId: string;
  /** `''` when it begins the trace. */
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  /** Epoch ms. */
  readonly startAt: number;
  readonly endAt: number;
  readonly attributes: ReadonlyMap<string, AttributeValue>;
  readonly events: readonly SpanEvent[];
  readonly isError: boolean;
  readonly statusMessage: string;
  readonly scope: string;
  /** Of the process that made it; shared by its spans. */
  readonly resource: ReadonlyMap<string, AttributeValue>;
}

/** Spans of one export: collectors send 8,192 at a time where nobody changed that. */
export const SPANS_MAX = 16_384;

/** Further ones are left out: a stream of tokens as events is no use as such. */
const EVENTS_MAX = 1_024;

export interface ReadSpans {
  readonly spans: readonly Span[];
  readonly rejected: number;
  /** Why the first of them was, `''` when none was. */
  readonly reason: string;
}

/** The spans of an export, as far as they are spans. */
export function readSpans({ resourceSpans }: RawTraces): ReadSpans {
  const spans: Span[] = [];
  let rejected = 0;
  let reason = '';
  for (const ofResource of list(resourceSpans)) {
    if (!isObject(ofResource)) continue;
    const resource = readAttributes(isObject(ofResource.resource) ? ofResource.resource.attributes : undefined);
    // Named otherwise before OTLP 0.15.
    for (const ofScope of list(ofResource.scopeSpans ?? ofResource.instrumentationLibrarySpans)) {
      if (!isObject(ofScope)) continue;
      const scope = isObject(ofScope.scope) ? text(ofScope.scope.name) : '';
      for (const raw of list(ofScope.spans)) {
        const span = spans.length < SPANS_MAX ? readSpan(raw, scope, resource) : TOO_MANY;
        if (typeof span === 'string') {
          rejected++;
          reason ||= span;
        } else spans.push(span);
      }
    }
  }
  return { spans, rejected, reason };
}

const TOO_MANY = `an export may have ${SPANS_MAX} spans`;

function readSpan(raw: unknown, scope: string, resource: ReadonlyMap<string, AttributeValue>): Span | string {
  if (!isObject(raw)) return 'a span is no object';
  const traceId = readId(raw.traceId, 16);
  const spanId = readId(raw.spanId, 8);
  if (traceId === '') return 'a span has no valid traceId';
  if (spanId === '') return 'a span has no valid spanId';
  const startAt = readNanos(raw.startTimeUnixNano);
  const endAt = readNanos(raw.endTimeUnixNano);
  if (startAt === undefined || endAt === undefined) return 'a span has no valid times';
  const status = isObject(raw.status) ? raw.status : undefined;
  return {
    traceId,
    spanId,
    parentSpanId: readId(raw.parentSpanId, 8),
    traceState: text(raw.traceState),
    name: text(raw.name),
    startAt,
    endAt: Math.max(startAt, endAt),
    attributes: readAttributes(raw.attributes),
    events: list(raw.events).slice(0, EVENTS_MAX).filter(isObject).map(readEvent),
    isError: status?.code === STATUS_ERROR || status?.code === 'STATUS_CODE_ERROR',
    statusMessage: text(status?.message),
    scope,
    resource,
  };
}

const STATUS_ERROR = 2;

function readEvent(raw: Record<string, unknown>): SpanEvent {
  return {
    name: text(raw.name),
    at: readNanos(raw.timeUnixNano) ?? 0,
    attributes: readAttributes(raw.attributes),
  };
}

/** Hexadecimal in JSON; base64 there too, from libraries that write bytes as protobuf's JSON does. */
function readId(raw: unknown, bytes: number): string {
  if (raw instanceof Uint8Array) {
    return raw.length === bytes ? nonZero(Buffer.from(raw.buffer, raw.byteOffset, bytes).toString('hex')) : '';
  }
  if (typeof raw !== 'string') return '';
  if (raw.length === bytes * 2 && HEX.test(raw)) return nonZero(raw.toLowerCase());
  const decoded = raw.length === Math.ceil(bytes / 3) * 4 && BASE64.test(raw) ? Buffer.from(raw, 'base64') : undefined;
  return decoded?.length === bytes ? nonZero(decoded.toString('hex')) : '';
}

const HEX = /^[0-9a-f]+$/i;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** An id of zeros is none. */
function nonZero(id: string): string {
  return /[^0]/.test(id) ? id : '';
}

/** 64 bits of nanoseconds, as a number, as text, or in two halves → epoch ms. */
function readNanos(raw: unknown): number | undefined {
  if (raw === undefined || raw === null || raw === '') return undefined;
  const halves = isObject(raw) && typeof raw.low === 'number' && typeof raw.high === 'number' ? raw : undefined;
  const nanos = halves ? ((halves.high as number) >>> 0) * 2 ** 32 + ((halves.low as number) >>> 0) : Number(raw);
  const ms = Math.floor(nanos / 1e6);
  return Number.isFinite(ms) && ms >= 0 && ms <= TIME_MS_MAX ? ms : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
