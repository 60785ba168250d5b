import { z } from 'zod';
import { apiBoolean, apiNumber, filterTree } from './coerced.ts';
import { aggregateOver, sessionWindow } from './session-query.ts';

/** At which share of all values a histogram is cut off. */
export const P_SIZES = ['p50', 'p75', 'p95', 'p99', 'p99.9'] as const;
export type PSize = (typeof P_SIZES)[number];

const selection = {
  /** Minutes. */
  timezoneDifference: apiNumber,
  /** Left out: sessions of any time. */
  timeFilter: sessionWindow.optional(),
  /** Left out: all. */
  filter: filterTree.optional(),
  aggregateOver: aggregateOver.optional(),
  pSize: z.enum(P_SIZES).optional(),
  useInterquartile: apiBoolean.optional(),
};

/** Body of `POST /v1/session/name/query`. `pSize` and `useInterquartile` are accepted and mean nothing here. */
export const sessionNameQueryBody = z.strictObject({
  /** Case-insensitive substring of the name; `''` for every name. */
  nameContains: z.string(),
  ...selection,
  offset: apiNumber.optional(),
  limit: apiNumber.optional(),
});

export type SessionNameQueryBody = z.output<typeof sessionNameQueryBody>;

/** Body of `POST /v1/session/metrics/query`. */
export const sessionMetricsQueryBody = z.strictObject({
  /** Case-insensitive substring of one of the session's names; `''` for no condition. */
  nameContains: z.string(),
  /** One of the session's names, exactly; `''` for no condition. */
  nameEquals: z.string().optional(),
  ...selection,
});

export type SessionMetricsQueryBody = z.output<typeof sessionMetricsQueryBody>;
