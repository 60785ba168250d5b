import { z } from 'zod';

/** UTF-16 code units: longer than any header that a path could have come from. */
const PATH_CHARS_MAX = 16_384;

/** As many as a person puts in order; each is a condition on every session. */
export const FUNNEL_STEPS_MAX = 20;
/** Steps of a flow side by side: more than a screen shows. */
export const FLOW_DEPTH_MAX = 32;

/** A path in any spelling: `plan/`, `/plan` and `/plan/` are one; `/` for requests without a path. */
const path = z.string().max(PATH_CHARS_MAX).meta({ description: 'In any spelling; `/` for requests without a path' });

/** A step that a session may take. `prefix`: the path, or one below it. `equals` when left out. */
export const patternStep = z.strictObject({ path, match: z.enum(['equals', 'prefix']).optional() });

export type PatternStep = z.output<typeof patternStep>;

export const funnelSteps = z.array(patternStep).min(1).max(FUNNEL_STEPS_MAX);

/** Paths are cut to so many segments: `/plan/search` to `/plan`. */
export const pathLevels = z.int().min(1).max(32);

/** Numbers and ids in paths are `{n}` and `{id}`. */
export const foldPaths = z.boolean().meta({
  description:
    'Segments of paths that are numbers count as `{n}`, UUIDs and hexadecimal digits from 16 on as `{id}`. True when left out',
});

/** What stands at a position of a flow: a path, or any but some. */
const flowPlace = z.union([
  z.strictObject({ path }),
  z.strictObject({ noneOf: z.array(path).max(1_000) }).meta({ description: 'Any path but these' }),
]);

/** Sessions that took some steps in order, not necessarily one right after the other. */
const funnelPattern = z.strictObject({
  steps: funnelSteps,
  reached: z
    .int()
    .min(1)
    .max(FUNNEL_STEPS_MAX)
    .optional()
    .meta({ description: 'So many of the steps or more. Left out, without `droppedAfter`: all' }),
  foldPaths: foldPaths.optional(),
  droppedAfter: z.int().min(0).max(FUNNEL_STEPS_MAX).optional().meta({ description: 'So many of the steps, no more' }),
});

/** Sessions at a place of their flow, by `position` from 1 on. */
const flowPattern = z.strictObject({
  position: z.int().min(1).max(FLOW_DEPTH_MAX),
  at: flowPlace.optional(),
  next: z
    .union([flowPlace, z.enum(['end', 'more', 'unknown'])])
    .optional()
    .meta({
      description:
        'The step after it. `end`: there is none. `more`: there is one, kept or not. `unknown`: there is one that is not kept',
    }),
  isLoop: z.boolean().optional().meta({ description: 'Whether the step after it goes back to a path from before' }),
  foldPaths: foldPaths.optional(),
  pathLevels: pathLevels.optional(),
  collapseRepeats: z.boolean().optional(),
});

/** Sessions that go straight from a path back to one where they had been. */
const loopPattern = z.strictObject({
  loop: z.strictObject({ from: path, to: path }).meta({
    description: 'From a path straight to one where the session had been; the same one: again, right after it',
  }),
  depthMax: z
    .int()
    .min(1)
    .max(FLOW_DEPTH_MAX)
    .optional()
    .meta({ description: 'Among so many of the first steps; all that are kept when left out' }),
  foldPaths: foldPaths.optional(),
  pathLevels: pathLevels.optional(),
  collapseRepeats: z.boolean().optional(),
});

/** A condition on the steps of a session. Sessions whose steps are not known satisfy none. */
export const sessionPattern = z.union([funnelPattern, flowPattern, loopPattern]).meta({ id: 'SessionPattern' });

export type SessionPattern = z.output<typeof sessionPattern>;
export type FunnelPattern = z.output<typeof funnelPattern>;
export type FlowPattern = z.output<typeof flowPattern>;
export type LoopPattern = z.output<typeof loopPattern>;
export type FlowPlace = z.output<typeof flowPlace>;
