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

/** A filter tree; `@throughline/filter-tree` reads it. */
export const filterTree = z.custom<unknown>((value) => value !== undefined, { error: "'filter' is required" });

export const direction = z.enum(['asc', 'desc']);
