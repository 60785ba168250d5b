import { z } from 'zod';
import { count, envelope } from './answer-parts.ts';
import { markPattern } from './flow-answer.ts';

const share = z.number().min(0).max(1);

/** Answer of `POST /v1/session/funnel/query`: shares of nothing are 0. */
export const sessionFunnelAnswer = envelope(
  z
    .strictObject({
      sessions: count.meta({ description: 'All that are selected' }),
      sessions_without_steps: count.meta({ description: 'Of these, left out: stored before steps were kept' }),
      truncated_sessions: count.meta({ description: 'Of the others, with more steps than are kept of a session' }),
      steps: z.array(
        z
          .strictObject({
            path: z.string(),
            match: z.enum(['equals', 'prefix']),
            sessions: count.meta({ description: 'That reached it, after the steps before it' }),
            share_of_first: share,
            share_of_previous: share.meta({ description: 'Of the first step: of all sessions with known steps' }),
            dropped: count.meta({ description: 'That reached the step before it, and not this one' }),
            reached_pattern: markPattern,
            dropped_pattern: markPattern,
          })
          .meta({ id: 'FunnelStep' }),
      ),
    })
    .meta({ id: 'SessionFunnel' }),
);
