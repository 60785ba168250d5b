import { z } from 'zod';
import { envelope } from './answer-parts.ts';

/** Answer of everything that is said after the fact and gives nothing back. */
export const saidAnswer = envelope(z.null());

/** Answer of `GET /v1/session/{sessionId}/tag`. */
export const tagAnswer = envelope(z.string().nullable().meta({ description: 'Null: it has none' }));

/** Answer of `PUT /v1/request/{requestId}/property`. */
export const propertySetAnswer = envelope(z.null(), { ok: z.literal('true') });

/** Answer of `POST /v1/feedback`, without an envelope. */
export const legacyFeedbackAnswer = z.strictObject({ message: z.string(), helicone_id: z.string() });
