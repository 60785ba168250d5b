import { z } from 'zod';
import { apiBoolean, apiNumber, direction, userFilterTree } from './coerced.ts';
import { P_SIZES } from './session-summary.ts';

/** Epoch seconds, both included. */
const secondsRange = z.strictObject({ startTimeUnixSeconds: apiNumber, endTimeUnixSeconds: apiNumber });

/** What a list of users can be sorted by: its fields. */
export const USER_SORT_KEYS = [
  'id',
  'user_id',
  'active_for',
  'first_active',
  'last_active',
  'total_requests',
  'average_requests_per_day_active',
  'average_tokens_per_request',
  'total_completion_tokens',
  'total_prompt_tokens',
  'cost',
  'rate_limited_count',
  'total_errors',
  'total_sessions',
] as const;

export type UserSortKey = (typeof USER_SORT_KEYS)[number];

/** Body of `POST /v1/user/metrics/query`. */
export const userMetricsBody = z.strictObject({
  /** Over requests, and with `users_view` over what a user's requests add up to. */
  filter: userFilterTree,
  offset: apiNumber,
  limit: apiNumber,
  timeFilter: secondsRange.optional(),
  /** By whose days `active_for` counts, as JavaScript's `getTimezoneOffset`: local time is UTC minus this. */
  timeZoneDifferenceMinutes: apiNumber.optional(),
  /** One key. */
  sort: z.partialRecord(z.enum(USER_SORT_KEYS), direction).optional(),
});

/** Body of `POST /v1/user/metrics-overview/query`. */
export const userOverviewBody = z.strictObject({
  filter: userFilterTree,
  pSize: z.enum(P_SIZES).optional(),
  useInterquartile: apiBoolean.optional(),
});

/** Body of `POST /v1/user/query`. */
export const userQueryBody = z.strictObject({
  /** Left out: everybody. */
  userIds: z.array(z.string()).max(1000).optional(),
  timeFilter: secondsRange.optional(),
});
