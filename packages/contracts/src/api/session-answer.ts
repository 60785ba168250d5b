import { z } from 'zod';
import { count, envelope, nextCursor, timestampText, usd } from './answer-parts.ts';

const session = {
  created_at: timestampText,
  latest_request_created_at: timestampText,
  session_id: z.string(),
  session_name: z.string().meta({ description: 'The name on its latest request that has one' }),
  session_names: z.array(z.string()),
  total_cost: z.number().meta({ description: 'USD over the priced requests' }),
  cost_complete: z.boolean(),
  unpriced_requests: count,
  total_requests: count,
  error_count: count,
  success_rate: z.number().min(0).max(1),
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  reasoning_tokens: count,
  prompt_cache_read_tokens: count,
  prompt_cache_write_tokens: count,
  avg_latency: z.number().meta({ description: 'ms' }),
  p95_latency: z.number().meta({ description: 'ms, within 1%' }),
  duration_ms: z.number().meta({ description: 'From the start of the first request to the end of the last' }),
  user_ids: z.array(z.string()),
  models: z.array(z.string()),
  providers: z.array(z.string()),
  tag: z.string().nullable(),
  feedback: z.boolean().nullable(),
  scores: z.record(z.string(), z.number()),
  live: z.boolean().meta({ description: 'A request began within the last 5 minutes' }),
  truncated_fields: z.array(z.string()).meta({ description: 'Sets that have more members than are shown' }),
  deleted_bodies: z.boolean(),
};

/** A session with its totals. */
export const sessionSchema = z.strictObject(session).meta({ id: 'Session' });

/** Answer of `POST /v1/session/query`. */
export const sessionPageAnswer = envelope(z.array(sessionSchema), { next_cursor: nextCursor });

/** Answer of `POST /v1/session/count`: means are 0 where nothing is selected. */
export const sessionCountAnswer = envelope(
  z.strictObject({ count, total_cost: usd, avg_cost: usd, avg_latency: z.number(), avg_requests: z.number() }),
);

const pathFigures = z
  .strictObject({
    requests: count,
    cost: z.number().nullable().meta({ description: 'USD; null where there are requests and none is priced' }),
    prompt_tokens: count,
    completion_tokens: count,
    errors: count,
    latency_ms_sum: z.number(),
    first_at: z.number().nullable().meta({ description: 'Epoch ms; null without requests' }),
    last_at: z.number().nullable().meta({ description: 'Epoch ms; null without requests' }),
  })
  .meta({ id: 'PathFigures' });

const pathNode = z
  .strictObject({
    path: z.string(),
    own: pathFigures,
    total: pathFigures,
    get children(): z.ZodArray<typeof pathNode> {
      return z.array(pathNode);
    },
  })
  .meta({ id: 'PathNode' });

/** Answer of `GET /v1/session/{sessionId}`: the session with its path tree. */
export const oneSessionAnswer = envelope(
  z.strictObject({ ...session, tree: z.array(pathNode), tree_truncated: z.boolean() }).meta({ id: 'SessionWithTree' }),
);
