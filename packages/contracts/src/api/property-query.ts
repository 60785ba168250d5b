import { z } from 'zod';
import { overTimeBody, timeRange } from './metrics-query.ts';

/** UTF-16 code units: longer than any header that a property could have come from. */
const TEXT_CHARS_MAX = 16_384;
const propertyKey = z.string().min(1).max(TEXT_CHARS_MAX);

/** Body of `POST /v1/property/query` and `/hidden/query`: nothing, or `{}`. */
export const nothingBody = z.strictObject({}).optional();

/** Body of `POST /v1/property/{key}/search`: a case-insensitive substring of the value; `''` for no condition. */
export const propertySearchBody = z.strictObject({ searchTerm: z.string().max(TEXT_CHARS_MAX) });

/** Body of `POST /v1/property/hide` and `/restore`. */
export const propertyKeyBody = z.strictObject({ key: propertyKey });

/** Body of `POST /v1/property/{key}/top-costs/query` and `/top-requests/query`: requests strictly between the two. */
export const propertyTopBody = z.strictObject({ timeFilter: timeRange });

/** Body of `POST /v1/property/properties/over-time`. */
export const propertyOverTimeBody = overTimeBody.extend({ propertyKey });
