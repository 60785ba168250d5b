import { z } from 'zod';
import { SESSION_RULES } from './request-event.ts';

/*
 * The file of a session: JSON lines. The first says what the session is and what it comes to, one for each request follows,
 * and the last says how many there were and what all bytes before it hash to. `docs/api.md` describes it.
 */

export const BUNDLE_FORMAT = 'throughline-session';
/** Newest version read, and the one written. */
export const BUNDLE_VERSION = 1;
export const BUNDLE_CONTENT_TYPE = 'application/jsonl';
export const BUNDLE_GZIP_CONTENT_TYPE = 'application/gzip';

/** Of one session. */
export const BUNDLE_REQUESTS_MAX = 100_000;
/** Of one line: two bodies of 64 MiB, the most that is stored of one, at twice their length in JSON, and what is beside them. */
export const BUNDLE_LINE_BYTES_MAX = 320 * 1024 * 1024;

const NAME_CHARS_MAX = 65_536;
/** Of names and ids: as long as headers may be. */
const name = z.string().max(NAME_CHARS_MAX);
const text = z.string();
const count = z.int().nonnegative();
/** Epoch ms, as the columns hold it. */
const time = z.int().min(-2_208_988_800_000).max(10_413_791_999_999);
const decimal = z.string().regex(/^\d{1,40}$/, 'is no whole number from 0 in decimal digits');
/** What the column holds: USD 9.2 million. */
const PICO_MAX = String(2n ** 63n - 1n);
const pico = z
  .string()
  .regex(/^\d{1,19}$/, 'is no amount in picodollars')
  .refine((digits) => digits.padStart(PICO_MAX.length, '0') <= PICO_MAX, 'is more than 64 bits hold');
/** As the gateway makes them, and takes them from callers. */
const id = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, 'is no UUID in lower case');
const PAIRS_MAX = 10_000;
const pairs = z.array(z.tuple([text, text])).max(PAIRS_MAX);
const scores = z.array(z.tuple([name, z.number()])).max(PAIRS_MAX);

/** What the requests of a session come to, exactly. */
export const bundleTotals = z.strictObject({
  requests: count,
  errors: count,
  unpriced: count,
  cost_pico: decimal,
  prompt_tokens: decimal,
  completion_tokens: decimal,
  reasoning_tokens: decimal,
  prompt_cache_read_tokens: decimal,
  prompt_cache_write_tokens: decimal,
  prompt_audio_tokens: decimal,
  completion_audio_tokens: decimal,
  latency_ms_sum: decimal,
  p95_latency_ms: z.number().nonnegative(),
  /** Epoch ms: start of the first and of the last request, end of the last to end. */
  first_request_at: time,
  latest_request_at: time,
  latest_response_at: time,
  /** Requests by the bucket that their latency falls into, and by their status; ascending. */
  latency_buckets: z.array(z.tuple([z.int(), count])).max(PAIRS_MAX),
  statuses: z.array(z.tuple([z.int(), count])).max(PAIRS_MAX),
});
export type BundleTotals = z.output<typeof bundleTotals>;

/** What was said of the session itself after the fact. */
export const bundleAnnotations = z.strictObject({ tag: name.nullable(), feedback: z.boolean().nullable(), scores });
export type BundleAnnotations = z.output<typeof bundleAnnotations>;

/** The first line. */
export const bundleHeader = z.object({
  kind: z.literal('session'),
  format: z.literal(BUNDLE_FORMAT),
  version: z.int().positive(),
  exported_at: name,
  /** Of the product that wrote it. */
  exported_by: name,
  /** API keys, tokens and private keys were replaced by `[key]`. */
  masked: z.boolean(),
  session_id: name.min(1).refine((id) => id.isWellFormed(), 'is half a character'),
  /** As `GET /v1/session/{id}` answers it, for whoever reads the file. */
  session: z.looseObject({}),
  totals: bundleTotals,
  tree: z.array(z.unknown()),
  tree_truncated: z.boolean(),
  annotations: bundleAnnotations,
});
export type BundleHeader = z.output<typeof bundleHeader>;

const body = z
  .strictObject({
    content_type: name,
    /** Bytes on the wire, also those that were not kept. */
    size: count,
    truncated: z.boolean(),
    /** As it is stored: `utf8`, `bytes`, `missing` and `deleted` (nothing is there), `omitted`, or the encoding that could not be undone. */
    encoding: name,
    text: text.optional(),
    base64: z
      .string()
      .regex(/^[A-Za-z0-9+/]*={0,2}$/, 'is no Base64')
      .optional(),
  })
  .refine((one) => (one.text === undefined) !== (one.base64 === undefined), 'has either text or base64');
export type BundleBody = z.output<typeof body>;

/**
 * A line for each request, by their start. What the schema cannot say, since it lies between fields or lines, whoever reads a file
 * checks.
 */
export const bundleRequest = z.strictObject({
  kind: z.literal('request'),
  /** No two of a file have the same. */
  request_id: id,
  event_id: id,
  session_name: name,
  session_path: name,
  session_rule: z.enum(SESSION_RULES),
  user_id: name,
  properties: pairs,
  former_properties: z.array(z.tuple([text, z.array(text).max(PAIRS_MAX)])).max(PAIRS_MAX),
  scores,
  /** Epoch ms. */
  request_at: time,
  first_byte_at: time.nullable(),
  response_at: time,
  time_to_first_token_ms: count.nullable(),
  provider: name,
  target_url: text,
  method: name,
  path: text,
  status: z.int().min(-0x8000).max(0x7fff),
  abort_reason: z.enum(['', 'client-aborted', 'upstream-reset', 'upstream-timeout', 'upstream-refused', 'draining']),
  error: z.strictObject({ type: text, message: text }).nullable(),
  finish_reason: text,
  streamed: z.boolean(),
  step_kind: z.enum(['llm', 'tool', 'vector_db', 'data']),
  model: text,
  request_model: text,
  response_model: text,
  tokens: z.strictObject({
    prompt_tokens: count.nullable(),
    completion_tokens: count.nullable(),
    reasoning_tokens: count,
    prompt_cache_read_tokens: count,
    prompt_cache_write_tokens: count,
    prompt_cache_write_1h_tokens: count,
    prompt_audio_tokens: count,
    completion_audio_tokens: count,
  }),
  usage_complete: z.boolean(),
  /** Null: unknown. */
  cost_pico: pico.nullable(),
  cost_source: z.enum(['provider', 'table', 'estimated', 'none']),
  price_version: name,
  request_headers: pairs,
  response_headers: pairs,
  /** Every time that it was sent, the one it was answered by last; empty when it was sent once. */
  attempts: z
    .array(z.strictObject({ target: text, status: z.int().min(-0x8000).max(0x7fff), latency_ms: count }))
    .max(PAIRS_MAX),
  cache_reference_id: name,
  trace_id: name,
  span_id: name,
  parent_span_id: name,
  request: body,
  response: body,
});
export type BundleRequest = z.output<typeof bundleRequest>;

/** The last line. */
export const bundleEnd = z.strictObject({
  kind: z.literal('end'),
  requests: count,
  /** SHA-256 of all bytes before this line, hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in hex'),
});
export type BundleEnd = z.output<typeof bundleEnd>;
