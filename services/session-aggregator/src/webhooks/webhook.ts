import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import type { Pairs } from '@throughline/contracts/request-event';

/** A webhook as whoever delivers to it needs it. */
export interface Webhook {
  readonly tenantId: string;
  readonly id: string;
  readonly destination: string;
  /** `whsec_` and base64. */
  readonly secret: string;
  readonly includeData: boolean;
  /** Percent. */
  readonly sampleRate: number;
  readonly propertyFilters: Pairs;
  /** By which the API is reached; `''` where that is not known. */
  readonly apiOrigin: string;
  /** Epoch ms: calls from before it are not told. */
  readonly createdAtMs: number;
}

/** The webhooks of some tenants, as they are now. @param tenantIds left out: of all. */
export async function readWebhooks(
  analytics: Pick<AnalyticsStore, 'query'>,
  tenantIds?: readonly string[],
): Promise<Webhook[]> {
  const rows = await analytics.query<StoredWebhook>({
    sql: `
SELECT tenant_id, webhook_id, destination, secret, include_data, sample_rate, api_origin,
  arrayZip(mapKeys(property_filters), mapValues(property_filters)) AS filters,
  toUnixTimestamp64Milli(created_at) AS created_ms
FROM webhooks FINAL
${tenantIds === undefined ? '' : 'WHERE tenant_id IN {tenants:Array(String)}'}`,
    params: { ...(tenantIds !== undefined && { tenants: tenantIds }) },
    settings: FINAL,
  });
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    id: row.webhook_id,
    destination: row.destination,
    secret: row.secret,
    includeData: row.include_data,
    sampleRate: row.sample_rate,
    propertyFilters: row.filters,
    apiOrigin: row.api_origin,
    createdAtMs: Number(row.created_ms),
  }));
}

interface StoredWebhook {
  readonly tenant_id: string;
  readonly webhook_id: string;
  readonly destination: string;
  readonly secret: string;
  readonly include_data: boolean;
  readonly sample_rate: number;
  readonly api_origin: string;
  readonly filters: Pairs;
  readonly created_ms: string;
}
