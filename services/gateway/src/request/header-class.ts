/** What becomes of a request header, decided by its name alone. */
export type HeaderFate =
  | 'forward'
  /** Forwarded, and stored with the event. */
  | 'store'
  /** Between this hop and the last only, or made anew for the next one. */
  | 'drop'
  /** For us: `helicone-*`, `throughline-*`, `aws-*-key` and `aws-session-token`. Never forwarded. */
  | 'ours'
  /** Read by us and forwarded. */
  | 'read'
  /** May hold one of our keys; forwarded unless it does. */
  | 'credential';

export interface HeaderClass {
  readonly name: string;
  readonly fate: HeaderFate;
}

/** The class of a header. Remembers names as clients spell them, so that nothing is lower-cased twice. */
export function headerClass(rawName: string): HeaderClass {
  const known = classes.get(rawName);
  if (known) return known;
  const name = rawName.toLowerCase();
  const made = { name, fate: fateOf(name) };
  // Callers make up property names; what is beyond the bound is classified each time.
  if (classes.size < CLASSES_MAX) classes.set(rawName, made);
  return made;
}

const CLASSES_MAX = 2000;
const classes = new Map<string, HeaderClass>();

/** Connection-level headers (RFC 9110, 7.6.1), and those that the next hop's connection gets from us. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

const READ = new Set([
  'content-length',
  'traceparent',
  'tracestate',
  'x-stripe-customer-id',
  'x-claude-code-session-id',
  'session-id',
  'session_id',
  'x-opencode-session',
  'x-session-affinity',
]);

/** What a call to Bedrock is signed with: ours to read, nobody's to be sent. */
const AWS_CREDENTIALS = new Set(['aws-access-key', 'aws-secret-key', 'aws-session-token']);

const CREDENTIAL = new Set(['authorization', 'x-api-key', 'api-key']);

// Allow-list: a header that is not here is never stored, so that no provider's credential is, whatever it is called.
const STORED = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'content-type',
  'content-encoding',
  'user-agent',
  'referer',
  'http-referer',
  'x-title',
  'x-request-id',
  'x-client-request-id',
  'idempotency-key',
  'anthropic-version',
  'anthropic-beta',
  'openai-organization',
  'openai-project',
  'openai-beta',
]);
const STORED_PREFIX = 'x-stainless-';

function fateOf(name: string): HeaderFate {
  if (name.startsWith('helicone-') || name.startsWith('throughline-') || AWS_CREDENTIALS.has(name)) return 'ours';
  // `host` is the next hop's; 100-continue has been answered by our own server.
  if (name === 'host' || name === 'expect') return 'drop';
  if (name === 'connection' || name === 'transfer-encoding') return 'read';
  if (HOP_BY_HOP.has(name)) return 'drop';
  if (CREDENTIAL.has(name)) return 'credential';
  if (READ.has(name)) return 'read';
  return STORED.has(name) || name.startsWith(STORED_PREFIX) ? 'store' : 'forward';
}
