/**
 * Whether a forwarded header may differ between two calls that are given one answer. Whatever is not here is taken to matter: a
 * header more makes a miss, one less a wrong answer.
 *
 * @param name in lower case.
 */
export function isNeutral(name: string): boolean {
  const found = known.get(name);
  if (found !== undefined) return found;
  const made = NEUTRAL.has(name) || NEUTRAL_PREFIXES.some((prefix) => name.startsWith(prefix));
  if (known.size < KNOWN_MAX) known.set(name, made);
  return made;
}

const known = new Map<string, boolean>();
/** Callers make up names. */
const KNOWN_MAX = 1_000;

/** docs/behaviour-headers.md has them all; a test compares. */
export const NEUTRAL: ReadonlySet<string> = new Set([
  // The message itself, and how old its answer may be: what is asked of the cache stands in its own place.
  ...['content-length', 'date', 'cache-control', 'pragma'],
  // Who calls, with which library.
  ...['user-agent', 'referer', 'http-referer', 'origin', 'x-title', 'x-stripe-customer-id'],
  // Which call it is.
  ...[
    'idempotency-key',
    'x-idempotency-key',
    'request-id',
    'x-request-id',
    'x-client-request-id',
    'x-ms-client-request-id',
  ],
  ...['correlation-id', 'x-correlation-id', 'x-transaction-id', 'x-request-start'],
  // Of which trace.
  ...['traceparent', 'tracestate', 'baggage', 'b3', 'sentry-trace', 'uber-trace-id', 'grpc-trace-bin'],
  ...['x-trace-id', 'x-span-id', 'x-parent-span-id', 'x-cloud-trace-context', 'x-amzn-trace-id', 'newrelic'],
  // Of which run of an agent.
  ...['x-claude-code-session-id', 'session-id', 'session_id', 'x-opencode-session', 'x-session-affinity'],
  // What proxies add.
  ...['forwarded', 'via', 'x-real-ip', 'x-client-ip', 'true-client-ip'],
]);
export const NEUTRAL_PREFIXES: readonly string[] = [
  ...['x-stainless-', 'x-b3-', 'x-datadog-', 'uberctx-', 'x-newrelic-', 'elastic-apm-'],
  ...['x-forwarded-', 'sec-', 'cf-connecting-', 'cdn-'],
];
