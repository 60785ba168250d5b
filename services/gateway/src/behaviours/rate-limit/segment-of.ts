import { topLevelScalars } from '@throughline/providers/top-level-scalars';
import type { BehaviourCall } from '../behaviour.ts';

/**
 * The value by which a call is counted: of its user, or of its property of this name in either case.
 *
 * The user is who `Helicone-User-Id` names, or the body's `user` where that is JSON of up to `BODY_BYTES_MAX`, not
 * compressed. The row of a call goes further in finding one, which would take reading every body twice.
 *
 * @param segment of the policy.
 * @returns undefined: the call has none. Such calls are counted together.
 */
export function segmentOf(
  segment: string,
  { headers, body }: Pick<BehaviourCall, 'headers' | 'body'>,
): string | undefined {
  if (segment !== USER) return headers.properties.find(([name]) => name.toLowerCase() === segment)?.[1] || undefined;
  if (headers.userId !== '') return headers.userId;
  const isLegible = body !== null && body.length <= BODY_BYTES_MAX && headers.contentEncoding === '';
  const user = isLegible ? topLevelScalars(body.toString(), USER_KEY).get(USER) : undefined;
  return typeof user === 'string' && user !== '' ? user : undefined;
}

const USER = 'user';
const USER_KEY: ReadonlySet<string> = new Set([USER]);
/** Some 50 µs to look through. */
const BODY_BYTES_MAX = 64 * 1024;
