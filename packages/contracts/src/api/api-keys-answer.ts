import { z } from 'zod';
import { envelope, timestampText } from './answer-parts.ts';

const apiKey = z
  .strictObject({
    id: z.string(),
    api_key_name: z.string(),
    key_permissions: z.string().meta({ description: 'One, or several with commas' }),
    hint: z.string().meta({ description: 'The last characters of the key' }),
    is_bootstrap: z.boolean().meta({ description: 'It comes with the configuration, and is changed there' }),
    created_at: timestampText,
    last_used_at: timestampText.nullable(),
    expires_at: timestampText.nullable().meta({ description: 'Null: valid until it is deleted' }),
  })
  .meta({ id: 'ApiKey' });

/** Answer of `GET /v1/api-keys`. */
export const apiKeysAnswer = envelope(z.array(apiKey));

/** Answer of `PATCH /v1/api-keys/{apiKeyId}`. */
export const apiKeyAnswer = envelope(apiKey);

const madeKey = {
  id: z.string(),
  apiKey: z.string().meta({ description: 'The key itself, shown this once' }),
  hashedKey: z.string(),
};

/** Answer of `POST /v1/api-keys`: what was made in `data`, and beside it as existing clients read it. */
export const madeKeyAnswer = envelope(z.strictObject(madeKey), madeKey);

/** Answer of `DELETE /v1/api-keys/{apiKeyId}`. */
export const deletedKeyAnswer = envelope(z.null());
