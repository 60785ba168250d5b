import { hash } from 'node:crypto';
import { headerClass } from '../../request/header-class.ts';
import type { BehaviourCall } from '../behaviour.ts';
import { isNeutral } from './neutral-headers.ts';
import type { CacheWish } from './read-cache-headers.ts';
import { withoutMembers } from './without-members.ts';

/** What of a call its key is made of. */
export type KeyedCall = Pick<BehaviourCall, 'tenantId' | 'headers' | 'method' | 'origin' | 'path' | 'body'>;

export interface CacheKey {
  /** Under which the answer is kept: 32 bytes. */
  readonly name: Buffer;
  /** With which it may be sealed: 32 bytes that are kept nowhere. @see sealAnswer */
  readonly secret: Buffer;
}

/**
 * The same for two calls only where tenant, method, target, query, body and every header are that could make the answer
 * another one. Credentials are among them, so nobody is given what the provider would not have given them.
 *
 * @param isSealed answers are: those that are not are other ones.
 */
export function cacheKey(
  call: KeyedCall,
  { seed, ignoredKeys }: Pick<CacheWish, 'seed' | 'ignoredKeys'>,
  isSealed = false,
): CacheKey {
  const { tenantId, headers, method, origin, path, body } = call;
  const { awsAccessKey, awsSecretKey, awsSessionToken, fallbacks, openaiApiBase, targetUrl, streamUsage } = headers;
  const parts: unknown[] = [
    ...[VERSION, isSealed, tenantId, method, origin, path, seed, ignoredKeys],
    // With fallbacks, credentials and further targets stand in there.
    ...[fallbacks, targetUrl, openaiApiBase, awsAccessKey, awsSecretKey, awsSessionToken, streamUsage],
    ...ANSWER_CHANGING.map((name) => headers.behaviours?.get(name) ?? ''),
    // How much of a prompt is too long is the model's affair, and which other one it goes to.
    headers.behaviours?.has(TOKEN_LIMIT) ? headers.modelOverride : '',
    telling(headers.upstream),
  ];
  const inputs: Buffer[] = [Buffer.from(JSON.stringify(parts))];
  if (body) inputs.push(ignoredKeys.length === 0 ? body : keyedBody(body, headers.contentEncoding, ignoredKeys));
  // In one go: an object for each hash costs several times as much, to be collected again.
  const digest = hash('sha512', Buffer.concat(inputs), 'buffer');
  return { name: digest.subarray(0, 32), secret: digest.subarray(32) };
}

/** Another one: other inputs, or in another order. */
const VERSION = 2;

const TOKEN_LIMIT = 'helicone-token-limit-exception-handler';

/** Headers of ours after which another answer may be due. */
const ANSWER_CHANGING = [
  TOKEN_LIMIT,
  'helicone-moderations-enabled',
  'helicone-llm-security-enabled',
  'helicone-prompt-security-enabled',
  'helicone-llm-security-advanced',
];

/** Forwarded headers by name, without those that differ from call to call and change no answer. */
function telling(upstream: readonly string[]): string[] {
  const found: string[] = [];
  for (let i = 0; i < upstream.length; i += 2) {
    const { name } = headerClass(upstream[i]!);
    if (!isNeutral(name)) found.push(`${name}:${upstream[i + 1]!}`);
  }
  return found.sort();
}

/** What is compressed is not looked into. */
function keyedBody(body: Buffer, encoding: string, ignoredKeys: readonly string[]): Buffer {
  if (encoding !== '' && encoding !== 'identity') return body;
  const without = withoutMembers(body.toString(), ignoredKeys);
  return without === undefined ? body : Buffer.from(without);
}
