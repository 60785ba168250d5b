import { z } from 'zod';
import { count, envelope } from './answer-parts.ts';
import { SESSION_FACETS, SESSION_RANGES, type SessionRange } from './session-facets.ts';

const facet = z
  .strictObject({
    facet: z.enum(SESSION_FACETS),
    property: z.string().nullable().meta({ description: 'Of the facet `property`: its key as it was asked for' }),
    values: z
      .array(
        z.strictObject({
          value: z.string().meta({ description: 'Empty: sessions that have none' }),
          sessions: count.meta({ description: 'Of the selected ones' }),
        }),
      )
      .meta({ description: 'Most sessions first, then by value' }),
    distinct: count.meta({ description: 'How many different values there are, or contain the text' }),
    incomplete_sessions: count.meta({
      description: 'Selected sessions with more values than their snapshot holds: the others do not count here',
    }),
  })
  .meta({ id: 'SessionFacet' });

const range = z
  .strictObject({
    min: z.number(),
    p5: z.number(),
    p25: z.number(),
    p50: z.number(),
    p75: z.number(),
    p95: z.number(),
    max: z.number(),
  })
  .meta({ id: 'SessionRange', description: 'Quantiles are exact, linear between two values' });

/** Answer of `POST /v1/session/facets/query`. */
export const sessionFacetsAnswer = envelope(
  z.strictObject({
    sessions: count.meta({ description: 'How many are selected' }),
    facets: z.array(facet).meta({ description: 'In the order in which they were asked for' }),
    ranges: z
      .strictObject(
        Object.fromEntries(SESSION_RANGES.map((name) => [name, range.nullable().optional()])) as Record<
          SessionRange,
          z.ZodOptional<z.ZodNullable<typeof range>>
        >,
      )
      .meta({ description: 'Those that were asked for; null where nothing is selected' }),
  }),
);
