import { z } from 'zod';
import { count, envelope, timestampText, usd } from './answer-parts.ts';
import { apiNumber } from './coerced.ts';
import { sessionSelection } from './session-query.ts';

/** Body of `POST /v1/session/over-time/query`. Intervals begin by the wall clock of `timezoneDifference`. */
export const sessionOverTimeBody = z.strictObject({
  ...sessionSelection,
  /** One of `TIME_INCREMENTS`. */
  dbIncrement: z.string(),
  /** How many of them an interval is long, 1 when left out: 15 with `min`, 6 with `hour`. */
  every: apiNumber.optional(),
});

export type SessionOverTimeBody = z.output<typeof sessionOverTimeBody>;

const figures = {
  sessions: count,
  failing_sessions: count.meta({ description: 'With an error' }),
  requests: count,
  errors: count,
  cost: usd,
  prompt_tokens: count,
  completion_tokens: count,
  avg_duration_ms: z.number().meta({ description: 'Mean over the sessions, 0 without any' }),
};

/** Answer of `POST /v1/session/over-time/query`. */
export const sessionOverTimeAnswer = envelope(
  z.strictObject({
    before: z
      .strictObject(figures)
      .meta({ description: 'Of those that began before the first interval and had a request in the window' }),
    points: z
      .array(z.strictObject({ time: timestampText, ...figures }))
      .meta({ description: 'Of the sessions that began in each interval, the empty ones included' }),
  }),
);
