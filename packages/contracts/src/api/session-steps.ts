import { z } from 'zod';
import { count, envelope } from './answer-parts.ts';

/** Query parameters of `GET /v1/session/{sessionId}/steps`. */
export const stepsParameters = z.object({
  since: z.string().optional().meta({ description: '`next` of the answer before: only what came since' }),
});

/** Steps of one answer. */
export const STEPS_MAX = 50_000;

/** Longest message of an error in it, characters; the request itself has all of it. */
export const STEP_MESSAGE_CHARS_MAX = 200;

const texts = z.array(z.string());
const counts = z.array(count);
const flags = z.array(z.boolean());
const ms = z.array(z.number());

/** Columns of the steps of a session: each an array with a value per step. */
export const STEP_COLUMNS = {
  position: counts.meta({
    description: 'What a step is known by in its session: one that came before is the same step, changed since',
  }),
  request_id: texts,
  path: texts.meta({ description: 'As it was sent' }),
  started_at: ms.meta({ description: 'Epoch ms: what the steps are ordered by, then by request id' }),
  latency_ms: ms,
  time_to_first_token_ms: z.array(z.number().nullable()),
  status: z.array(z.int()),
  is_error: flags,
  error_type: texts.meta({ description: 'Empty without one' }),
  error_message: texts.meta({ description: `At most ${STEP_MESSAGE_CHARS_MAX} characters of it` }),
  step_kind: texts.meta({ description: 'llm, tool, vector_db or data' }),
  model: texts,
  provider: texts,
  streamed: flags,
  finish_reason: texts,
  prompt_tokens: z.array(count.nullable()),
  completion_tokens: z.array(count.nullable()),
  reasoning_tokens: counts,
  prompt_cache_read_tokens: counts,
  prompt_cache_write_tokens: counts,
  usage_complete: flags,
  cost: z.array(z.number().nullable()).meta({ description: 'USD; null where it is not known' }),
  cost_source: texts.meta({ description: 'provider, table, estimated or none' }),
  user_id: texts,
  request_bytes: counts,
  response_bytes: counts,
  has_bodies: flags.meta({ description: 'Whether there was anything in its bodies' }),
  scores: z.array(z.record(z.string(), z.number()).nullable()).meta({ description: 'Null without any' }),
} as const;

export type StepColumn = keyof typeof STEP_COLUMNS;

/** Answer of `GET /v1/session/{sessionId}/steps`. */
export const stepsAnswer = envelope(
  z.strictObject({
    count: count.meta({ description: 'How many steps there are in each column' }),
    complete: z.boolean().meta({
      description:
        'True: these are all steps of the session, in the place of any that came before. False: those that are new or have changed since',
    }),
    truncated: z.boolean().meta({ description: `The session has more than ${STEPS_MAX}: these are the first` }),
    next: z.string().nullable().meta({ description: '`since` of the next call; null where steps are left out' }),
    columns: z.strictObject(STEP_COLUMNS),
  }),
);
