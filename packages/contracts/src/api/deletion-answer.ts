import { z } from 'zod';
import { count, envelope } from './answer-parts.ts';

/** Answer of `DELETE /v1/session/{sessionId}` and `DELETE /v1/user/{userId}/data`. */
export const deletionAnswer = envelope(
  z.strictObject({ requests: count.meta({ description: 'How many were deleted' }) }),
);
