import { z } from 'zod';
import { apiBoolean, apiNumber, direction, filterTree } from './coerced.ts';

/** Keys of `sort` that name a figure or text of the request, first recognised wins. */
export const REQUEST_SORT_KEYS = [
  'created_at',
  'latency',
  'time_to_first_token',
  'total_tokens',
  'completion_tokens',
  'prompt_tokens',
  'user_id',
  'body_model',
  'cost',
] as const;

/** Keys of `sort` that clients may send and that order nothing: what they name is not recorded. */
const UNUSED_SORT_KEYS = ['is_cached', 'values', 'cache_created_at', 'last_active'] as const;

export type RequestSortKey = (typeof REQUEST_SORT_KEYS)[number];

/** Body of `POST /v1/request/query-clickhouse`, `/v1/request/query` and `/v1/request/count/query`. */
export const requestQueryBody = z.strictObject({
  filter: filterTree,
  offset: apiNumber.optional(),
  limit: apiNumber.optional(),
  sort: z
    .strictObject({
      random: z.literal(true).optional(),
      ...(Object.fromEntries(REQUEST_SORT_KEYS.map((key) => [key, direction.optional()])) as Record<
        RequestSortKey,
        z.ZodOptional<typeof direction>
      >),
      properties: z.record(z.string(), direction).optional(),
      ...Object.fromEntries(UNUSED_SORT_KEYS.map((key) => [key, z.unknown().optional()])),
    })
    .optional(),
  isScored: apiBoolean.optional(),
  isCached: apiBoolean.optional(),
  includeInputs: apiBoolean.optional(),
  isPartOfExperiment: apiBoolean.optional(),
});

export type RequestQueryBody = z.output<typeof requestQueryBody>;

/** Body of `POST /v1/request/query-ids`. */
export const requestIdsBody = z.strictObject({ requestIds: z.array(z.string()) });
