import { z } from 'zod';
import { apiNumber, direction, filterTree } from './coerced.ts';
import { sessionPattern } from './session-pattern.ts';

/** Fields that the session list can be sorted by. */
export const SESSION_SORT_FIELDS = [
  'created_at',
  'latest_request_created_at',
  'total_cost',
  'total_requests',
  'total_tokens',
  'duration_ms',
  'avg_latency',
  'error_count',
] as const;

export type SessionSortField = (typeof SESSION_SORT_FIELDS)[number];

/** Some request of the session lies strictly between the two, epoch ms. */
export const sessionWindow = z.strictObject({ startTimeUnixMs: apiNumber, endTimeUnixMs: apiNumber });

/** Totals of the whole session, or (`matching`) over the matching requests of the window only. */
export const aggregateOver = z.enum(['session', 'matching']);

/** Which sessions: what the list and everything beside it have in common. */
export const sessionSelection = {
  /** Case-insensitive substring of the session's id or of one of its names; `''` for no condition. */
  search: z.string(),
  timeFilter: sessionWindow,
  /** One of the session's names, exactly; `''` for no condition. */
  nameEquals: z.string().optional(),
  /** Minutes added to the timestamps in the answer. */
  timezoneDifference: apiNumber,
  filter: filterTree,
  /** On the steps of the session, beside the filter. */
  pattern: sessionPattern.optional(),
};

/** Body of `POST /v1/session/query` and `/count`. */
export const sessionQueryBody = z.strictObject({
  ...sessionSelection,
  offset: apiNumber.optional(),
  limit: apiNumber.optional(),
  aggregateOver: aggregateOver.optional(),
  /** One key. */
  sort: z.partialRecord(z.enum(SESSION_SORT_FIELDS), direction).optional(),
  /** `next_cursor` of the page before. */
  cursor: z.string().optional(),
});

export type SessionQueryBody = z.output<typeof sessionQueryBody>;
