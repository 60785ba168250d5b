import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { PAGE } from '@throughline/analytics/read-settings';
import type { DeliveryState } from '@throughline/contracts/api/webhooks';
import { deliveryId } from '@throughline/contracts/webhook-delivery';

/** How telling a webhook of one call goes. Times are epoch ms. */
export interface Delivery {
  readonly id: string;
  readonly requestId: string;
  readonly receivedAtMs: number;
  readonly state: DeliveryState;
  readonly tries: number;
  /** Null: there was no answer. */
  readonly status: number | null;
  /** Null: it was delivered. */
  readonly reason: string | null;
  readonly lastTryAtMs: number;
  /** Null: it is not tried again. */
  readonly nextTryAtMs: number | null;
}

/** Deliveries of a webhook that were tried at least once, those of the newest calls first. */
export async function listDeliveries(
  analytics: Pick<AnalyticsStore, 'query'>,
  tenantId: string,
  webhookId: string,
  { state, limit }: { readonly state: DeliveryState | undefined; readonly limit: number },
): Promise<Delivery[]> {
  const rows = await analytics.query<StoredDelivery>({
    sql: `
SELECT event_id, request_id, state, tries, status, reason, toUnixTimestamp64Milli(received_at) AS received_ms,
  toUnixTimestamp64Milli(updated_at) AS updated_ms, toUnixTimestamp64Milli(next_try_at) AS next_ms
FROM webhook_deliveries FINAL
WHERE tenant_id = {tenant:String} AND webhook_id = {webhook:String}
  ${state === undefined ? '' : 'AND state = {state:String}'}
ORDER BY received_at DESC, source_partition, source_offset
LIMIT {limit:UInt32}`,
    params: { tenant: tenantId, webhook: webhookId.toWellFormed(), limit, ...(state !== undefined && { state }) },
    settings: PAGE,
  });
  return rows.map((row) => ({
    id: deliveryId(row.event_id, webhookId),
    requestId: row.request_id,
    receivedAtMs: Number(row.received_ms),
    state: row.state,
    tries: row.tries,
    status: row.status === 0 ? null : row.status,
    reason: row.reason === '' ? null : row.reason,
    lastTryAtMs: Number(row.updated_ms),
    nextTryAtMs: row.next_ms === null ? null : Number(row.next_ms),
  }));
}

interface StoredDelivery {
  readonly event_id: string;
  readonly request_id: string;
  readonly state: DeliveryState;
  readonly tries: number;
  readonly status: number;
  readonly reason: string;
  readonly received_ms: string;
  readonly updated_ms: string;
  readonly next_ms: string | null;
}
