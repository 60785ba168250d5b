import { z } from 'zod';
import { count, envelope } from './answer-parts.ts';
import { markPattern } from './flow-answer.ts';

/** Quantities of a session that are compared. */
export const CONTRAST_METRICS = [
  'cost',
  'duration_ms',
  'requests',
  'errors',
  'success_rate',
  'tokens',
  'avg_latency',
] as const;
export type ContrastMetric = (typeof CONTRAST_METRICS)[number];

/** What a session has or has not. */
export const FEATURE_KINDS = ['path', 'model', 'provider', 'status', 'property', 'requests'] as const;
export type FeatureKind = (typeof FEATURE_KINDS)[number];

const linkFilter = z.record(z.string(), z.unknown()).nullable().meta({ description: 'A filter tree' });

const group = z
  .strictObject({
    sessions: count,
    sessions_without_paths: count.meta({ description: 'Of these, stored before paths were kept' }),
    filter: linkFilter.meta({
      description: 'What selects it among the selected sessions; null where the body says which they are',
    }),
  })
  .meta({ id: 'ContrastGroup' });

const figures = z
  .strictObject({
    mean: z.number(),
    p50: z.number().meta({ description: 'Within 1%' }),
    p95: z.number().meta({ description: 'Within 1%' }),
  })
  .meta({ id: 'ContrastFigures' });

const interval = z.tuple([z.number(), z.number()]).nullable();

const metric = z
  .strictObject({
    metric: z.enum(CONTRAST_METRICS),
    a: figures.nullable().meta({ description: 'Null without sessions' }),
    b: figures.nullable().meta({ description: 'Null without sessions' }),
    difference: z.number().nullable().meta({ description: 'Mean of a minus mean of b' }),
    interval: interval.meta({ description: 'Of the difference, 95%; null for fewer than two sessions in a group' }),
    ratio: z.number().nullable().meta({ description: 'Mean of a to mean of b; null where that is 0' }),
    effect: z.number().min(-1).max(1).nullable().meta({ description: "Cliff's delta, values within 1% being equal" }),
  })
  .meta({ id: 'ContrastMetric' });

const having = z.strictObject({ sessions: count, share: z.number().min(0).max(1) });

const feature = z
  .strictObject({
    kind: z.enum(FEATURE_KINDS),
    key: z.string().nullable().meta({ description: 'Of a property; null for other kinds' }),
    value: z.string(),
    a: having,
    b: having,
    difference: z.number().meta({ description: 'Share of a minus share of b' }),
    interval: z.tuple([z.number(), z.number()]).meta({ description: 'Of the difference, 95%' }),
    lift: z.number().nullable().meta({ description: 'Share of a to share of b; null where that is 0' }),
    effect: z.number().meta({ description: "Cohen's h, from −π to π" }),
    filter: linkFilter.meta({ description: 'What selects the sessions that have it; null where `pattern` does' }),
    pattern: markPattern.nullable(),
  })
  .meta({ id: 'ContrastFeature' });

/** Answer of `POST /v1/session/contrast/query`. */
export const sessionContrastAnswer = envelope(
  z
    .strictObject({
      a: group,
      b: group,
      metrics: z.array(metric),
      features: z.array(feature).meta({ description: 'Largest effect first, at most 50 of a kind' }),
    })
    .meta({ id: 'SessionContrast' }),
);
