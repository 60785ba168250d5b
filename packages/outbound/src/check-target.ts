import { ApiError } from '@throughline/contracts/errors';
import { hostOf } from './allowed-targets.ts';
import { createCheckedLookup, type Resolve, TargetNotAllowedError } from './checked-lookup.ts';
import type { NameReach, TargetPolicy } from './target-policy.ts';

/** A name that is not answered for by then is judged when it is connected to. */
const LOOKUP_MS_MAX = 2_000;

/**
 * Whether a target that is about to be stored may be connected to, as its name resolves now: a mistake is refused where it
 * is made. It decides nothing, since names change: every connection is checked again.
 *
 * @throws ApiError `target-not-allowed`
 */
export async function checkTarget(url: URL, policy: TargetPolicy, resolve?: Resolve): Promise<NameReach> {
  const reach = policy(url);
  const lookup = createCheckedLookup(reach, resolve);
  await new Promise<void>((passed, refused) => {
    const late = setTimeout(passed, LOOKUP_MS_MAX).unref();
    lookup(hostOf(url), { all: true }, (error) => {
      clearTimeout(late);
      if (error instanceof TargetNotAllowedError) refused(new ApiError('target-not-allowed', { host: url.host }));
      else passed();
    });
  });
  return reach;
}
