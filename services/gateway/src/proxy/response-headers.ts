import type { Pairs } from '@throughline/contracts/request-event';
import { HOP_BY_HOP } from '../request/header-class.ts';

/** A provider's response headers, read once: what goes to the client and what is stored. */
export interface ResponseHeaders {
  /** Names and values for the client, alternating, as received. */
  readonly forward: string[];
  readonly stored: Pairs;
  readonly contentType: string;
  readonly contentEncoding: string;
  /** Undefined: none was given. */
  readonly contentLength: number | undefined;
}

/**
 * @param raw names and values, alternating, as undici's controller has them (`rawHeaders`): order, spelling, repetition.
 * @param parsed the same by lower-case name: values that need not be made into text a second time.
 */
export function readResponseHeaders(
  raw: readonly (Buffer | string)[],
  parsed: Readonly<Record<string, string | string[] | undefined>>,
): ResponseHeaders {
  const forward: string[] = [];
  const stored: (readonly [string, string])[] = [];
  let contentType = '';
  let contentEncoding = '';
  let contentLength: number | undefined;
  let connection = '';
  for (let i = 0; i < raw.length; i += 2) {
    const rawName = latin1(raw[i]!);
    const { name, fate } = responseHeader(rawName);
    const single = parsed[name];
    const value = typeof single === 'string' ? single : latin1(raw[i + 1]!);
    if (fate === 'drop') {
      if (name === 'connection') connection = value.toLowerCase();
      continue;
    }
    forward.push(rawName, value);
    if (fate === 'forward') continue;
    stored.push([name, value]);
    if (name === 'content-type') contentType = value;
    else if (name === 'content-encoding') contentEncoding = value;
    else if (name === 'content-length') contentLength = Number(value);
  }
  if (connection !== '' && connection !== 'keep-alive' && connection !== 'close') dropNamedBy(connection, forward);
  return { forward, stored, contentType, contentEncoding, contentLength };
}

type Fate = 'forward' | 'store' | 'drop';

interface KnownHeader {
  readonly name: string;
  readonly fate: Fate;
}

const known = new Map<string, KnownHeader>();
const KNOWN_MAX = 1000;

function responseHeader(rawName: string): KnownHeader {
  const found = known.get(rawName);
  if (found) return found;
  const name = rawName.toLowerCase();
  const made: KnownHeader = { name, fate: fateOf(name) };
  if (known.size < KNOWN_MAX) known.set(rawName, made);
  return made;
}

// Allow-list: what later steps read (price, errors, limits) and what support asks for. Never Set-Cookie.
const STORED = new Set([
  'content-type',
  'content-encoding',
  'content-length',
  'date',
  'server',
  'request-id',
  'x-request-id',
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
  'cf-ray',
  'x-ms-region',
  'apim-request-id',
  'x-litellm-response-cost',
]);
const STORED_PREFIXES = [
  ...['openai-', 'anthropic-', 'x-ratelimit-', 'x-amzn-', 'x-groq-', 'x-openrouter-'],
  // Counts of tokens, where the body has none.
  'fireworks-',
];

function fateOf(name: string): Fate {
  if (HOP_BY_HOP.has(name)) return 'drop';
  // Ours to say, also when the provider is another gateway of this kind.
  if (name.startsWith('throughline-') || name === 'helicone-id' || name === 'helicone-status') return 'drop';
  return STORED.has(name) || STORED_PREFIXES.some((prefix) => name.startsWith(prefix)) ? 'store' : 'forward';
}

function dropNamedBy(connection: string, forward: string[]): void {
  const named = new Set(connection.split(',').map((token) => token.trim()));
  for (let i = forward.length - 2; i >= 0; i -= 2) {
    const name = forward[i]!.toLowerCase();
    if (named.has(name) && name !== 'content-length') forward.splice(i, 2);
  }
}

function latin1(value: Buffer | string): string {
  return typeof value === 'string' ? value : value.toString('latin1');
}
