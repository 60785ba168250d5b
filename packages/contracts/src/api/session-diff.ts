import { z } from 'zod';
import { COMPARED_FIGURE_NAMES, type ComparedFigure } from '../compared-figures.ts';
import { count, envelope, nextCursor } from './answer-parts.ts';

/** Steps of each session that are compared; of a longer one the first. */
export const DIFF_STEPS_MAX = 10_000;

/** Characters of one text in an answer, together; and of what is equal around a change. */
export const DIFF_TEXT_CHARS_MAX = 8_000;
export const DIFF_CONTEXT_CHARS = 120;

const yesOrNo = z.enum(['true', 'false']).optional();

/** Query parameters of `GET /v1/session/{sessionId}/diff/{otherSessionId}`. */
export const diffParameters = z.object({
  text: yesOrNo.meta({ description: '`false`: without the texts of requests and responses' }),
  changed: yesOrNo.meta({ description: '`true`: only steps that are not equal' }),
  path: z.string().optional().meta({ description: 'Only steps of this path, and of paths below it' }),
  request: z
    .string()
    .optional()
    .meta({ description: 'Only the step that this request, of either session, is part of' }),
  cursor: z.string().optional().meta({ description: '`next_cursor` of the page before' }),
  limit: z.int().min(1).max(1000).optional().meta({
    description: 'Steps of a page, 50 when left out; with long texts there may be fewer',
  }),
});

/** What a step may differ in. Latency is not among it: no two calls take the same time. */
export const DIFF_FIELDS = [
  'path',
  'kind',
  'status',
  'error',
  'model',
  'provider',
  'finish_reason',
  'request',
  'response',
  'tokens',
  'cost',
] as const;
export type DiffField = (typeof DIFF_FIELDS)[number];

/**
 * What there is of a body. `omitted`: its caller asked for it not to be stored; `gone`: it was stored no longer than its
 * tenant keeps bodies, or not at all; `too_large`: it is there, and more than is compared; `binary`: it is no text.
 */
export const DIFF_BODIES = [
  'whole',
  'truncated',
  'none',
  'omitted',
  'gone',
  'deleted',
  'lost',
  'too_large',
  'binary',
  'not_permitted',
] as const;
export type DiffBody = (typeof DIFF_BODIES)[number];

const bodyState = z.enum(DIFF_BODIES).meta({
  description:
    'What there is of the body: `omitted` by its caller, `gone` with its retention, `too_large` to be compared, `not_permitted` for keys that may not read bodies',
});

const stepSide = z
  .strictObject({
    request_id: z.string(),
    path: z.string(),
    kind: z.string().meta({ description: 'llm, tool, vector_db or data' }),
    started_ms: z.number().meta({ description: 'After the first request of its session' }),
    latency_ms: z.number(),
    status: z.int(),
    error: z.strictObject({ type: z.string(), message: z.string() }).nullable(),
    model: z.string(),
    provider: z.string(),
    finish_reason: z.string().nullable(),
    cost: z.number().nullable().meta({ description: 'USD; null where it is not known' }),
    prompt_tokens: count.nullable(),
    completion_tokens: count.nullable(),
    request: bodyState,
    response: bodyState,
  })
  .meta({ id: 'DiffStepSide' });

const piece = z
  .strictObject({
    op: z.enum(['equal', 'insert', 'delete']),
    text: z.string(),
    omitted: count.optional().meta({ description: 'Characters of the same op behind `text` that are left out' }),
  })
  .meta({ id: 'DiffPiece' });

const textDiff = z
  .array(piece)
  .nullable()
  .meta({
    description: `Word by word, at most ${DIFF_TEXT_CHARS_MAX} characters; null where they are equal, there is nothing to compare, or texts were not asked for`,
  });

const step = z
  .strictObject({
    path: z.string().meta({ description: 'Of the first session, unless the step is only in the second' }),
    state: z.enum(['equal', 'changed', 'only_a', 'only_b']),
    changed: z.array(z.enum(DIFF_FIELDS)).meta({ description: 'What differs; empty unless `changed`' }),
    compared: z.boolean().meta({ description: 'False where a body of it could not be compared, or is in one alone' }),
    replayed: z.boolean().meta({ description: 'One names the other as what it repeats' }),
    a: stepSide.nullable(),
    b: stepSide.nullable(),
    request: textDiff,
    response: textDiff,
  })
  .meta({ id: 'DiffStep' });

const figure = z.number().nullable();
const change = z.strictObject({ absolute: figure, ratio: figure });

function perFigure<T extends z.ZodType>(schema: T): Record<ComparedFigure, T> {
  return Object.fromEntries(COMPARED_FIGURE_NAMES.map((name) => [name, schema])) as Record<ComparedFigure, T>;
}

const summarySide = z
  .strictObject({
    session_id: z.string(),
    session_name: z.string(),
    figures: z.strictObject(perFigure(figure)).meta({
      id: 'ComparedTotals',
      description: 'USD, ms and counts; null where it is not known. Tokens are prompt and completion',
    }),
    cost_complete: z.boolean().meta({ description: 'False where the cost of some request is not known' }),
    models: z.array(z.string()),
  })
  .meta({ id: 'DiffSummarySide' });

/** Of a comparison of two sessions, what comes first. */
export const diffSummary = z
  .strictObject({
    a: summarySide,
    b: summarySide,
    change: z.strictObject(perFigure(change)).meta({
      id: 'ComparedChange',
      description:
        '`absolute`: b less a. `ratio`: b by a, 1 where both are 0. Null where one is not known; ratio also where a is 0',
    }),
    steps: z.strictObject({
      equal: count,
      changed: count,
      only_a: count,
      only_b: count,
      not_compared: count.meta({ description: 'Equal and changed ones of which a body could not be compared' }),
    }),
    truncated: z.boolean().meta({
      description: `One of them has more than ${DIFF_STEPS_MAX} steps: the first of each are compared`,
    }),
  })
  .meta({ id: 'DiffSummary' });

/** Answer of `GET /v1/session/{sessionId}/diff/{otherSessionId}`. Counts of steps are of those that were asked for by path. */
export const diffAnswer = envelope(z.strictObject({ summary: diffSummary, steps: z.array(step) }), {
  next_cursor: nextCursor,
});

export type DiffAnswer = z.output<typeof diffAnswer>;
export type DiffStep = z.output<typeof step>;
export type DiffStepSide = z.output<typeof stepSide>;
export type DiffPiece = z.output<typeof piece>;
export type DiffSummary = z.output<typeof diffSummary>;
