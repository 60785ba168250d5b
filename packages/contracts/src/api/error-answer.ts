import { z } from 'zod';

/** Every failed call but one whose body has the wrong shape. */
export const errorAnswer = z
  .strictObject({
    data: z.null(),
    error: z.string().meta({ description: 'A sentence of the catalogue of errors' }),
    trace: z.literal('isAuthenticated.error').optional().meta({ description: 'With 401' }),
    id: z.string().optional().meta({ description: 'With 500: leads to the line of the log' }),
    steps: z
      .array(z.strictObject({ request_id: z.string(), path: z.string(), reason: z.string() }))
      .optional()
      .meta({ description: 'With 409 of a replay: the steps that it is about, the first hundred' }),
  })
  .meta({ id: 'Error' });

/** 422: each mistake in the body, by where it is. */
export const invalidBodyAnswer = z
  .strictObject({
    message: z.literal('Validation Failed'),
    details: z.record(z.string(), z.strictObject({ message: z.string(), value: z.unknown().optional() })),
  })
  .meta({ id: 'InvalidBody' });
