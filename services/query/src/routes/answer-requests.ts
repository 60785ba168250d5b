import { grants } from '../auth/access.ts';
import { positionOf, readBodies } from '../queries/read-bodies.ts';
import type { StoredRequest } from '../queries/request-columns.ts';
import type { QueryConfig } from '../query-deps.ts';
import { bodyAnswer } from '../render/body-answer.ts';
import { requestAnswer } from '../render/request-answer.ts';
import type { RouteCall } from '../route.ts';

/** Bodies beyond this are not put into lists: a page of a thousand agent calls would be a hundred megabytes. */
const LISTED_BODY_BYTES_MAX = 256 * 1024;
/** Pages longer than this list no bodies above a sixteenth of that. */
const LONG_PAGE = 100;

/** The largest body that stands in a list of so many requests, bytes. */
export function listedBodyBytesMax(requests: number): number {
  return requests > LONG_PAGE ? LISTED_BODY_BYTES_MAX / 16 : LISTED_BODY_BYTES_MAX;
}

/**
 * Requests as the API answers them, in the order given, with their bodies where the key may read them.
 *
 * @param bodyBytesMax larger bodies are left out, and the answer says where they are.
 */
export async function answerRequests(
  { key, analytics }: Pick<RouteCall, 'key' | 'analytics'>,
  rows: readonly StoredRequest[],
  bodyBytesMax: number,
  config: QueryConfig,
): Promise<Record<string, unknown>[]> {
  const mayReadBodies = grants(key, 'read-bodies', config);
  const bodies = await readBodies(analytics, key.tenantId, mayReadBodies ? rows : [], bodyBytesMax);
  return rows.map((row) => {
    const stored = bodies.get(positionOf(row));
    return requestAnswer(row, {
      request: bodyAnswer(stored?.request, row.request_id),
      response: bodyAnswer(stored?.response, row.request_id),
    });
  });
}
