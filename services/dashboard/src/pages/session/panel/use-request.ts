import { useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../../../api/client.ts';
import { ApiFailure } from '../../../api/failure.ts';

/** A request with its bodies, or without where the key may not read them. */
export interface WholeRequest {
  readonly request: Awaited<ReturnType<typeof askOne>> | Awaited<ReturnType<typeof askInSession>>[number];
  readonly mayReadBodies: boolean;
}

/** One request of a session, whole. */
export function useRequest(sessionId: string, requestId: string) {
  return useQuery({
    queryKey: ['request', sessionId, requestId],
    queryFn: ({ signal }) => askRequest(sessionId, requestId, signal),
    // Calls do not change; what is said of them later, does.
    staleTime: 30_000,
    gcTime: 60_000,
    structuralSharing: false,
    placeholderData: undefined,
  });
}

async function askRequest(sessionId: string, requestId: string, signal: AbortSignal): Promise<WholeRequest> {
  let mayReadBodies = true;
  let found: Awaited<ReturnType<typeof askOne>>;
  try {
    found = await askOne(requestId, true, signal);
  } catch (error) {
    if (!(error instanceof ApiFailure && error.isNotAllowed)) throw error;
    mayReadBodies = false;
    found = await askOne(requestId, false, signal);
  }
  if (found.session_id === sessionId) return { request: found, mayReadBodies };
  // Another session has a request with the same id, which is older.
  const [request] = await askInSession(sessionId, requestId, signal);
  if (!request) throw new ApiFailure(404, 'This request is no longer there.');
  return { request, mayReadBodies };
}

/** @throws ApiFailure */
export function askOne(requestId: string, includeBody: boolean, signal: AbortSignal) {
  const params = { path: { requestId }, query: { includeBody: includeBody ? ('true' as const) : ('false' as const) } };
  return dataOf(api().GET('/v1/request/{requestId}', { params, signal }));
}

/** The request of this id in one session: ids may come in several. Bodies of more than 256 KiB are not in it. */
export function askInSession(sessionId: string, requestId: string, signal: AbortSignal) {
  const filter = {
    left: { request_response_rmt: { request_id: { equals: requestId } } },
    operator: 'and' as const,
    right: { request_response_rmt: { properties: { 'Helicone-Session-Id': { equals: sessionId } } } },
  };
  return dataOf(api().POST('/v1/request/query-clickhouse', { body: { filter, limit: 1 }, signal }));
}
