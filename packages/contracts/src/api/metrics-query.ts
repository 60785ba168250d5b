import { z } from 'zod';
import { apiBoolean, apiNumber, filterTree } from './coerced.ts';

/** Two ISO 8601 times; whether a request at one of them counts is the endpoint's to say. */
export const timeRange = z.strictObject({ start: z.string(), end: z.string() });

export const TIME_INCREMENTS = ['min', 'hour', 'day', 'week', 'month', 'year'] as const;
export type TimeIncrement = (typeof TIME_INCREMENTS)[number];

/** Body of the metrics that are one figure: requests from `start` to `end`, both included. */
export const metricBody = z.strictObject({ filter: filterTree, timeFilter: timeRange });

/** Body of the metrics that are a list: `models` and `country`. */
export const metricListBody = metricBody.extend({ offset: apiNumber.optional(), limit: apiNumber.optional() });

/** Body of a metric over time. The filter's name is `filter` or, as older clients say, `userFilter`. */
export const overTimeBody = z.strictObject({
  filter: filterTree.optional(),
  userFilter: filterTree.optional(),
  timeFilter: timeRange,
  /** One of `TIME_INCREMENTS`. */
  dbIncrement: z.string(),
  /** Minutes as JavaScript's `getTimezoneOffset` has them: local time is UTC minus this. */
  timeZoneDifference: apiNumber,
});

export type OverTimeBody = z.output<typeof overTimeBody>;

/** Body of `POST /v1/metrics/quantiles`: `metric` is one of `QUANTILE_METRICS`. */
export const quantilesBody = overTimeBody.extend({ metric: z.string() });

export const QUANTILE_METRICS = [
  'latency',
  'time_to_first_token',
  'prompt_tokens',
  'completion_tokens',
  'total_tokens',
  'cost',
] as const;
export type QuantileMetric = (typeof QUANTILE_METRICS)[number];

/** Body of `POST /v1/metrics/requestCount`. */
export const requestCountBody = z.strictObject({ filter: filterTree, isCached: apiBoolean.optional() });
