import { z } from 'zod';
import { count, timestampText } from './answer-parts.ts';

/** Sessions that one stream may name. */
export const LIVE_SESSIONS_MAX = 20;

/** Query parameters of `GET /v1/live`. */
export const liveParameters = z.object({
  session: z
    .array(z.string())
    .max(LIVE_SESSIONS_MAX)
    .optional()
    .meta({ description: 'Id of a session to hear of, URL-encoded; repeated for several' }),
});

/** Data of the event `changed`: what the tenant's calls came to when the lists showed it. */
export const liveChanged = z
  .strictObject({
    as_of: timestampText.meta({ description: 'Up to when lists reflect what was recorded' }),
    requests: count,
    errors: count,
    annotations: count.meta({ description: 'Feedback, tags, scores, properties and deletions applied' }),
  })
  .meta({ id: 'LiveChanged' });

/** Data of the event `session`: of a session that the caller named. */
export const liveSession = z
  .strictObject({
    session_id: z.string(),
    state: z.enum(['live', 'stored', 'none']).meta({
      description:
        '`live`: its totals are at hand. `stored`: it has been idle, ask for it. `none`: there is no such session, or it was deleted',
    }),
    requests: count.nullable().meta({ description: 'Null unless it is live, as are the other figures' }),
    errors: count.nullable(),
    applied: z
      .int()
      .nullable()
      .meta({ description: 'Place in the log of what changed it last: greater after each change' }),
  })
  .meta({ id: 'LiveSession' });

/** The stream of `GET /v1/live`, as text. */
export const liveAnswer = z.string().meta({
  description:
    'Server-sent events: `changed` with the data of LiveChanged, `session` with that of LiveSession, and a comment every 15 seconds',
});
