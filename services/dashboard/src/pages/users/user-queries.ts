import { api, dataOf, type Schemas } from '../../api/client.ts';
import type { FilterLeaf } from '../../search/filter-param.ts';
import { parseRange, rangeBounds } from '../../search/range.ts';
import { secondsRange } from './users-range.ts';

/** Sessions with a request of theirs. */
export function sessionsOfUser(userId: string): FilterLeaf {
  return { sessions_request_response_rmt: { session_user_id: { equals: userId } } };
}

/** Their requests. */
export function requestsOfUser(userId: string): FilterLeaf {
  return { request_response_rmt: { user_id: { equals: userId } } };
}

/** As metrics of requests take it. */
export function timesOf(range: string): { readonly start: string; readonly end: string } {
  const { fromMs, toMs } = rangeBounds(parseRange(range), Date.now());
  return { start: new Date(fromMs).toISOString(), end: new Date(toMs).toISOString() };
}

/** What their calls come to. @param range undefined: all of them, whenever they were. @returns null: there are none. */
export async function readUser(
  userId: string,
  range: string | undefined,
  signal: AbortSignal,
): Promise<Schemas['User'] | null> {
  const body = {
    filter: { request_response_rmt: { user_id: { equals: userId } } },
    ...(range !== undefined && { timeFilter: secondsRange(range) }),
    timeZoneDifferenceMinutes: new Date().getTimezoneOffset(),
    offset: 0,
    limit: 1,
  };
  const { users } = await dataOf(api().POST('/v1/user/metrics/query', { body, signal }));
  return users[0] ?? null;
}
