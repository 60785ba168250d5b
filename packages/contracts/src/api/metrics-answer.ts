import { z } from 'zod';
import { count, envelope, timestampText, usd } from './answer-parts.ts';

/** Answer of a metric over time: a point per interval, with the instant at which it begins. */
export function seriesAnswer<Shape extends z.ZodRawShape>(point: Shape) {
  return envelope(z.array(z.strictObject({ time: timestampText, ...point })));
}

export const countSeriesAnswer = seriesAnswer({ count });
export const statusSeriesAnswer = seriesAnswer({ status: z.int(), count });
export const costSeriesAnswer = seriesAnswer({ cost: usd });
export const tokenSeriesAnswer = seriesAnswer({ prompt_tokens: count, completion_tokens: count });
export const latencySeriesAnswer = seriesAnswer({ duration: z.number().meta({ description: 'Mean, ms' }) });
export const firstTokenSeriesAnswer = seriesAnswer({ ttft: z.number().meta({ description: 'Mean, ms' }) });
export const quantileSeriesAnswer = seriesAnswer({
  p75: z.number(),
  p90: z.number(),
  p95: z.number(),
  p99: z.number(),
});

/** Answer of a metric that is a number of things. */
export const countAnswer = envelope(count);
/** Answer of a metric that is a mean in ms, 0 where there is nothing. */
export const meanAnswer = envelope(z.number());
export const costAnswer = envelope(usd);

/** Answer of `averageTokensPerRequest`. */
export const tokenMeansAnswer = envelope(
  z.strictObject({
    average_prompt_tokens_per_response: z.number(),
    average_completion_tokens_per_response: z.number(),
    average_total_tokens_per_response: z.number(),
  }),
);

/** Answer of `models`. */
export const modelSumsAnswer = envelope(
  z.array(
    z.strictObject({
      model: z.string(),
      total_requests: count,
      total_completion_tokens: count,
      total_prompt_token: count,
      total_tokens: count,
      cost: usd,
    }),
  ),
);

/** Answer of `country`: countries are not looked up. */
export const countriesAnswer = envelope(z.array(z.strictObject({ country: z.string(), total_requests: count })));

/** Answer of `POST /v1/dashboard/scores/query`. */
export const scoreSeriesAnswer = envelope(
  z.array(z.strictObject({ score_key: z.string(), score_sum: z.number(), created_at_trunc: timestampText })),
);
