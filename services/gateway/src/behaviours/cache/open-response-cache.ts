import { headerClass } from '../../request/header-class.ts';
import type { ReadBehaviour } from '../open-behaviours.ts';
import { readCacheHeaders } from './read-cache-headers.ts';
import { ResponseCacheBehaviour } from './response-cache-behaviour.ts';

/** Answers of the call's own tenant; a call that is nobody's, or not yet somebody's, goes through. */
export const openResponseCache: ReadBehaviour = (
  given,
  { upstream, omits },
  { tenantId },
  { callState, metrics, failures, masking },
) => {
  const wish = readCacheHeaders(given, cacheControlOf(upstream));
  if (!wish || tenantId === undefined || !callState) return undefined;
  return new ResponseCacheBehaviour(wish, {
    cache: callState.cache,
    metrics,
    failures,
    isSealed: masking !== undefined || omits !== undefined,
  });
};

function cacheControlOf(upstream: readonly string[]): string {
  const values = upstream.filter((_, i) => i % 2 === 1 && headerClass(upstream[i - 1]!).name === 'cache-control');
  return values.join(', ');
}
