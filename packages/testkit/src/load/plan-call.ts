import type { FakeScript } from '../fake-provider/script.ts';
import { type Random, randomUuid } from '../seed.ts';

/** One call that the load is going to make. */
export interface PlannedCall {
  /** Path under the server's origin. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly sessionId: string | null;
  readonly sessionName: string;
  readonly sessionPath: string;
  readonly userId: string;
  readonly requestId: string | null;
  /** Text that ends a stream; undefined: only the end of HTTP's message says that it is complete. */
  readonly endMarker: string | undefined;
  /** The client leaves after so many chunks, or after so many ms without waiting for any. */
  readonly abortAfter: { readonly chunks: number } | { readonly ms: number } | undefined;
}

export interface PlanOptions {
  /** Session ids begin with it; runs over the same data folder may share one. */
  readonly sessionPrefix: string;
  readonly sessions: number;
  /** Probability 0–1 that a call is streamed, that the client leaves early, that the provider fails. */
  readonly streamShare: number;
  readonly abortShare: number;
  readonly faultShare: number;
  /** Highest pause between two events of a stream, ms. */
  readonly paceMsMax: number;
  /** Longest answer; a stream has about one event per word. */
  readonly wordsMax: number;
}

/** Draws a call: API, shape, session, and what goes wrong. `call` is its number in the ledger. */
export function planCall(call: number, random: Random, key: string, options: PlanOptions): PlannedCall {
  const session = random.chance(0.92) ? random.integer(0, options.sessions - 1) : null;
  const streamed = random.chance(options.streamShare);
  const api = random.pick(APIS);
  const { body, endMarker } = api.body(streamed, random);
  const script: FakeScript = {
    seed: random.integer(0, 1_000_000),
    words: random.integer(1, options.wordsMax),
    ...(streamed && { paceMs: random.integer(0, options.paceMsMax), split: random.pick(['events', 'random']) }),
    ...(random.chance(options.faultShare) && drawFault(random)),
  };
  const sessionId = session === null ? null : sessionIdOf(session, options.sessionPrefix);
  // The name belongs to the session, some calls leave it out; the path belongs to the step.
  const sessionName = session !== null && random.chance(0.9) ? NAMES[session % NAMES.length]! : '';
  const sessionPath = session !== null && random.chance(0.9) ? random.pick(PATHS) : '';
  const userId = random.chance(0.7) ? `user-${random.integer(1, 40)}` : '';
  const requestId = random.chance(0.3) ? randomUuid(random) : null;
  return {
    path: api.path,
    body: JSON.stringify(body),
    sessionId,
    sessionName,
    sessionPath,
    userId,
    requestId,
    endMarker: streamed && script.status === undefined ? endMarker : undefined,
    abortAfter: random.chance(options.abortShare)
      ? random.chance(0.5)
        ? { chunks: random.integer(1, 12) }
        : { ms: random.integer(0, 20) }
      : undefined,
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer sk-load-provider-key',
      'x-fake-script': JSON.stringify(script),
      'Helicone-Auth': `Bearer ${key}`,
      'Helicone-Property-Call': String(call),
      'Helicone-Property-Env': random.pick(['prod', 'staging', '__proto__']),
      ...(sessionId !== null && { 'Helicone-Session-Id': sessionId }),
      ...(sessionName && { 'Helicone-Session-Name': sessionName }),
      ...(sessionPath && { 'Helicone-Session-Path': sessionPath }),
      ...(userId && { 'Helicone-User-Id': userId }),
      ...(requestId !== null && { 'Helicone-Request-Id': requestId }),
    },
  };
}

const NAMES = ['Support chat', 'Course outline', 'Agent run', 'Nightly report', 'constructor'];
const PATHS = ['/plan', '/plan/search', '/plan/search/rank', '/write', '/write/section-1', '/write/section-2', 'check'];

function sessionIdOf(index: number, prefix: string): string {
  // One session with a name that is a trap for objects used as maps.
  return index === 0 ? `${prefix}__proto__` : `${prefix}${index}`;
}

function drawFault(random: Random): FakeScript {
  return random.pick<FakeScript>([
    { status: 500 },
    { status: 429, retryAfter: 1 },
    { fault: { kind: 'reset', after: 'request' } },
    { fault: { kind: 'reset', after: { bytes: random.integer(0, 400) } } },
    { fault: { kind: 'close', after: { bytes: random.integer(0, 400) } } },
    { fault: { kind: 'cut', after: { bytes: random.integer(0, 400) } } },
    { fault: { kind: 'error-event', after: { writes: random.integer(0, 4) } } },
    { encoding: 'gzip' },
  ]);
}

interface Api {
  readonly path: string;
  body(streamed: boolean, random: Random): { readonly body: object; readonly endMarker: string | undefined };
}

const content = (random: Random) =>
  `Question ${random.integer(1, 1e6)}: ${'what did this step cost? '.repeat(random.integer(1, 8))}`;

const chat = (model: string): Api => ({
  path: '/v1/gateway/oai/v1/chat/completions',
  body: (stream, random) => ({
    body: {
      model,
      messages: [{ role: 'user', content: content(random) }],
      ...(stream && { stream, ...(random.chance(0.8) && { stream_options: { include_usage: true } }) }),
    },
    endMarker: 'data: [DONE]\n\n',
  }),
});

const APIS: readonly Api[] = [
  chat('gpt-4o-mini'),
  chat('gpt-4.1'),
  {
    path: '/v1/gateway/oai/v1/responses',
    body: (stream, random) => ({
      body: { model: 'gpt-4.1', input: content(random), ...(stream && { stream }) },
      endMarker: undefined,
    }),
  },
  {
    path: '/v1/gateway/oai/v1/embeddings',
    body: (_, random) => ({
      body: { model: 'text-embedding-3-small', input: content(random) },
      endMarker: undefined,
    }),
  },
  {
    path: '/v1/gateway/anthropic/v1/messages',
    body: (stream, random) => ({
      body: {
        model: 'claude-haiku-4-5',
        max_tokens: 100,
        messages: [{ role: 'user', content: content(random) }],
        ...(stream && { stream }),
      },
      endMarker: 'data: {"type":"message_stop"}\n\n',
    }),
  },
];
