import { z } from 'zod';

/**
 * The envelope around everything that succeeds.
 *
 * @param data what stands in it. @param beside fields next to it, `next_cursor` for one.
 */
export function envelope<Data extends z.ZodType, Beside extends z.ZodRawShape = Record<never, never>>(
  data: Data,
  beside: Beside = {} as Beside,
) {
  return z.strictObject({ data, error: z.null(), ...beside });
}

/** ISO 8601 with milliseconds, in UTC or, where the call named a time zone, with its offset. Years may have six digits. */
export const timestampText = z
  .string()
  .regex(/^([+-]\d{2})?\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}(Z|[+-]\d{2}:\d{2})$/)
  .meta({ id: 'Timestamp', description: 'ISO 8601 with milliseconds; years may have a sign and six digits' });

/** How many there are. A sum may exceed 2^53, from where on it is the nearest double: `z.int()` would refuse it. */
export const count = z
  .number()
  .nonnegative()
  .refine(Number.isInteger)
  .meta({ override: { type: 'integer' } });

/** USD, exact to 1e-12 before it became a JSON number. */
export const usd = z.number().meta({ description: 'USD' });

/** Where the next page begins: goes into `cursor` of the next call. Null on the last page. */
export const nextCursor = z
  .string()
  .nullable()
  .meta({ description: '`cursor` of the next page; null on the last one' });

/** One bin of a histogram: decimal text from here to there, and how many values lie there. */
export const histogramBin = z
  .strictObject({ range_start: z.string(), range_end: z.string(), value: count })
  .meta({ id: 'HistogramBin' });

/** Nothing but that it worked. */
export const doneAnswer = envelope(z.strictObject({ ok: z.literal(true) }));
