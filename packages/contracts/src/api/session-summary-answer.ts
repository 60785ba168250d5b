import { z } from 'zod';
import { count, envelope, histogramBin, timestampText, usd } from './answer-parts.ts';

/** Answer of `POST /v1/session/name/query`. */
export const sessionNamesAnswer = envelope(
  z.array(
    z
      .strictObject({
        name: z.string(),
        created_at: timestampText,
        first_used: timestampText,
        last_used: timestampText,
        session_count: count,
        avg_latency: z.number().meta({ description: 'ms per request' }),
      })
      .meta({ id: 'SessionName' }),
  ),
);

const histogram = z.array(histogramBin);
const mean = z.number().nullable();
const average = z.tuple([z.strictObject({ average: mean })]);

/** Answer of `POST /v1/session/metrics/query`: means are null where nothing is selected. */
export const sessionMetricsAnswer = envelope(
  z
    .strictObject({
      session_count: histogram.meta({ description: 'Of requests per session' }),
      session_duration: histogram.meta({ description: 'Of seconds from the first to the last request' }),
      session_cost: histogram.meta({ description: 'Of USD per session' }),
      average: z.strictObject({ session_count: average, session_duration: average, session_cost: average }),
      total_cost: usd,
      session_count_total: count,
      avg_latency: mean.meta({ description: 'ms per request' }),
      success_rate: mean,
    })
    .meta({ id: 'SessionMetrics' }),
);

/** Answer of `GET /v1/session/has-session`. */
export const hasSessionAnswer = envelope(z.boolean());
