import { randomBytes, randomUUID } from 'node:crypto';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { ApiError } from '@throughline/contracts/errors';
import type { Pairs } from '@throughline/contracts/request-event';
import { checkTarget } from '@throughline/outbound/check-target';
import type { Resolve } from '@throughline/outbound/checked-lookup';
import { parseTarget, shownTarget, type TargetPolicy } from '@throughline/outbound/target-policy';
import { type Action, type Actor, recordAction } from '../audit/audit-log.ts';
import { createTenantTurns } from '../tenant-turns.ts';
import { listWebhooks, removeWebhook, storeWebhook, type Webhook } from './webhooks.ts';

export interface NewWebhook {
  readonly destination: string;
  readonly name: string;
  readonly includeData: boolean;
  /** Percent. */
  readonly sampleRate: number;
  readonly propertyFilters: Pairs;
  /** By which name the API was reached; `''` where that was not said. */
  readonly apiOrigin: string;
}

/** Making and deleting webhooks, for one tenant one after the other in this process. Each resolves when it is stored. */
export interface WebhookManager {
  /**
   * @returns its secret as well: this once.
   * @throws ApiError `invalid-destination`, `insecure-destination`, `target-not-allowed`, `too-many-webhooks`.
   */
  create(actor: Actor, webhook: NewWebhook): Promise<{ webhook: Webhook; secret: string }>;
  /** @throws ApiError `unknown-webhook`. */
  delete(actor: Actor, id: string): Promise<void>;
}

export interface WebhookManagerDeps {
  readonly analytics: Pick<AnalyticsStore, 'query' | 'insert'>;
  readonly clock: { now(): number };
  /** Where webhooks may lead: the same for whoever delivers, who is asked again each time. */
  readonly policy: TargetPolicy;
  /** Stands in for `dns.lookup` in tests. */
  readonly resolve?: Resolve | undefined;
}

/** Each is a call to somebody for every call that is flagged. */
export const WEBHOOKS_PER_TENANT_MAX = 20;

/** One change of a tenant's webhooks after the other: each reads what the one before it has stored. */
const TURNS = { runningMax: 1, waitingMax: 32, waitMsMax: 10_000 };

export function createWebhookManager({ analytics, clock, policy, resolve }: WebhookManagerDeps): WebhookManager {
  const turns = createTenantTurns(TURNS);
  const record = (actor: Actor, action: Action, target: string, destination: string) =>
    recordAction(analytics, {
      actor,
      atMs: clock.now(),
      action,
      tenantId: actor.tenantId,
      target,
      // Paths and queries of such addresses are passwords at times.
      details: { destination: new URL(destination).origin },
    });
  return {
    async create(actor, { destination, apiOrigin, ...wanted }) {
      const url = parseDestination(destination);
      const reach = await checkTarget(url, policy, resolve);
      if (reach === 'public' && url.protocol !== 'https:') {
        throw new ApiError('insecure-destination', { host: url.host });
      }
      return await turns.run(actor.tenantId, async () => {
        const { length } = await listWebhooks(analytics, actor.tenantId);
        if (length >= WEBHOOKS_PER_TENANT_MAX) {
          throw new ApiError('too-many-webhooks', { max: WEBHOOKS_PER_TENANT_MAX });
        }
        const webhook = { id: randomUUID(), ...wanted, destination: url.href, createdAtMs: clock.now() };
        const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
        await record(actor, 'webhook.create', webhook.id, webhook.destination);
        await storeWebhook(analytics, actor.tenantId, { ...webhook, secret, apiOrigin });
        return { webhook, secret };
      });
    },

    delete: (actor, id) =>
      turns.run(actor.tenantId, async () => {
        const [webhook] = await listWebhooks(analytics, actor.tenantId, id);
        if (!webhook) throw new ApiError('unknown-webhook');
        await record(actor, 'webhook.delete', id, webhook.destination);
        await removeWebhook(analytics, actor.tenantId, webhook);
      }),
  };
}

/** As much as SHA-256 gives out. */
const SECRET_BYTES = 32;

function parseDestination(value: string): URL {
  let url: URL;
  try {
    url = parseTarget(value);
  } catch (cause) {
    throw new ApiError('invalid-destination', { value: shownTarget(value) }, { cause });
  }
  // It is not sent, and would only be stored.
  url.hash = '';
  return url;
}
