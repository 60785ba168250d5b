import { z } from 'zod';
import { count, envelope } from './answer-parts.ts';

const flag = z.enum(['true', 'false']).optional();

/** Query parameters of `GET /v1/session/{sessionId}/export`. */
export const bundleParameters = z.object({
  mask: flag.meta({ description: '`false`: API keys and tokens in it stay as they are stored. `true` when left out' }),
  gzip: flag.meta({ description: 'Compressed. `false` when left out' }),
});

/** Query parameters of `POST /v1/session/import`. */
export const importParameters = z.object({
  as: z.string().optional().meta({
    description:
      'Id of the session that it becomes, in place of the one that it has; its requests get ids of their own',
  }),
});

const text = z.string().nullable();

/** Answer of `POST /v1/session/import`. */
export const importAnswer = envelope(
  z
    .strictObject({
      session_id: z.string(),
      requests: count.meta({ description: 'In the file' }),
      imported: count.meta({
        description: 'Of these, recorded by this call; the others were there from an import that was not finished',
      }),
      shortened: count.meta({
        description: 'Of these, with less of their bodies than the file has: the log takes no more',
      }),
      total_cost: z.number().meta({ description: 'USD over the priced requests, as the session has it now' }),
      differences: z
        .array(
          z.strictObject({
            what: z.string().meta({ description: 'A figure of the session, its `tree`, or what was said of it' }),
            file: text,
            here: text,
          }),
        )
        .meta({ description: 'Where the session is not what the file says: none, as a rule' }),
    })
    .meta({ id: 'ImportedSession' }),
);
