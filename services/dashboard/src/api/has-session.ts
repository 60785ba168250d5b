import { queryOptions } from '@tanstack/react-query';
import { answerOf, api } from './client.ts';

/**
 * Whether there is any session, of whatever time: the least that reading is. Asked once for the frame, which learns from it
 * whether the key may read, and for the list, which learns what to show where it is empty.
 *
 * @param key the one that is signed in with; null: nothing is asked.
 */
export function hasSession(key: string | null) {
  return queryOptions({
    queryKey: ['has-session', key],
    queryFn: async ({ signal }) => (await answerOf(api().GET('/v1/session/has-session', { signal }))).data,
    enabled: key !== null,
    staleTime: 60_000,
  });
}
