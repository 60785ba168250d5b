import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { encodeRows } from '@throughline/analytics/tables';
import type { Pairs } from '@throughline/contracts/request-event';

/** A webhook as its owner sees it: nothing that signs. */
export interface Webhook {
  readonly id: string;
  readonly name: string;
  readonly destination: string;
  readonly includeData: boolean;
  /** Percent. */
  readonly sampleRate: number;
  readonly propertyFilters: Pairs;
  readonly createdAtMs: number;
}

/** What is stored beside it, and read by whoever delivers. */
export interface WebhookSecrets {
  readonly secret: string;
  /** `''` where it is not known by which name the API was reached. */
  readonly apiOrigin: string;
}

/** A tenant's webhooks, newest first. @param id only this one. */
export async function listWebhooks(
  analytics: Pick<AnalyticsStore, 'query'>,
  tenantId: string,
  id?: string,
): Promise<Webhook[]> {
  const rows = await analytics.query<StoredWebhook>({
    sql: `
SELECT webhook_id, name, destination, include_data, sample_rate, toUnixTimestamp64Milli(created_at) AS created_ms,
  arrayZip(mapKeys(property_filters), mapValues(property_filters)) AS filters
FROM webhooks FINAL
WHERE tenant_id = {tenant:String} ${id === undefined ? '' : 'AND webhook_id = {id:String}'}
ORDER BY created_at DESC, webhook_id`,
    params: { tenant: tenantId, ...(id !== undefined && { id: id.toWellFormed() }) },
    settings: FINAL,
  });
  return rows.map((row) => ({
    id: row.webhook_id,
    name: row.name,
    destination: row.destination,
    includeData: row.include_data,
    sampleRate: row.sample_rate,
    propertyFilters: row.filters,
    createdAtMs: Number(row.created_ms),
  }));
}

interface StoredWebhook {
  readonly webhook_id: string;
  readonly name: string;
  readonly destination: string;
  readonly include_data: boolean;
  readonly sample_rate: number;
  readonly created_ms: string;
  readonly filters: Pairs;
}

/** Store a new one. */
export async function storeWebhook(
  analytics: Pick<AnalyticsStore, 'insert'>,
  tenantId: string,
  webhook: Webhook & WebhookSecrets,
): Promise<void> {
  await write(analytics, tenantId, webhook, 0);
}

/** Delete one for good, its secret with it. */
export async function removeWebhook(
  analytics: Pick<AnalyticsStore, 'insert'>,
  tenantId: string,
  webhook: Webhook,
): Promise<void> {
  await write(analytics, tenantId, { ...webhook, secret: '', apiOrigin: '' }, 1);
}

async function write(
  analytics: Pick<AnalyticsStore, 'insert'>,
  tenantId: string,
  webhook: Webhook & WebhookSecrets,
  is_deleted: 0 | 1,
): Promise<void> {
  const row = {
    tenant_id: tenantId,
    webhook_id: webhook.id,
    name: webhook.name,
    destination: webhook.destination,
    secret: webhook.secret,
    include_data: webhook.includeData,
    sample_rate: webhook.sampleRate,
    property_filters: webhook.propertyFilters,
    api_origin: webhook.apiOrigin,
    created_at: webhook.createdAtMs,
    // It is made once and deleted once, and never changed.
    version: BigInt(is_deleted),
    is_deleted,
  } as const;
  await analytics.insert(encodeRows('webhooks', [row]));
}
