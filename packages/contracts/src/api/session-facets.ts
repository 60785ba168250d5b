import { z } from 'zod';
import { apiNumber } from './coerced.ts';
import { sessionSelection } from './session-query.ts';

/** What sessions can be counted by. Each but `property` by name alone. */
export const SESSION_FACETS = [
  'name',
  'model',
  'provider',
  'status',
  'user',
  'tag',
  'feedback',
  'property_keys',
  'property',
] as const;
export type SessionFacet = (typeof SESSION_FACETS)[number];

/** Figures of a session that a range can be chosen of. */
export const SESSION_RANGES = [
  'cost',
  'requests',
  'tokens',
  'duration_ms',
  'avg_latency',
  'p95_latency',
  'errors',
] as const;
export type SessionRange = (typeof SESSION_RANGES)[number];

/** Facets of one call, and values of one facet: more than a page shows. */
export const FACETS_MAX = 20;
export const FACET_VALUES_MAX = 100;

const TEXT_CHARS_MAX = 16_384;

const facet = z
  .strictObject({
    facet: z.enum(SESSION_FACETS),
    /** Of `property`: the key. */
    property: z.string().min(1).max(TEXT_CHARS_MAX).optional(),
    /** 1 … 100, 10 when left out. */
    limit: apiNumber.optional(),
    /** Only values that contain this text in any case; `''` for all. */
    contains: z.string().max(TEXT_CHARS_MAX).optional(),
  })
  .refine(({ facet, property }) => (facet === 'property') === (property !== undefined), {
    path: ['property'],
    error: "'property' is required with the facet property, and means nothing beside another",
  });

/** Body of `POST /v1/session/facets/query`. */
export const sessionFacetsBody = z.strictObject({
  ...sessionSelection,
  facets: z.array(facet).max(FACETS_MAX),
  /** Left out: none. */
  ranges: z.array(z.enum(SESSION_RANGES)).max(SESSION_RANGES.length).optional(),
});

export type SessionFacetsBody = z.output<typeof sessionFacetsBody>;
