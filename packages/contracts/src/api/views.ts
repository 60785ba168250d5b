import { z } from 'zod';
import { envelope, timestampText } from './answer-parts.ts';

/** Characters: longer than any name that a person reads in a list. */
const NAME_CHARS_MAX = 256;
/** A filter tree in a query may be long; servers and browsers take about as much. */
const URL_CHARS_MAX = 16_384;

const fields = {
  name: z.string().trim().min(1).max(NAME_CHARS_MAX),
  /** As browsers write it, encoded; nothing that they read as another host. */
  url: z
    .string()
    .max(URL_CHARS_MAX)
    .regex(/^\/(?![/\\])[!-~]*$/, {
      error: 'a path with its query within the dashboard: /sessions?…',
    }),
};

/** Body of `POST /v1/views` and `PUT /v1/views/{viewId}`. */
export const viewBody = z.strictObject(fields);

const view = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    url: z.string().meta({ description: 'Path and query within the dashboard' }),
    created_at: timestampText,
    updated_at: timestampText,
  })
  .meta({ id: 'View' });

/** Answer of `GET /v1/views`: by name. */
export const viewsAnswer = envelope(z.array(view));

/** Answer of `POST /v1/views` and `PUT /v1/views/{viewId}`. */
export const viewAnswer = envelope(view);

/** Answer of `DELETE /v1/views/{viewId}`. */
export const deletedViewAnswer = envelope(z.null());
