import { z } from 'zod';

/** A finite number; as existing clients rely on, its decimal text does as well. */
export const apiNumber = z.preprocess(
  (value) => (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value),
  z.number(),
);

/** A boolean, or its text. */
export const apiBoolean = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean(),
);

const anything = z.custom<unknown>((value) => value !== undefined, { error: "'filter' is required" });

/** A filter tree; `@throughline/filter-tree` reads it, and says in the OpenAPI document what it looks like. */
export const filterTree = anything.meta({ id: 'Filter' });

/** The same where conditions may also be about what a user's requests come to. */
export const userFilterTree = anything.meta({ id: 'UserFilter' });

export const direction = z.enum(['asc', 'desc']);
