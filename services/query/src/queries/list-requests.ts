import type { AnalyticsStore, QueryParam } from '@throughline/analytics/analytics-store';
import { FINAL, PAGE } from '@throughline/analytics/read-settings';
import type { RequestSortKey } from '@throughline/contracts/api/request-query';
import { matchingRequests, type RequestSelection } from './matching-requests.ts';
import { findNewestBodies } from './newest-bodies.ts';
import { REQUEST_COLUMNS_SQL, type StoredRequest } from './request-columns.ts';

export type RequestOrder =
  | { readonly by: RequestSortKey; readonly direction: 'asc' | 'desc' }
  | { readonly by: 'property'; readonly key: string; readonly direction: 'asc' | 'desc' }
  | { readonly by: 'random' };

export interface RequestListing extends RequestSelection {
  readonly order: RequestOrder;
  readonly limit: number;
  readonly offset: number;
  /** Only requests with scores, only those without, or both. */
  readonly isScored: boolean | undefined;
}

const SORT: Readonly<Record<RequestSortKey, string>> = {
  created_at: 'r.ordered_at',
  latency: 'r.latency_ms',
  time_to_first_token: 'r.time_to_first_token_ms',
  total_tokens:
    'if(r.prompt_tokens IS NULL AND r.completion_tokens IS NULL, NULL, ifNull(r.prompt_tokens, 0) + ifNull(r.completion_tokens, 0))',
  completion_tokens: 'r.completion_tokens',
  prompt_tokens: 'r.prompt_tokens',
  user_id: 'r.user_id',
  body_model: 'r.model',
  cost: 'r.cost',
};

/**
 * Bodies looked for at a time, newest first: somewhat more than a page needs, since some belong to versions that were
 * replaced; then more, since other conditions may pass over most. Where not even those are enough, all are asked.
 */
const HITS_SPARE = 16;
const HITS_AGAIN = 8;
const HITS_MAX = 2_000;

/** A page of the tenant's requests that make the filter true. */
export async function listRequests(
  analytics: Pick<AnalyticsStore, 'query'>,
  listing: RequestListing,
): Promise<StoredRequest[]> {
  const { order, limit, offset } = listing;
  if (isNewestFirst(order)) {
    const fewest = offset + limit + HITS_SPARE;
    for (let hits = fewest; hits <= Math.min(HITS_MAX, HITS_AGAIN * fewest); hits *= HITS_AGAIN) {
      const bodies = await findNewestBodies(analytics, listing, hits);
      if (bodies === undefined) break;
      const rows = bodies.times.length === 0 ? [] : await readPage(analytics, { ...listing, bodies });
      if (bodies.areAll || rows.length === limit) return rows;
    }
  }
  return await readPage(analytics, listing);
}

function isNewestFirst(order: RequestOrder): boolean {
  return order.by === 'created_at' && order.direction === 'desc';
}

async function readPage(analytics: Pick<AnalyticsStore, 'query'>, listing: RequestListing): Promise<StoredRequest[]> {
  const { order } = listing;
  const matching = matchingRequests(listing);
  const params: Record<string, QueryParam> = {
    ...matching.params,
    limit: listing.limit,
    offset: listing.offset,
    ...(order.by === 'property' && { sortKey: order.key }),
  };
  return analytics.query<StoredRequest>({
    sql: `
SELECT ${REQUEST_COLUMNS_SQL}
FROM ${matching.sql} AND ${scoredSql(listing.isScored)}
ORDER BY ${orderSql(order)}
LIMIT {limit:UInt32} OFFSET {offset:UInt64}`,
    params,
    settings: isNewestFirst(order) ? PAGE : FINAL,
  });
}

export function scoredSql(isScored: boolean | undefined): string {
  if (isScored === undefined) return '1';
  return isScored ? 'notEmpty(r.scores)' : 'empty(r.scores)';
}

/** Missing values last, equal ones newest first. */
function orderSql(order: RequestOrder): string {
  if (order.by === 'random') return 'rand()';
  const direction = order.direction === 'asc' ? 'ASC' : 'DESC';
  if (order.by === 'created_at') return `r.ordered_at ${direction}, r.request_id, r.source_offset`;
  const value = order.by === 'property' ? 'r.properties[{sortKey:String}]' : SORT[order.by];
  return `${value} ${direction} NULLS LAST, r.ordered_at DESC, r.request_id, r.source_offset`;
}
