import { Unpackr } from 'msgpackr';
import {
  ANNOTATION_SCHEMA_VERSION,
  EVENT_SCHEMA_VERSION,
  IMPORTED_SCHEMA_VERSION,
  type LogEvent,
} from './request-event.ts';

// Plain MessagePack (no record extension), so that any language reads the log and unknown fields survive: `auto` keeps
// integers beyond 2^53, which only other writers send, as bigints.
// (The option is documented; the type of msgpackr 2.1.3 leaves it out.)
const int64AsType = 'auto' as 'number';
const unpackr = new Unpackr({ useRecords: false, int64AsType });

/** Kind → newest schema read. */
const KINDS: ReadonlyMap<unknown, number> = new Map([
  ['request', Math.max(EVENT_SCHEMA_VERSION, IMPORTED_SCHEMA_VERSION)],
  ['refused', EVENT_SCHEMA_VERSION],
  ['closed', EVENT_SCHEMA_VERSION],
  ['annotation', ANNOTATION_SCHEMA_VERSION],
]);

export type Decoded =
  | { readonly outcome: 'event'; readonly event: LogEvent }
  /** Written by a newer version: the reader stops before it, nothing is lost. */
  | { readonly outcome: 'newer'; readonly schemaVersion: number }
  /** Not an event at all: a dead letter. */
  | { readonly outcome: 'undecodable'; readonly reason: string };

/** As `decodeEvent`, of whatever kind and version, by whomever written. */
export function decodeAnyEvent(bytes: Uint8Array): Decoded {
  let value: unknown;
  try {
    value = unpackr.unpack(bytes);
  } catch (error) {
    return { outcome: 'undecodable', reason: `not MessagePack: ${(error as Error).message}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { outcome: 'undecodable', reason: 'not a map' };
  }
  const { schema_version: version, kind } = value as Record<string, unknown>;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    return { outcome: 'undecodable', reason: 'no schema_version' };
  }
  if (version > (KINDS.get(kind) ?? EVENT_SCHEMA_VERSION)) return { outcome: 'newer', schemaVersion: version };
  if (typeof kind !== 'string' || !KINDS.has(kind)) {
    return { outcome: 'undecodable', reason: `unknown kind ${described(kind)}` };
  }
  const missing = missingField(value as Record<string, unknown>, kind);
  if (missing) return { outcome: 'undecodable', reason: `${kind} event without a valid ${missing}` };
  return { outcome: 'event', event: value as LogEvent };
}

function described(kind: unknown): string {
  return typeof kind === 'string' ? JSON.stringify(kind.slice(0, 80)) : `of type ${typeof kind}`;
}

/** Of a field; `event` is what it is a field of. */
type Check = (value: unknown, event?: Record<string, unknown>) => boolean;
const isString: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isIntegerFrom =
  (min: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= min;
const isCount = isIntegerFrom(0);
const isListOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every((item) => check(item));
const isPairs: Check = (value) =>
  Array.isArray(value) &&
  value.every((pair) => Array.isArray(pair) && pair.length === 2 && isString(pair[0]) && isString(pair[1]));
const isRecordOf =
  (shape: Record<string, Check>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.keys(shape).every((key) => shape[key]!((value as Record<string, unknown>)[key]));
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const isTexts: Check = (value) => Array.isArray(value) && value.every((item) => isString(item));
const DELETION = { id: isString, partition: isCount };

const isScores: Check = (value) =>
  Array.isArray(value) &&
  value.every((pair) => Array.isArray(pair) && pair.length === 2 && isString(pair[0]) && isNumber(pair[1]));

/** Kind of change → its other fields, and whether it may be about a session and a request. */
const CHANGES: ReadonlyMap<unknown, { readonly shape: Check; readonly session: boolean; readonly request: boolean }> =
  new Map([
    ['tag', { shape: isRecordOf({ tag: isString }), session: true, request: false }],
    [
      'feedback',
      { shape: isRecordOf({ rating: (value) => typeof value === 'boolean' }), session: true, request: false },
    ],
    ['score', { shape: isRecordOf({ scores: isScores }), session: true, request: true }],
    ['property', { shape: isRecordOf({ key: isString, value: isString }), session: false, request: true }],
  ]);

/** Kind of deletion → its fields. */
const DELETIONS: ReadonlyMap<unknown, Check> = new Map([
  [
    'delete-sessions',
    isRecordOf({ ...DELETION, sessions: isTexts, reason: isString, inactive_since: orNull(isNumber) }),
  ],
  ['delete-user', isRecordOf({ ...DELETION, user: isString })],
  ['delete-calls', isRecordOf({ ...DELETION, before: isNumber })],
  ['delete-bodies', isRecordOf({ ...DELETION, sessions: isTexts, inactive_since: isNumber })],
  ['delete-call-bodies', isRecordOf({ ...DELETION, before: isNumber })],
]);

const isChange: Check = (value, event) => {
  const kind = (value as { kind?: unknown } | null | undefined)?.kind;
  const isDeletion = DELETIONS.get(kind);
  if (isDeletion !== undefined) return event!.session === null && event!.request === null && isDeletion(value);
  const change = CHANGES.get(kind);
  if (change === undefined || !change.shape(value)) return false;
  return event!.request === null ? change.session && event!.session !== null : change.request;
};

const isBody = isRecordOf({
  bytes: (value) => value instanceof Uint8Array,
  stored: optional(isRecordOf({ name: isString, size: isCount, crc32: isCount })),
  size: isCount,
  truncated: (value) => typeof value === 'boolean',
  content_type: isString,
  encoding: isString,
});

const isFlag: Check = (value) => typeof value === 'boolean';
const PICO = /^-?\d{1,19}$/;

const isReading = isRecordOf({
  step_kind: isString,
  model: isString,
  request_model: isString,
  response_model: isString,
  body_user: isString,
  streamed: isFlag,
  tokens: isRecordOf({
    prompt_tokens: orNull(isCount),
    completion_tokens: orNull(isCount),
    reasoning_tokens: isCount,
    prompt_cache_read_tokens: isCount,
    prompt_cache_write_tokens: isCount,
    prompt_cache_write_1h_tokens: isCount,
    prompt_audio_tokens: isCount,
    completion_audio_tokens: isCount,
  }),
  usage_complete: isFlag,
  finish_reason: isString,
  error: orNull(isRecordOf({ type: isString, message: isString })),
  cost_pico: orNull((value) => typeof value === 'string' && PICO.test(value)),
  cost_source: isString,
  price_version: isString,
});

const isImported = isRecordOf({
  time_to_first_token_ms: orNull(isCount),
  trace_id: isString,
  span_id: isString,
  parent_span_id: isString,
  request_encoding: isString,
  response_encoding: isString,
  scores: isScores,
  former_properties: isListOf(
    (pair) => Array.isArray(pair) && pair.length === 2 && isString(pair[0]) && isTexts(pair[1]),
  ),
});

const BASE: Record<string, Check> = {
  event_id: isString,
  tenant_id: isString,
  received_at: isNumber,
  partition: isCount,
  // −1: control events take no number.
  producer: isRecordOf({ id: isString, seq: isIntegerFrom(-1) }),
};

// Everything that later steps rely on: an event that passes here cannot make them throw by its shape.
const SHAPES: Record<string, Record<string, Check>> = {
  request: {
    ...BASE,
    request_id: isString,
    request_id_chosen: (value) => typeof value === 'boolean',
    session: orNull(isRecordOf({ id: isString, name: isString, path: isString, rule: isString })),
    user_id: isString,
    properties: isPairs,
    provider: isString,
    target_url: isString,
    method: isString,
    path: isString,
    request_at: isNumber,
    first_byte_at: orNull(isNumber),
    response_at: isNumber,
    status: isIntegerFrom(Number.MIN_SAFE_INTEGER),
    abort_reason: isString,
    request_headers: isPairs,
    response_headers: isPairs,
    request_body: isBody,
    response_body: isBody,
    trace: isRecordOf({ traceparent: isString, tracestate: isString, span: optional(isString) }),
    model_override: isString,
    attempts: optional(
      isListOf(isRecordOf({ target: isString, status: isIntegerFrom(Number.MIN_SAFE_INTEGER), latency_ms: isNumber })),
    ),
    cache_reference_id: optional(isString),
    webhook: optional((value) => value === true),
    logged: optional(isRecordOf({ by: isString, cost_usd: orNull(isNumber) })),
    reading: optional(isReading),
    imported: optional(isImported),
  },
  refused: { ...BASE, reason: isString, count: isCount, first_at: isNumber, last_at: isNumber },
  closed: { ...BASE, last_seq: isIntegerFrom(-1) },
  annotation: {
    ...BASE,
    session: orNull(isRecordOf({ id: (value) => isString(value) && value !== '' })),
    request: orNull(isRecordOf({ request_id: isString, event_id: isString, ordered_at: isNumber })),
    change: isChange,
  },
};

function missingField(value: Record<string, unknown>, kind: string): string | undefined {
  const shape = SHAPES[kind]!;
  for (const field in shape) if (!shape[field]!(value[field], value)) return field;
  return undefined;
}
