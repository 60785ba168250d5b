import type { RequestRow } from '@throughline/contracts/request-row';

/** A call that webhooks are to be told of, by what finds its row and bodies. */
export interface FlaggedCall {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly requestId: string;
  readonly eventId: string;
  /** Epoch ms. */
  readonly orderedAt: number;
  readonly receivedAt: number;
  readonly partition: number;
  readonly offset: number;
}

export function flaggedCall(row: RequestRow): FlaggedCall {
  return {
    tenantId: row.tenant_id,
    sessionId: row.session_id,
    requestId: row.request_id,
    eventId: row.event_id,
    orderedAt: row.ordered_at,
    receivedAt: row.received_at,
    partition: row.source_partition,
    offset: row.source_offset,
  };
}

/** What tells calls apart. */
export function positionOf({ partition, offset }: Pick<FlaggedCall, 'partition' | 'offset'>): string {
  return `${partition}/${offset}`;
}
