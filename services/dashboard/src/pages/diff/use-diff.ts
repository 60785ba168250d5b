import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { answerOf, api, dataOf } from '../../api/client.ts';
import { type DiffStep, stepKey } from './diff-rows.ts';

/** Two sessions by their ids. */
export interface Compared {
  readonly a: string;
  readonly b: string;
}

/** Steps that come at a time. */
const PAGE = 200;

/** Figures and steps of two sessions, without texts. */
export function useDiff(sessions: Compared, onlyChanged: boolean) {
  return useInfiniteQuery({
    queryKey: ['diff', sessions.a, sessions.b, onlyChanged],
    // Other sessions are another picture.
    placeholderData: undefined,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api().GET(PATH, {
          params: {
            path: { sessionId: sessions.a, otherSessionId: sessions.b },
            query: {
              text: 'false',
              limit: PAGE,
              ...(onlyChanged && { changed: 'true' }),
              ...(pageParam !== '' && { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: ({ next_cursor: next }) => next ?? undefined,
  });
}

/** One step with its texts; without them where it has changed since. */
export function useDiffedStep(sessions: Compared, step: DiffStep) {
  const request = (step.a ?? step.b)!.request_id;
  return useQuery({
    queryKey: ['diff-step', sessions.a, sessions.b, stepKey(step)],
    placeholderData: undefined,
    queryFn: async ({ signal }) => {
      const { steps } = await dataOf(
        api().GET(PATH, {
          params: { path: { sessionId: sessions.a, otherSessionId: sessions.b }, query: { request } },
          signal,
        }),
      );
      // The same id may be that of several requests.
      return steps.find((one) => stepKey(one) === stepKey(step)) ?? step;
    },
  });
}

const PATH = '/v1/session/{sessionId}/diff/{otherSessionId}';
