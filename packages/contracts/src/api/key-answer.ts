import { z } from 'zod';
import { PERMISSIONS } from '../keys.ts';
import { envelope, timestampText } from './answer-parts.ts';

/** Answer of `GET /v1/key`: of the key that the call was made with. */
export const usedKeyAnswer = envelope(
  z
    .strictObject({
      id: z.string(),
      name: z.string(),
      permissions: z.array(z.enum(PERMISSIONS)),
      tenant_id: z.string(),
      is_bootstrap: z.boolean().meta({ description: 'It comes with the configuration, and is changed there' }),
      expires_at: timestampText.nullable().meta({ description: 'Null: valid until it is deleted' }),
    })
    .meta({ id: 'UsedKey' }),
);
