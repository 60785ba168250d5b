import { z } from 'zod';
import { envelope, nextCursor, timestampText } from './answer-parts.ts';

/** Answer of `GET /v1/system/audit`: who did what, newest first. */
export const auditAnswer = envelope(
  z.array(
    z.strictObject({
      id: z.string(),
      at: timestampText,
      actor: z.strictObject({ tenant_id: z.string(), key_id: z.string() }),
      action: z.string(),
      tenant_id: z.string().meta({ description: 'Whose key or data it is about' }),
      target: z.string(),
      details: z.record(z.string(), z.string()),
    }),
  ),
  { next_cursor: nextCursor },
);
