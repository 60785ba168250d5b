import type { Annotation } from './annotation.ts';
import type { BodyEncoding, CostSource, StepKind, TokenCounts } from './request-row.ts';

/** Schema of every event but annotations and calls that are imported: newest read, and the one written. A reader that meets a higher one pauses. */
export const EVENT_SCHEMA_VERSION = 1;

/** The same of annotations. A version of its own, so that a reader from before there were any pauses before the first one. */
export const ANNOTATION_SCHEMA_VERSION = 2;

/** The same of calls that are imported, which a reader from before there were any would read and price anew. */
export const IMPORTED_SCHEMA_VERSION = 2;

/**
 * Which rule found the session of a call (`docs/sessions.md`); stored with the event. In the order in which they are tried:
 * headers, then what is in a body; attributes of spans among themselves.
 */
export const SESSION_RULES = [
  'helicone-session-id',
  'claude-code-session-id',
  'session-id-header',
  'opencode-session',
  'session-affinity',
  'body-conversation',
  'body-prompt-cache-key',
  'body-metadata-session-id',
  'body-metadata-user-id',
  'otlp-helicone-session-id',
  'otlp-session-id',
  'otlp-gen-ai-conversation-id',
  'otlp-langfuse-session-id',
  'otlp-mlflow-trace-session',
  'otlp-traceloop-session-id',
] as const;

export type SessionRule = (typeof SESSION_RULES)[number];

/** Name and value pairs. Pairs, not an object: whatever a user names (`__proto__`) is data. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/** The session a call belongs to, as the caller named it. Nothing is normalised. */
export interface EventSession {
  readonly id: string;
  /** `''` when the caller gave none. */
  readonly name: string;
  /** `''` when the caller gave none; shown as `/`. */
  readonly path: string;
  readonly rule: SessionRule;
}

/** Where the bytes of a body are while its event is in the log. Whoever reads them compares both figures. */
export interface BodyReference {
  /** Of the object in the body store. */
  readonly name: string;
  /** Bytes of the object. */
  readonly size: number;
  /** CRC-32 of the object. */
  readonly crc32: number;
}

/** A call that was not sent because its prompt was judged to be a threat (wire contract 1.6). */
export const STATUS_THREAT_BLOCKED = -4;

/** The `encoding` of a body that its caller wished not to be stored. */
export const OMITTED = 'omitted';

/** One direction of a call as it was on the wire: bytes as sent, still compressed if they were. */
export interface CapturedBody {
  /** At most `CAPTURE_BYTES_MAX` bytes; empty when there was no body, or when `stored` says where it is. */
  readonly bytes: Uint8Array;
  /** What would stand in `bytes` is in the body store. Left out: it is not. */
  readonly stored?: BodyReference;
  /** Bytes on the wire, also those that were not kept. */
  readonly size: number;
  /** True when `bytes` is only the beginning of what was sent. */
  readonly truncated: boolean;
  /** `Content-Type` as sent, `''` when absent. */
  readonly content_type: string;
  /** `Content-Encoding` as sent, `''` when absent; `OMITTED`: in place of what was sent stands `{"model": …}`, or nothing. */
  readonly encoding: string;
}

/** Who appended an event first, and its dense number (from 0) per producer and partition. */
export interface EventProducer {
  readonly id: string;
  readonly seq: number;
}

/** W3C trace context, `''` where absent. */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate: string;
}

/** The caller's trace context as received, and the gateway's own place in it. */
export interface CallTrace extends TraceContext {
  /** `traceparent` of the gateway's span for this call; left out by a gateway that does not trace. @see continuedTrace */
  readonly span?: string;
}

/** How a call came here that did not go through the gateway, and what was said of it beside its bodies. */
export interface LoggedCall {
  /** By a log endpoint, or as a span. */
  readonly by: 'log' | 'otlp';
  /** What the call cost as whoever logged it says, USD; null: nothing was said. */
  readonly cost_usd: number | null;
}

/**
 * What the bodies of a call said before they were masked or left out: what the session-aggregator reads of others. Texts are masked
 * like bodies.
 */
export interface CallReading {
  readonly step_kind: StepKind;
  readonly model: string;
  readonly request_model: string;
  readonly response_model: string;
  /** The body's `user`. */
  readonly body_user: string;
  readonly streamed: boolean;
  readonly tokens: TokenCounts;
  readonly usage_complete: boolean;
  readonly finish_reason: string;
  readonly error: { readonly type: string; readonly message: string } | null;
  /** Picodollars in decimal digits; null = unknown. */
  readonly cost_pico: string | null;
  readonly cost_source: CostSource;
  readonly price_version: string;
}

/**
 * What the rows of a call said that was recorded elsewhere, and that does not follow from its event: it comes from the file
 * of a session. Whatever of a call can change while its row is read again stands here, so that the row is the same.
 */
export interface ImportedCall {
  readonly time_to_first_token_ms: number | null;
  readonly trace_id: string;
  readonly span_id: string;
  readonly parent_span_id: string;
  /** Of what its bodies hold: nothing is to be undone. */
  readonly request_encoding: BodyEncoding;
  readonly response_encoding: BodyEncoding;
  /** What was said of it after the fact. */
  readonly scores: readonly (readonly [name: string, value: number])[];
  readonly former_properties: readonly (readonly [key: string, values: readonly string[]])[];
}

/** One time that a call was sent to a provider. */
export interface CallAttempt {
  /** Origin and path; credentials in the query string are masked. */
  readonly target: string;
  /** Of the answer; where there was none, the one that the caller would have been given. */
  readonly status: number;
  /** Until that answer; of the last one, until its end. */
  readonly latency_ms: number;
}

/** What the log stamps on an event when it appends it. */
export interface AppendStamp {
  readonly producer: EventProducer;
  readonly partition: number;
  /** The appender's clock at the append, epoch ms. */
  readonly received_at: number;
}

/** Fields of every event, whatever its kind, before the log has stamped it. */
interface NewEventBase {
  readonly schema_version: number;
  /** UUIDv7 of ours; see `ids.ts`. */
  readonly event_id: string;
  readonly tenant_id: string;
}

/**
 * One finished, failed or aborted call. All times are epoch milliseconds. The gateway does not look into bodies:
 * model, usage, cost and errors are read by the session-aggregator. The fields of a call that was logged are of the call
 * that it tells of, by the clock of whoever logged it.
 */
export interface NewRequestEvent extends NewEventBase {
  readonly kind: 'request';
  /** `Helicone-Id`: chosen by the caller (`Helicone-Request-Id`), else equal to `event_id`. */
  readonly request_id: string;
  readonly request_id_chosen: boolean;
  readonly session: EventSession | null;
  /** From `Helicone-User-Id`; `''` when absent (the aggregator then reads the body's `user`). */
  readonly user_id: string;
  /** Custom properties, names as received. The session headers are not repeated here. */
  readonly properties: Pairs;
  /** Stored provider of the wire contract, e.g. `OPENAI`; else the lower-cased target URL. */
  readonly provider: string;
  /** Origin and path as called; credentials in the query string are masked. */
  readonly target_url: string;
  readonly method: string;
  /** Path and query sent upstream; credentials in the query string are masked. */
  readonly path: string;
  readonly request_at: number;
  /** First byte of the response body (or its headers, when it has none); null when none came. */
  readonly first_byte_at: number | null;
  readonly response_at: number;
  /** HTTP status, or −2 stream time-out, −3 client cancelled, −4 threat blocked, −100 other stream end. */
  readonly status: number;
  /** Why the call did not run to its end, `''` when it did. */
  readonly abort_reason:
    | ''
    | 'client-aborted'
    | 'upstream-reset'
    | 'upstream-timeout'
    | 'upstream-refused'
    | 'draining';
  /** Allow-listed headers only, never credentials. Names in lower case. */
  readonly request_headers: Pairs;
  readonly response_headers: Pairs;
  readonly request_body: CapturedBody;
  readonly response_body: CapturedBody;
  readonly trace: CallTrace;
  /** `Helicone-Model-Override`, `''` when absent. */
  readonly model_override: string;
  /** Every time that it was sent, in order, the one it was answered by last. Left out: it was sent once. */
  readonly attempts?: readonly CallAttempt[];
  /** Request id of the call that it was given the answer of, for which nothing was paid again. Left out: a provider answered. */
  readonly cache_reference_id?: string;
  /** Webhooks of the tenant are told of it. Left out: none is. */
  readonly webhook?: true;
  /** Left out: the call went through the gateway. */
  readonly logged?: LoggedCall;
  /** Left out: the bodies are as they came, and are read by whoever stores them. Of bodies that were left out all there is. */
  readonly reading?: CallReading;
  /** Left out: the call was recorded here. Beside a `reading`, which holds whatever it lacks. */
  readonly imported?: ImportedCall;
}

/** Stands for an event that its producer could not append: the loss is in the log, under its own position. */
export interface NewRefusedEvent extends NewEventBase {
  readonly kind: 'refused';
  readonly reason: string;
  /** How many events this one stands for, and when the first and last were refused. */
  readonly count: number;
  readonly first_at: number;
  readonly last_at: number;
}

/** A producer has ended with nothing left to send. Carries the last number, and takes none itself (`seq` −1). */
export interface NewClosedEvent extends NewEventBase {
  readonly kind: 'closed';
  readonly last_seq: number;
}

/** Something said about a session, or about one request, after the fact. @see Annotation */
export type NewAnnotationEvent = NewEventBase & Annotation & { readonly kind: 'annotation' };

export type NewEvent = NewRequestEvent | NewRefusedEvent | NewClosedEvent | NewAnnotationEvent;
export type RequestEvent = NewRequestEvent & AppendStamp;
export type AnnotationEvent = NewAnnotationEvent & AppendStamp;
export type RefusedEvent = NewRefusedEvent & AppendStamp;
export type ClosedEvent = NewClosedEvent & AppendStamp;

/** What is read back from the log. Fields that this version does not know are kept on the object. */
export type LogEvent = RequestEvent | RefusedEvent | ClosedEvent | AnnotationEvent;

/** Tenant of single-tenant installations and of unauthenticated calls on loopback. */
export const DEFAULT_TENANT = 'default';
