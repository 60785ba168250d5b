import {
  DELIVERY_STATES,
  type DeliveryState,
  deletedWebhookAnswer,
  deliveriesAnswer,
  deliveriesParameters,
  madeWebhookAnswer,
  webhookBody,
  webhooksAnswer,
} from '@throughline/contracts/api/webhooks';
import { ApiError } from '@throughline/contracts/errors';
import type { KeyRecord } from '@throughline/contracts/keys';
import { createTargetPolicy } from '@throughline/outbound/target-policy';
import type { Actor } from '../audit/audit-log.ts';
import { parseBody } from '../parse-body.ts';
import { type QueryDeps, queryConfig } from '../query-deps.ts';
import { readLimit } from '../read-limit.ts';
import { timestamp } from '../render/timestamp.ts';
import { originOf } from '../request-origin.ts';
import type { Route } from '../route.ts';
import { type Delivery, listDeliveries } from '../webhooks/list-deliveries.ts';
import { createWebhookManager } from '../webhooks/webhook-manager.ts';
import { listWebhooks, type Webhook } from '../webhooks/webhooks.ts';

/** Where a tenant is told of its calls. For keys that manage keys: whoever may send everything elsewhere may read it all. */
export function webhookRoutes(deps: QueryDeps): Route[] {
  const { allowedTargets } = queryConfig(deps);
  // What an operator trusts providers' keys to is no place for tenants to send things to.
  const policy = createTargetPolicy({ allowedTargets, trustedOrigins: new Set() });
  const manager = createWebhookManager({ ...deps, policy });
  return [
    {
      method: 'get',
      path: '/v1/webhooks',
      access: 'manage-keys',
      doc: {
        summary: 'Webhooks of the tenant, newest first, without their keys',
        body: null,
        query: null,
        answer: webhooksAnswer,
        errors: [],
      },
      handle: async ({ key, analytics }) => {
        const webhooks = await listWebhooks(analytics, key.tenantId);
        return { data: webhooks.map(webhookAnswer), from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/webhooks',
      access: 'manage-keys',
      doc: {
        summary: 'Be told of calls with `Helicone-Webhook-Enabled: true` from now on',
        body: webhookBody,
        query: null,
        answer: madeWebhookAnswer,
        errors: ['invalid-destination', 'insecure-destination', 'target-not-allowed', 'too-many-webhooks'],
      },
      handle: async ({ key, req, body }) => {
        const { destination, name, config, includeData } = parseBody(webhookBody, body);
        const { webhook, secret } = await manager.create(actorOf(key), {
          destination,
          name: (name ?? '').toWellFormed(),
          includeData: includeData ?? true,
          sampleRate: config?.sampleRate ?? 100,
          propertyFilters: (config?.propertyFilters ?? []).map((filter) => [
            filter.key.toWellFormed(),
            filter.value.toWellFormed(),
          ]),
          apiOrigin: originOf(req),
        });
        return {
          data: { ...webhookAnswer(webhook), hmac_key: secret },
          headers: { 'Cache-Control': 'no-store' },
          from: 'snapshots',
        };
      },
    },
    {
      method: 'delete',
      path: '/v1/webhooks/:webhookId',
      access: 'manage-keys',
      doc: {
        summary: 'Delete a webhook: nothing more is sent there',
        body: null,
        query: null,
        answer: deletedWebhookAnswer,
        errors: ['unknown-webhook'],
      },
      handle: async ({ key, req }) => {
        await manager.delete(actorOf(key), String(req.params.webhookId));
        return { data: null, from: 'snapshots' };
      },
    },
    {
      method: 'get',
      path: '/v1/webhooks/:webhookId/deliveries',
      access: 'manage-keys',
      doc: {
        summary: 'What became of the last deliveries to a webhook, those of the newest calls first',
        body: null,
        query: deliveriesParameters,
        answer: deliveriesAnswer,
        errors: ['unknown-webhook', 'invalid-limit', 'limit-too-high', 'invalid-delivery-state'],
      },
      handle: async ({ key, req, analytics }) => {
        const { state, limit } = req.query;
        const asked = { state: readState(state), limit: readLimit(limit) };
        const id = String(req.params.webhookId);
        const [webhook] = await listWebhooks(analytics, key.tenantId, id);
        if (!webhook) throw new ApiError('unknown-webhook');
        const deliveries = await listDeliveries(analytics, key.tenantId, id, asked);
        return { data: deliveries.map(deliveryAnswer), from: 'snapshots' };
      },
    },
  ];
}

function actorOf({ tenantId, id }: KeyRecord): Actor {
  return { tenantId, keyId: id };
}

function readState(given: unknown): DeliveryState | undefined {
  if (given === undefined) return undefined;
  const state = DELIVERY_STATES.find((one) => one === given);
  if (state === undefined) throw new ApiError('invalid-delivery-state', { states: DELIVERY_STATES.join(', ') });
  return state;
}

function webhookAnswer({ id, name, destination, includeData, sampleRate, propertyFilters, createdAtMs }: Webhook) {
  return {
    id,
    name,
    destination,
    config: { sampleRate, propertyFilters: propertyFilters.map(([key, value]) => ({ key, value })) },
    includeData,
    created_at: timestamp(createdAtMs),
  };
}

function deliveryAnswer(delivery: Delivery) {
  return {
    id: delivery.id,
    request_id: delivery.requestId,
    received_at: timestamp(delivery.receivedAtMs),
    state: delivery.state,
    tries: delivery.tries,
    status: delivery.status,
    reason: delivery.reason,
    last_try_at: timestamp(delivery.lastTryAtMs),
    next_try_at: delivery.nextTryAtMs === null ? null : timestamp(delivery.nextTryAtMs),
  };
}
