import { z } from 'zod';
import { count, envelope, timestampText, usd } from './answer-parts.ts';

/** New sessions that one replay makes. */
export const REPLAY_TIMES_MAX = 20;
/** Steps of one replay, over all its sessions. */
export const REPLAY_STEPS_MAX = 20_000;
/** Paths, replacements and keys that one body names. */
const NAMED_MAX = 100;

const path = z.string().meta({ description: 'As the step was sent with it' });

const overrides = z.strictObject({
  model: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'In the body, or in the path where the path names the model' }),
  provider: z.string().optional().meta({ description: 'Name of the provider that is asked instead, on the same path' }),
  targetUrl: z.string().optional().meta({
    description:
      'Where it is sent instead: an origin, which gets the recorded path, or the whole URL of an endpoint. Not with `provider`',
  }),
  temperature: z.number().nullable().optional().meta({ description: 'Where the API has it; null leaves it out' }),
  body: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: 'Top-level members of the body by name; null leaves one out' }),
  systemPrompt: z.string().optional().meta({ description: 'In the place of the system message' }),
  replace: z
    .array(z.strictObject({ find: z.string().min(1), replaceWith: z.string() }))
    .max(NAMED_MAX)
    .optional()
    .meta({ description: 'Literal texts, in system message and messages, wherever they stand, in this order' }),
});

/** Body of `POST /v1/session/{sessionId}/replay`. */
export const replayBody = z.strictObject({
  sessionId: z.string().optional().meta({
    description: 'Id of the new session, which there must not be yet; with `times`, what `-1` to `-k` are put behind',
  }),
  overrides: overrides.optional(),
  paths: z
    .array(z.union([path, z.strictObject({ path, match: z.enum(['equals', 'prefix']).optional() })]))
    .min(1)
    .max(NAMED_MAX)
    .optional()
    .meta({ description: 'Only steps with one of these paths; `prefix`: also those below it' }),
  fromStep: z
    .union([z.int().min(1), z.string()])
    .optional()
    .meta({ description: 'Without those that began before this one: its number from 1, or its request id' }),
  times: z.int().min(1).max(REPLAY_TIMES_MAX).optional().meta({ description: '1 when left out' }),
  maxCostUsd: z
    .number()
    .nonnegative()
    .optional()
    .meta({ description: 'Once finished steps have cost as much, no further one begins' }),
  thread: z.boolean().optional().meta({ description: 'New answers take the place of recorded ones in later requests' }),
  toolPacing: z
    .enum(['recorded', 'none'])
    .optional()
    .meta({ description: '`recorded`, as when left out: copied steps take as long as they took' }),
  stopOnError: z.boolean().optional().meta({ description: 'No further step begins once one has failed' }),
  cancelOnClose: z.boolean().optional().meta({ description: 'Who closes the stream of events cancels the replay' }),
  dryRun: z.boolean().optional().meta({ description: 'Nothing is sent: the plan is answered' }),
  providerKey: z.string().optional().meta({
    description: 'Key for the one provider that is asked, or for `targetUrl`. It is not stored',
  }),
  providerKeys: z.record(z.string(), z.string()).optional().meta({
    description: 'Keys by name of the provider, or by origin where it is none that is known. They are not stored',
  }),
});

export type ReplayBody = z.infer<typeof replayBody>;

const requestId = z.string().meta({ description: 'Of the recorded request' });
const cost = usd.nullable().meta({ description: 'USD; null where it is not known' });

/** Why a step cannot be sent or copied. */
const problem = z
  .strictObject({ request_id: requestId, path, reason: z.string() })
  .meta({ id: 'ReplayProblem', description: 'A step that cannot be sent again, or not be copied' });

const plannedStep = z
  .strictObject({
    index: count.meta({ description: 'From 1, in the order in which the recorded steps began' }),
    request_id: requestId,
    path,
    kind: z.string().meta({ description: 'llm, tool, vector_db or data' }),
    action: z.enum(['send', 'copy', 'leave-out', 'cannot']).meta({
      description: '`cannot`: it stands in the way of the replay, and is one of `problems`',
    }),
    reason: z.string().nullable().meta({ description: 'Why it is left out, or cannot be done; else null' }),
    provider: z.string(),
    model: z.string(),
    target: z.string().meta({
      description:
        'Origin that it is sent to, by PROVIDER_<NAME>_URL as this service has it; empty where it is not sent, or only the gateway knows',
    }),
    recorded_cost: cost,
    estimated_cost: cost.meta({ description: 'Of the recorded tokens with the new model; null where it is not known' }),
  })
  .meta({ id: 'ReplayPlanStep' });

const sums = {
  session_id: z.string().meta({ description: 'The recorded session' }),
  session_ids: z.array(z.string()).meta({ description: 'The new ones' }),
  steps: count.meta({ description: 'Over all new sessions, without those that are left out' }),
  sends: count,
  copies: count,
  left_out: count.meta({ description: 'Steps that are left out, of one session' }),
  blocked: count.meta({ description: 'Of them, calls that moderation or a rate limit kept from the provider' }),
  estimated_cost: cost.meta({
    description:
      'USD, over all new sessions, of the steps whose cost can be told; null where it can of none that is sent',
  }),
  unpriced_steps: count.meta({ description: 'Steps that are sent, over all new sessions, whose cost cannot be told' }),
};

/** Answer to `dryRun`. */
const replayPlan = z
  .strictObject({
    ...sums,
    needs_keys: z
      .array(z.string())
      .meta({ description: 'Providers and origins that steps go to and no key was given for' }),
    problems: z.array(problem),
    plan: z.array(plannedStep),
  })
  .meta({ id: 'ReplayPlan' });

const status = z.enum(['running', 'completed', 'stopped', 'cancelled', 'failed']).meta({
  description:
    '`stopped`: by `maxCostUsd` or `stopOnError`. `failed`: it could not go on, which is no matter of what providers answer',
});

const figures = {
  done: count.meta({ description: 'Steps that have ended' }),
  errors: count.meta({ description: 'Of them, those that failed' }),
  cost: usd.meta({ description: 'USD, of those whose cost is known' }),
  unpriced: count.meta({ description: 'Those that were sent and whose cost is not known' }),
  threaded: count.meta({ description: 'Recorded answers that new ones took the place of' }),
  kept: count.meta({ description: 'Recorded answers that stayed, since the new one does not fit what follows' }),
  replaced: count.meta({ description: 'Places in which a text of `replace` was found' }),
};

/** A replay as it stands. */
const replayState = z
  .strictObject({
    replay_id: z.string(),
    status,
    reason: z.string().nullable().meta({ description: 'Why it has not completed; null where it has, or goes on' }),
    ...sums,
    ...figures,
    started_at: timestampText,
    ended_at: timestampText.nullable(),
  })
  .meta({ id: 'ReplayState' });

export type ReplayState = z.infer<typeof replayState>;
export type ReplayPlan = z.infer<typeof replayPlan>;
export type ReplayPlannedStep = z.infer<typeof plannedStep>;
export type ReplayProblem = z.infer<typeof problem>;

/** Answer of `POST /v1/session/{sessionId}/replay` with `dryRun`. */
export const replayPlanAnswer = envelope(replayPlan);

/** Without it, of status 202. */
export const replayStartedAnswer = envelope(
  z.strictObject({ replay_id: z.string(), session_ids: z.array(z.string()) }).meta({ id: 'ReplayStarted' }),
);

/** Answer of `GET` and `DELETE /v1/replay/{replayId}`. */
export const replayStateAnswer = envelope(replayState);

/** The events of a replay, as text. */
export const replayEvents = z.string().meta({
  description:
    'Server-sent events: `started` and `finished` with the data of ReplayState, `step` as each step ends, and comments in between',
});

/** Data of the event `step`: a step that has ended. */
export const replayStepEvent = z
  .strictObject({
    session_id: z.string().meta({ description: 'The new session' }),
    index: count,
    path,
    kind: z.string(),
    action: z.enum(['send', 'copy']),
    replay_of: requestId,
    request_id: z.string().nullable().meta({ description: 'Of the new request; null where none was recorded' }),
    status: z.int().meta({
      description: 'HTTP; -3 for one that was cancelled, 0 where the gateway did not answer, or nothing could be sent',
    }),
    error: z.string().nullable(),
    cost,
    latency_ms: z.number().meta({ description: 'Of a copy, the recorded one' }),
    threaded: count,
    kept: count,
    replaced: count,
  })
  .meta({ id: 'ReplayStep' });

export type ReplayStepEvent = z.infer<typeof replayStepEvent>;
