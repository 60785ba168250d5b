import { keepPreviousData, QueryClient } from '@tanstack/react-query';
import { ApiFailure } from './failure.ts';

/** Times a call is tried again where the fault may pass. */
const RETRIES = 2;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Live updates say when something has changed; without them a page that is looked at again asks again.
        staleTime: 5_000,
        gcTime: 10 * 60_000,
        retry: (failures, error) => failures < RETRIES && error instanceof ApiFailure && error.isPassing,
        retryDelay: (failures) => 300 * 2 ** failures,
        // What is shown stays until what replaces it is there.
        placeholderData: keepPreviousData,
        // Calls to one's own machine work without any network.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
}
