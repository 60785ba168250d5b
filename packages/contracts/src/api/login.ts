import { z } from 'zod';
import { PERMISSIONS } from '../keys.ts';
import { envelope, timestampText } from './answer-parts.ts';

/** Characters: several times what a token has. */
const TOKEN_CHARS_MAX = 256;

/** Body of `POST /v1/login`. */
export const loginBody = z.strictObject({
  token: z.string().min(1).max(TOKEN_CHARS_MAX).meta({ description: 'What stands behind `#token=` in the link' }),
});

/** Answer of `POST /v1/login`. */
export const loginAnswer = envelope(
  z.strictObject({
    api_key: z.string().meta({ description: 'A new key, shown this once' }),
    expires_at: timestampText,
    permissions: z.array(z.enum(PERMISSIONS)),
  }),
);
