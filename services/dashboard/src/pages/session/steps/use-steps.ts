import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLiveChange } from '../../../api/live.tsx';
import { askSteps } from './ask-steps.ts';
import { type SessionSteps, takeSteps } from './session-steps.ts';

/** The steps of a session; when it changes, what came since is asked for and added. */
export function useSteps(sessionId: string): UseQueryResult<SessionSteps> {
  const queryClient = useQueryClient();
  const queryKey = ['session-steps', sessionId];
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const before = queryClient.getQueryData<SessionSteps>(queryKey);
      return takeSteps(before, await askSteps(sessionId, before?.next, signal));
    },
    // Tens of thousands of values are not compared one by one, and another session's are nobody's business here.
    structuralSharing: false,
    placeholderData: undefined,
  });
  useLiveChange(sessionId, () => void query.refetch());
  return query;
}
