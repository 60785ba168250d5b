import { api, dataOf } from '../../../api/client.ts';
import { allOf } from '../../../search/filter-param.ts';

/** Requests that are asked for: an answer has small bodies in it. */
export const FOUND_MAX = 300;

/** Requests are recorded as of their start; what clocks told differently lies within this, ms. */
const SLACK_MS = 60_000;

interface AskedRequests {
  readonly sessionId: string;
  readonly sought: string;
  /** When the session's first and last request began, epoch ms: bodies of other times are not read for it. */
  readonly between: readonly [number, number];
}

/** Ids of the requests of a session that have a text in a body, the latest first; `FOUND_MAX` at most. @throws ApiFailure */
export async function askFound(
  { sessionId, sought, between: [fromMs, toMs] }: AskedRequests,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const inTime = (condition: 'gte' | 'lte', ms: number) => ({
    request_response_rmt: { request_created_at: { [condition]: new Date(ms).toISOString() } },
  });
  const filter = allOf(
    { request_response_rmt: { properties: { 'Helicone-Session-Id': { equals: sessionId } } } },
    inTime('gte', fromMs - SLACK_MS),
    inTime('lte', toMs + SLACK_MS),
    {
      left: { request_response_rmt: { request_body: { contains: sought } } },
      operator: 'or',
      right: { request_response_rmt: { response_body: { contains: sought } } },
    },
  );
  const body = { filter, limit: FOUND_MAX, sort: { created_at: 'desc' as const } };
  const found = await dataOf(api().POST('/v1/request/query-clickhouse', { body, signal }));
  return found.map(({ request_id: id }) => id);
}
