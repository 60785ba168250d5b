import { z } from 'zod';
import { envelope, timestampText } from './answer-parts.ts';

/** Characters: longer than any name that a person reads in a list. */
const NAME_CHARS_MAX = 256;
/** Receivers and what stands in front of them take about as much. */
const DESTINATION_CHARS_MAX = 2_048;
/** As of a request's headers: keys and values of properties are no longer. */
const FILTER_CHARS_MAX = 4_096;
const FILTERS_MAX = 20;

const config = z
  .strictObject({
    sampleRate: z
      .number()
      .min(0)
      .max(100)
      .optional()
      .meta({ description: 'Percent of the calls that it is told of: 100 when left out' }),
    propertyFilters: z
      .array(z.strictObject({ key: z.string().min(1).max(FILTER_CHARS_MAX), value: z.string().max(FILTER_CHARS_MAX) }))
      .max(FILTERS_MAX)
      .refine((filters) => new Set(filters.map(({ key }) => key)).size === filters.length, {
        error: 'a key stands here twice, and no call has two values of one',
      })
      .optional()
      .meta({ description: 'Properties that a call must have, each with this value' }),
  })
  .meta({ id: 'WebhookConfig' });

/** Body of `POST /v1/webhooks`. */
export const webhookBody = z.strictObject({
  destination: z.string().trim().min(1).max(DESTINATION_CHARS_MAX).meta({ description: 'Where it is told: https://…' }),
  name: z.string().trim().max(NAME_CHARS_MAX).optional(),
  config: config.optional(),
  includeData: z
    .boolean()
    .optional()
    .meta({ description: 'Also model, provider, figures and a link to the whole bodies: true when left out' }),
});

const fields = {
  id: z.string(),
  name: z.string(),
  destination: z.string(),
  config: z.strictObject({
    sampleRate: z.number(),
    propertyFilters: z.array(z.strictObject({ key: z.string(), value: z.string() })),
  }),
  includeData: z.boolean(),
  created_at: timestampText,
};

const webhook = z.strictObject(fields).meta({ id: 'Webhook' });

/** Answer of `GET /v1/webhooks`: newest first. */
export const webhooksAnswer = envelope(z.array(webhook));

/** Answer of `POST /v1/webhooks`. */
export const madeWebhookAnswer = envelope(
  z.strictObject({
    ...fields,
    hmac_key: z.string().meta({ description: 'What is sent is signed with it; shown this once' }),
  }),
);

/** Answer of `DELETE /v1/webhooks/{webhookId}`. */
export const deletedWebhookAnswer = envelope(z.null());

/** How telling a webhook of a call goes. */
export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Query parameters of `GET /v1/webhooks/{webhookId}/deliveries`. */
export const deliveriesParameters = z.object({
  state: z.enum(DELIVERY_STATES).optional().meta({ description: 'Only those: all when left out' }),
  limit: z.int().min(1).max(1000).optional().meta({ description: '50 when left out' }),
});

/** Answer of `GET /v1/webhooks/{webhookId}/deliveries`: of the newest calls first. */
export const deliveriesAnswer = envelope(
  z.array(
    z
      .strictObject({
        id: z.string().meta({ description: '`webhook-id` of what is sent, the same each time it is tried' }),
        request_id: z.string(),
        received_at: timestampText.meta({ description: 'When the call was recorded' }),
        state: z.enum(DELIVERY_STATES),
        tries: z.int(),
        status: z.int().nullable().meta({ description: 'Of the last answer; null: there was none' }),
        reason: z.string().nullable().meta({ description: 'Why it was not delivered; null: it was' }),
        last_try_at: timestampText,
        next_try_at: timestampText.nullable().meta({ description: 'Null: it is not tried again' }),
      })
      .meta({ id: 'WebhookDelivery' }),
  ),
);
