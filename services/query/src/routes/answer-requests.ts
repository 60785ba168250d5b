import { grants } from '../auth/access.ts';
import type { BodyLinks, LinkedRequest } from '../auth/body-link.ts';
import { positionOf, readBodies } from '../queries/read-bodies.ts';
import type { StoredRequest } from '../queries/request-columns.ts';
import type { QueryConfig } from '../query-deps.ts';
import { bodyAnswer } from '../render/body-answer.ts';
import { requestAnswer } from '../render/request-answer.ts';
import type { RouteCall } from '../route.ts';

export interface AnswerDeps {
  readonly config: QueryConfig;
  readonly links: BodyLinks;
}

/** Bodies beyond this are not put into lists: a page of a thousand agent calls would be a hundred megabytes. */
const LISTED_BODY_BYTES_MAX = 256 * 1024;
/** Pages longer than this list no bodies above a sixteenth of that. */
const LONG_PAGE = 100;

/** The largest body that stands in a list of so many requests, bytes. */
export function listedBodyBytesMax(requests: number): number {
  return requests > LONG_PAGE ? LISTED_BODY_BYTES_MAX / 16 : LISTED_BODY_BYTES_MAX;
}

/**
 * Requests as the API answers them, in the order given. Bodies are read for keys that may read them; where the answer does
 * not hold all that a request has, `signed_body_url` leads to them.
 *
 * @param bodyBytesMax larger bodies are left out, and the answer says where they are; 0: no bodies.
 */
export async function answerRequests(
  { key, req, analytics }: Pick<RouteCall, 'key' | 'req' | 'analytics'>,
  rows: readonly StoredRequest[],
  bodyBytesMax: number,
  { config, links }: AnswerDeps,
): Promise<Record<string, unknown>[]> {
  if (!grants(key, 'read-bodies', config)) return rows.map((row) => requestAnswer(row));
  const isWithout = bodyBytesMax === 0;
  const bodies = await readBodies(analytics, key.tenantId, isWithout ? [] : rows, bodyBytesMax);
  return rows.map((row) => {
    const stored = bodies.get(positionOf(row));
    const isLeftOut = isWithout
      ? Number(row.request_bytes) + Number(row.response_bytes) > 0
      : [stored?.request, stored?.response].some((body) => body !== undefined && body.bytes === undefined);
    return requestAnswer(row, {
      request: bodyAnswer(stored?.request, row.request_id),
      response: bodyAnswer(stored?.response, row.request_id),
      url: isLeftOut ? links.make(linkedRequest(key.tenantId, row), req) : null,
    });
  });
}

function linkedRequest(tenantId: string, row: StoredRequest): LinkedRequest {
  return {
    tenantId,
    requestId: row.request_id,
    orderedAtMs: Number(row.ordered_at_ms),
    partition: row.source_partition,
    offset: row.source_offset,
  };
}
