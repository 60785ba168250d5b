import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { WebhookDeliveryRow } from '@throughline/analytics/table-rows';
import { encodeRows } from '@throughline/analytics/tables';
import type { Logger } from '@throughline/telemetry/logger';
import type { FlaggedCall } from './flagged-call.ts';
import type { Webhook } from './webhook.ts';

/** How telling a webhook of a call stands. */
export type Standing = Pick<WebhookDeliveryRow, 'state' | 'tries' | 'status' | 'reason' | 'next_try_at'>;

/** Writes down what becomes of deliveries, many at once. */
export interface DeliveryLog {
  record(webhook: Webhook, call: FlaggedCall, standing: Standing): void;
  /** Of what was recorded, how much is not stored. */
  readonly pending: number;
  /** Resolves when everything recorded before is stored. @throws AnalyticsError; it is tried again later. */
  flush(): Promise<void>;
  /** Stores what it can; what it cannot is found undelivered, and sent again. */
  close(): Promise<void>;
}

export interface DeliveryLogDeps {
  readonly analytics: Pick<AnalyticsStore, 'insert'>;
  readonly writeMs: number;
  readonly logger: Logger;
  /** Epoch ms. */
  readonly now: () => number;
}

export function createDeliveryLog({ analytics, writeMs, logger, now }: DeliveryLogDeps): DeliveryLog {
  let rows = new Map<string, WebhookDeliveryRow>();
  let writing: Promise<void> = Promise.resolve();
  let writingRows = 0;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const write = async () => {
    const taken = rows;
    if (taken.size === 0) return;
    rows = new Map();
    writingRows = taken.size;
    try {
      await analytics.insert(encodeRows('webhook_deliveries', [...taken.values()]));
    } catch (error) {
      // What was recorded meanwhile is newer.
      rows = new Map([...taken, ...rows]);
      throw error;
    } finally {
      writingRows = 0;
    }
  };
  /** One after the other: the one that waits takes everything with it. */
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.catch(() => {}).then(write);
    // Whoever awaits it learns of a failure.
    writing.catch(() => {});
    return writing;
  };
  const later = () => {
    if (isClosed || timer !== undefined) return;
    timer = setTimeout(() => {
      flush().catch((error: unknown) => {
        logger.warn({ err: error }, 'what became of webhooks could not be stored, will be tried again');
        later();
      });
    }, writeMs).unref();
  };
  return {
    record(webhook, call, standing) {
      const row: WebhookDeliveryRow = {
        tenant_id: webhook.tenantId,
        webhook_id: webhook.id,
        received_at: call.receivedAt,
        source_partition: call.partition,
        source_offset: call.offset,
        event_id: call.eventId,
        request_id: call.requestId,
        ...standing,
        updated_at: now(),
        version: RANK[standing.state] + BigInt(standing.tries),
      };
      rows.set(`${webhook.id} ${call.partition}/${call.offset}`, row);
      later();
    },
    get pending() {
      return rows.size + writingRows;
    },
    flush,
    async close() {
      isClosed = true;
      await flush().catch((error: unknown) => {
        logger.warn({ err: error }, 'what became of webhooks could not be stored: some will be sent again');
      });
    },
  };
}

/** Versions need no clock: of two that deliver the same, as owners that follow one another may, the one that did it counts. */
const RANK: Readonly<Record<WebhookDeliveryRow['state'], bigint>> = {
  waiting: 0n,
  failed: 1n << 20n,
  delivered: 1n << 21n,
};
