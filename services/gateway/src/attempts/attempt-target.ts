import { ApiError } from '@throughline/contracts/errors';
import { type CallSigning, signingOf } from '../bedrock/signing-of.ts';
import type { Admission } from '../keys/admission.ts';
import type { ProviderDirectory } from '../provider-directory.ts';
import { CallHeaders } from '../request/call-headers.ts';
import { type CallTarget, targetOf } from '../routes/resolve-target.ts';
import type { Upstreams } from '../upstream/upstreams.ts';
import { type Fallback, readFallbacks } from './read-fallbacks.ts';

/** Where a call may go, and what it is sent there. */
export interface AttemptTarget {
  readonly target: CallTarget;
  /** Names and values, alternating. */
  readonly headers: readonly string[];
  readonly signing: CallSigning | undefined;
  readonly onCodes: Fallback['onCodes'];
  readonly override: Fallback['bodyKeyOverride'];
}

export interface TargetDeps {
  readonly providers: ProviderDirectory;
  readonly upstreams: Upstreams;
  /** Takes keys of ours out of headers. */
  readonly admit: (headers: CallHeaders, pathKey: string) => Admission;
}

/** The only target of a call, which is sent what came with it. */
export function ownTarget(target: CallTarget, headers: CallHeaders): AttemptTarget {
  return {
    target,
    headers: headers.upstream,
    signing: signingOf(headers, target.region),
    onCodes: [],
    override: undefined,
  };
}

/**
 * The targets of `Helicone-Fallbacks` (wire contract 1.3).
 *
 * @param path of the call, with its query; the same at each target.
 * @throws ApiError for a header that cannot be used, and for targets that may not be reached, whichever it is.
 */
export function fallbackTargets(client: CallHeaders, path: string, deps: TargetDeps): AttemptTarget[] {
  const targets = readFallbacks(client.fallbacks).map((fallback) => targetOfFallback(fallback, path, client, deps));
  if (client.contentEncoding !== '' && targets.some(({ override }) => override !== undefined)) {
    const reason = 'bodyKeyOverride cannot change a compressed body';
    throw new ApiError('invalid-header', { name: 'Helicone-Fallbacks', reason });
  }
  return targets;
}

function targetOfFallback(fallback: Fallback, path: string, client: CallHeaders, deps: TargetDeps): AttemptTarget {
  const target = targetOf(fallback.target, path, deps.providers);
  // Whether it may be reached is said before anything is sent.
  deps.upstreams.poolFor(target.origin);
  const headers = new CallHeaders(fallback.headers);
  deps.admit(headers, '');
  const sent: string[] = [];
  for (let i = 0; i < headers.upstream.length; i += 2) {
    // The body may be another one: its length is ours to say.
    if (headers.upstream[i]!.toLowerCase() !== 'content-length')
      sent.push(headers.upstream[i]!, headers.upstream[i + 1]!);
  }
  // What describes the body goes along with it.
  if (headers.contentType === '' && client.contentType !== '') sent.push('Content-Type', client.contentType);
  if (client.contentEncoding !== '') sent.push('Content-Encoding', client.contentEncoding);
  return {
    target,
    headers: sent,
    signing: signingOf(headers, target.region),
    onCodes: fallback.onCodes,
    override: fallback.bodyKeyOverride,
  };
}
