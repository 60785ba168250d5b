import { z } from 'zod';

/** What stands in the place of a name in a path. */
export const PATH_PARAMETERS: Readonly<Record<string, z.ZodString>> = {
  sessionId: z.string().meta({ description: 'The id of the session, URL-encoded' }),
  otherSessionId: z.string().meta({ description: 'The id of the session that it is compared with, URL-encoded' }),
  requestId: z.string().meta({ description: '`Helicone-Id` of the call, or the id that the caller chose' }),
  userId: z.string().meta({ description: 'The id of the user as it was recorded, URL-encoded' }),
  replayId: z.string().meta({ description: '`replay_id` of the replay' }),
  viewId: z.string().meta({ description: '`id` of the view' }),
  apiKeyId: z.string().meta({ description: '`id` of the key, which is not the key itself' }),
  webhookId: z.string().meta({ description: '`id` of the webhook' }),
  partition: z.string().meta({ description: 'Of the log, from 0' }),
  offset: z.string().meta({ description: 'The place in the partition, from 0' }),
  propertyKey: z.string().meta({ description: 'The key of the property, in any case, URL-encoded' }),
};

/** Query parameters of `GET /v1/session/{sessionId}/requests` and `GET /v1/system/audit`. */
export const pageParameters = z.object({
  cursor: z.string().optional().meta({ description: '`next_cursor` of the page before' }),
  limit: z.int().min(1).max(1000).optional().meta({ description: '50 when left out' }),
});

/** Query parameters of `GET /v1/request/{requestId}`. */
export const includeBodyParameters = z.object({
  includeBody: z.enum(['true', 'false']).optional().meta({ description: 'With its bodies, whole' }),
});

/** Query parameters of a link to bodies. */
export const bodyLinkParameters = z.object({
  token: z.string().meta({ description: 'The signature: it comes with `signed_body_url` of a request' }),
});
