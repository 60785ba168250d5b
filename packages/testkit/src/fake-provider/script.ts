import { z } from 'zod';

/** Where in a response something happens: before its head, after its head, or after so much of its body. */
const place = z.union([
  z.literal('request'),
  z.literal('head'),
  z.strictObject({ bytes: z.int().min(0) }),
  z.strictObject({ writes: z.int().min(0) }),
]);

const fault = z.discriminatedUnion('kind', [
  /** The connection is reset (RST). */
  z.strictObject({ kind: z.literal('reset'), after: place }),
  /** The connection is closed (FIN) in mid-body: a chunked body lacks its last chunk. */
  z.strictObject({ kind: z.literal('close'), after: place }),
  /** The body ends as HTTP wants it, but the rest of the content never comes: no `[DONE]`, no `message_stop`. */
  z.strictObject({ kind: z.literal('cut'), after: place }),
  /** Nothing more is sent for `ms` (default: until the client leaves), then the rest. */
  z.strictObject({ kind: z.literal('stall'), after: place, ms: z.int().min(0).optional() }),
  /** The provider's error event comes in place of the rest of a stream that began with 200. */
  z.strictObject({ kind: z.literal('error-event'), after: z.strictObject({ writes: z.int().min(0) }) }),
]);

const script = z.strictObject({
  /** Seeds the content. Default: a hash of the request body, so equal requests get equal answers. */
  seed: z.int().optional(),
  /** Tokens of the answer. Default 12–40, by seed. `max_tokens` in the request lowers it. */
  words: z.int().min(0).max(4_000_000).optional(),
  /** Events that carry content in a stream. Default: one per 1–4 tokens. */
  chunks: z.int().min(1).optional(),
  /** Milliseconds before the request's body is read: a provider that is slow to take it. */
  readDelayMs: z.int().min(0).max(60_000).optional(),
  /** Milliseconds before the head of the response. */
  delayMs: z.int().min(0).max(600_000).optional(),
  /** Milliseconds between two writes of the body. */
  paceMs: z.int().min(0).max(60_000).optional(),
  /**
   * How the body is cut into writes: one per event (default), all in one, single bytes, or random pieces of 1–200
   * bytes that follow no event or character boundary.
   */
  split: z.enum(['events', 'whole', 'bytes', 'random']).optional(),
  /** Line ends of a stream of events. */
  lineEnd: z.enum(['lf', 'crlf']).optional(),
  encoding: z.enum(['gzip', 'br', 'zstd', 'deflate']).optional(),
  /** Default: `chunked` for streams, else `length`. `close` = neither length nor chunks, the end of the connection. */
  framing: z.enum(['chunked', 'length', 'close']).optional(),
  /** Added to the true Content-Length: more is promised than sent, or less. Implies `framing: 'length'`. */
  lengthDelta: z.int().optional(),
  /** The provider's error of this status instead of an answer. */
  status: z.int().min(400).max(599).optional(),
  /** Seconds, sent as `retry-after`. */
  retryAfter: z.number().min(0).optional(),
  /** False: the answer says nothing about usage. */
  usage: z.boolean().optional(),
  /** False: plain text even where tools are offered. */
  tools: z.boolean().optional(),
  /** Further response headers, as they are to be sent. */
  headers: z.array(z.tuple([z.string(), z.string()])).optional(),
  fault: fault.optional(),
});

/** What a fake provider is to do with one request. Everything is optional: `{}` is a plain good answer. */
export type FakeScript = z.infer<typeof script>;
export type FakePlace = z.infer<typeof place>;
export type FakeFault = z.infer<typeof fault>;

/** The request header, and the query parameter, that carry a script as JSON. */
export const SCRIPT_HEADER = 'x-fake-script';

/** The header to send with a call, for SDKs' `defaultHeaders` and `extra_headers`. */
export function scriptHeader(steps: FakeScript): Record<string, string> {
  return { [SCRIPT_HEADER]: JSON.stringify(steps) };
}

/**
 * Reads a script from its JSON text.
 *
 * @throws with the readable reason, also for a key that does not exist: a typing error must not make a test pass.
 */
export function parseScript(text: string): FakeScript {
  return script.parse(JSON.parse(text));
}
