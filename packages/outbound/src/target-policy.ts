import { isIP } from 'node:net';
import { ApiError } from '@throughline/contracts/errors';
import { reachOf } from './address.ts';
import { hostOf, parseAllowedTargets } from './allowed-targets.ts';

/** What a look-up of the target's name may answer. */
export type NameReach =
  /** Public addresses only. */
  | 'public'
  /** Also this machine and this network: the name is written in ALLOWED_TARGETS. */
  | 'local'
  /** Whatever it resolves to: the operator set this origin. */
  | 'any';

export interface TargetPolicyConfig {
  /** Origins set by `PROVIDER_<NAME>_URL`. */
  readonly trustedOrigins: ReadonlySet<string>;
  readonly allowedTargets: readonly string[];
}

export type TargetPolicy = (url: URL) => NameReach;

/**
 * The one place that decides where the gateway may connect, whatever the route: the URL is judged here, and every
 * address that its name resolves to when a connection is made (`checked-lookup.ts`). Redirects are handed to the
 * client, never followed.
 *
 * @throws ApiError (from the policy) `invalid-target` or `target-not-allowed`
 */
export function createTargetPolicy({ trustedOrigins, allowedTargets }: TargetPolicyConfig): TargetPolicy {
  const isAllowed = parseAllowedTargets(allowedTargets);
  return (url) => {
    if (trustedOrigins.has(url.origin)) return 'any';
    const host = hostOf(url);
    const literal = isAllowed(url);
    if (isIP(host) === 0) return literal ? 'local' : 'public';
    if (literal) return 'any';
    if (reachOf(host) !== 'public') throw new ApiError('target-not-allowed', { host: url.host });
    return 'public';
  };
}

/**
 * `Helicone-Target-URL` and the like → URL.
 *
 * @throws ApiError `invalid-target` when it is not absolute, not http(s), or carries credentials.
 */
export function parseTarget(value: string): URL {
  const url = URL.parse(value);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    throw new ApiError('invalid-target', { value: shownTarget(value) });
  }
  if (url.username !== '' || url.password !== '') {
    throw new ApiError('invalid-target', { value: `${url.protocol}//***@${url.host}` });
  }
  return url;
}

const SHOWN_CHARS_MAX = 200;

/** A target as an answer may quote it: without its query, and nothing of it where an at sign may end a password. */
export function shownTarget(value: string): string {
  if (value.includes('@')) return `${/^[a-z]+:\/\//i.exec(value)?.[0] ?? ''}***`;
  const end = value.search(/[?#]/);
  return (end === -1 ? value : value.slice(0, end)).slice(0, SHOWN_CHARS_MAX);
}
