import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { BACKGROUND } from '@throughline/analytics/read-settings';
import type { FlaggedCall } from './flagged-call.ts';
import { selectionSql } from './selects-call.ts';
import type { Webhook } from './webhook.ts';

/** A call that a webhook is still to be told of. */
export interface Undelivered {
  readonly call: FlaggedCall;
  /** So far. */
  readonly tries: number;
  /** Epoch ms. */
  readonly nextTryAtMs: number;
}

/**
 * What a webhook has not been told of, oldest first. The tables alone decide it, so whoever owns the partitions finds what
 * others have left.
 *
 * @param through up to which offset partitions are looked at; others are not.
 * @param sinceMs when calls were recorded, at the earliest.
 */
export async function findUndelivered(
  analytics: Pick<AnalyticsStore, 'query'>,
  webhook: Webhook,
  { through, sinceMs, limit }: { readonly through: ReadonlyMap<number, number>; sinceMs: number; limit: number },
): Promise<Undelivered[]> {
  const selection = selectionSql(webhook);
  const rows = await analytics.query<StoredCall>({
    // Without FINAL: versions of a row agree in all this, and whoever reads the row itself finds whether it was deleted.
    sql: `
SELECT session_id, request_id, event_id, source_partition, source_offset,
  toUnixTimestamp64Milli(ordered_at) AS ordered_ms, toUnixTimestamp64Milli(received_at) AS received_ms,
  tries, if(next_try_at IS NULL, 0, toUnixTimestamp64Milli(assumeNotNull(next_try_at))) AS next_ms
FROM (
  SELECT session_id, request_id, event_id, source_partition, source_offset, ordered_at, received_at
  FROM requests
  PREWHERE webhook AND tenant_id = {tenant:String} AND received_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
  WHERE toInt64(source_offset) <= transform(source_partition, {partitions:Array(UInt16)}, {offsets:Array(Int64)}, toInt64(-1))
    AND ${selection.sql}
  LIMIT 1 BY source_partition, source_offset
) AS call
LEFT JOIN (
  SELECT source_partition, source_offset, state, tries, next_try_at
  FROM webhook_deliveries FINAL
  WHERE tenant_id = {tenant:String} AND webhook_id = {webhook:String}
    AND received_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
) AS known USING (source_partition, source_offset)
WHERE state IN ('', 'waiting')
ORDER BY received_at, source_partition, source_offset
LIMIT {limit:UInt32}`,
    params: {
      ...selection.params,
      tenant: webhook.tenantId,
      webhook: webhook.id,
      since: Math.max(0, sinceMs),
      partitions: [...through.keys()],
      offsets: [...through.values()],
      limit,
    },
    settings: BACKGROUND,
  });
  return rows.map((row) => ({
    call: {
      tenantId: webhook.tenantId,
      sessionId: row.session_id,
      requestId: row.request_id,
      eventId: row.event_id,
      orderedAt: Number(row.ordered_ms),
      receivedAt: Number(row.received_ms),
      partition: row.source_partition,
      offset: Number(row.source_offset),
    },
    tries: row.tries,
    nextTryAtMs: Number(row.next_ms),
  }));
}

interface StoredCall {
  readonly session_id: string;
  readonly request_id: string;
  readonly event_id: string;
  readonly source_partition: number;
  readonly source_offset: string;
  readonly ordered_ms: string;
  readonly received_ms: string;
  readonly tries: number;
  readonly next_ms: string;
}
