import { z } from 'zod';
import { apiNumber, filterTree } from './coerced.ts';
import { FEATURE_KINDS } from './contrast-answer.ts';
import {
  FLOW_DEPTH_MAX,
  FUNNEL_STEPS_MAX,
  foldPaths,
  pathLevels,
  patternStep,
  sessionPattern,
} from './session-pattern.ts';
import { sessionWindow } from './session-query.ts';

/** Which sessions: as in `POST /v1/session/query`, whose other fields mean nothing here. */
const selection = {
  /** Case-insensitive substring of the session's id or of one of its names; left out or `''` for no condition. */
  search: z.string().optional(),
  timeFilter: sessionWindow,
  /** One of the session's names, exactly; left out or `''` for no condition. */
  nameEquals: z.string().optional(),
  /** Left out: all. */
  filter: filterTree.optional(),
  pattern: sessionPattern.optional(),
};

/** Body of `POST /v1/session/flow/query`. */
export const sessionFlowBody = z.strictObject({
  ...selection,
  depthMax: z.int().min(1).max(FLOW_DEPTH_MAX).optional().meta({ description: 'Positions shown; 8 when left out' }),
  foldPaths: foldPaths.optional(),
  pathLevels: pathLevels.optional(),
  mergeBelow: z
    .number()
    .min(0.001)
    .max(1)
    .optional()
    .meta({ description: 'Nodes of a smaller share of the sessions become one, `other`; 0.01 when left out' }),
  collapseRepeats: z
    .boolean()
    .optional()
    .meta({ description: 'Calls of one path in a row are one step. True when left out' }),
});

export type SessionFlowBody = z.output<typeof sessionFlowBody>;

/** What a list of paths can be sorted by, most first. */
export const PATH_SORTS = ['cost', 'avg_cost', 'avg_latency', 'requests', 'errors', 'sessions'] as const;
export type PathSort = (typeof PATH_SORTS)[number];

/** Body of `POST /v1/session/path/query`. */
export const sessionPathBody = z.strictObject({
  ...selection,
  foldPaths: foldPaths.optional(),
  pathLevels: pathLevels.optional(),
  sort: z.enum(PATH_SORTS).optional().meta({ description: '`cost` when left out' }),
  limit: z.int().min(1).max(200).optional().meta({ description: '50 when left out' }),
});

/** Body of `POST /v1/session/funnel/query`. */
export const sessionFunnelBody = z.strictObject({
  ...selection,
  steps: z.array(patternStep).min(2).max(FUNNEL_STEPS_MAX),
  foldPaths: foldPaths.optional(),
});

/** One of two groups: whatever it says is asked beside what the body asks, its times and name in place of those. */
const group = z.strictObject({
  search: z.string().optional(),
  timeFilter: sessionWindow.optional(),
  nameEquals: z.string().optional(),
  filter: filterTree.optional(),
  pattern: sessionPattern.optional(),
});

export type ContrastGroup = z.output<typeof group>;

const share = apiNumber.pipe(z.number().gt(0).lt(1));

/** Body of `POST /v1/session/contrast/query`. */
export const sessionContrastBody = z.strictObject({
  ...selection,
  groups: z
    .union([
      z.strictObject({ dearest: share }),
      z.strictObject({ slowest: share }),
      z.strictObject({ failing: z.literal(true) }),
      z.strictObject({ a: group, b: group }),
    ])
    .meta({ description: 'A share of the sessions, or those with an error, against the rest; or two groups' }),
  foldPaths: foldPaths.optional(),
  kinds: z
    .array(z.enum(FEATURE_KINDS))
    .max(FEATURE_KINDS.length)
    .optional()
    .meta({ description: 'Kinds of features; all when left out. Properties take as long as all others together' }),
});

export type SessionContrastBody = z.output<typeof sessionContrastBody>;
