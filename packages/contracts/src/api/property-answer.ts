import { z } from 'zod';
import { count, envelope, timestampText, usd } from './answer-parts.ts';

/** Answer of `POST /v1/property/query` and `/hidden/query`. */
export const propertyKeysAnswer = envelope(z.array(z.strictObject({ property: z.string() })));

/** Answer of `POST /v1/property/{propertyKey}/search`. */
export const propertyValuesAnswer = envelope(z.array(z.string()));

/** Answer of `POST /v1/property/{propertyKey}/top-costs/query`. */
export const propertyCostsAnswer = envelope(z.array(z.strictObject({ value: z.string(), cost: usd })));

/** Answer of `POST /v1/property/{propertyKey}/top-requests/query`. */
export const propertyRequestsAnswer = envelope(z.array(z.strictObject({ value: z.string(), count })));

/** Answer of `POST /v1/property/properties/over-time`. */
export const propertySeriesAnswer = envelope(
  z.array(
    z.strictObject({
      property: z.string(),
      total_cost: usd,
      request_count: count,
      created_at_trunc: timestampText,
    }),
  ),
);
