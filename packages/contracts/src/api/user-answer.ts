import { z } from 'zod';
import { count, envelope, histogramBin, timestampText, usd } from './answer-parts.ts';

const user = z
  .strictObject({
    id: z.string(),
    user_id: z.string(),
    active_for: count.meta({ description: 'Days with a request' }),
    first_active: timestampText,
    last_active: timestampText,
    total_requests: count,
    average_requests_per_day_active: z.number(),
    average_tokens_per_request: z.number(),
    total_completion_tokens: count,
    total_prompt_tokens: count,
    cost: usd,
    rate_limited_count: count,
    total_errors: count.meta({ description: 'Requests that failed' }),
    total_sessions: count.meta({ description: 'Sessions with a request of theirs' }),
  })
  .meta({ id: 'User' });

/** Answer of `POST /v1/user/metrics/query`. */
export const userMetricsAnswer = envelope(
  z.strictObject({
    users: z.array(user),
    count: count.meta({ description: 'How many are selected' }),
    hasUsers: z.boolean().meta({ description: 'Whether there are any at all' }),
  }),
);

/** Answer of `POST /v1/user/metrics-overview/query`. */
export const userOverviewAnswer = envelope(
  z.strictObject({ request_count: z.array(histogramBin), user_cost: z.array(histogramBin) }),
);

/** Answer of `POST /v1/user/query`. */
export const userSumsAnswer = envelope(
  z.array(z.strictObject({ user_id: z.string(), count, prompt_tokens: count, completion_tokens: count, cost: usd })),
);
