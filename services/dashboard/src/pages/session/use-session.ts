import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schemas } from '../../api/client.ts';
import { useLiveChange } from '../../api/live.tsx';

export type SessionTotals = Schemas['SessionWithTree'];

/** The figures of a session, kept up with it. */
export function useSession(sessionId: string) {
  const query = useQuery({
    queryKey: ['session', sessionId],
    queryFn: async ({ signal }) =>
      (await answerOf(api().GET('/v1/session/{sessionId}', { params: { path: { sessionId } }, signal }))).data,
    placeholderData: undefined,
  });
  useLiveChange(sessionId, () => void query.refetch());
  return query;
}
