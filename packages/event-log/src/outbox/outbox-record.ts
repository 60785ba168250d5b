import { encodeEvent } from '@throughline/contracts/event-codec';
import type { EventHead } from '@throughline/contracts/event-head';
import { newEventIdFor } from '@throughline/contracts/partition';
import { DEFAULT_TENANT, EVENT_SCHEMA_VERSION } from '@throughline/contracts/request-event';

/** An event on its way from an outbox folder to the log. */
export interface OutboxRecord {
  /** Where it lies in the folder; −1: it lies nowhere, the outbox says it about itself. */
  readonly offset: number;
  readonly head: EventHead;
  /** The encoded event as it is sent. */
  bytes: Uint8Array;
  /** Made by the outbox, not by a caller: there is nothing smaller that could take its place. */
  readonly isOwn: boolean;
  /** `beforeSend` has had it. */
  isPrepared: boolean;
  /** How often it has been sent without an answer that it is stored. */
  attempts: number;
}

/** What a record takes in a request beside its bytes: framing, header names, the log's id. */
const RECORD_OVERHEAD_BYTES = 256;
/** UTF-8 of a UTF-16 unit. */
const UTF8_BYTES_MAX = 3;

/** At least the bytes that the record takes in a request, uncompressed. */
export function weightOf({ bytes, head }: OutboxRecord): number {
  const { tenantId, sessionId, trace } = head;
  const text = tenantId.length + (sessionId?.length ?? 0) + trace.traceparent.length + trace.tracestate.length;
  return bytes.length + RECORD_OVERHEAD_BYTES + UTF8_BYTES_MAX * text;
}

/** Takes the place of an event that the log will never take, under its number: nothing is missing without a name. */
export function refusedInPlaceOf({ offset, head }: OutboxRecord, reason: string): OutboxRecord {
  const bytes = encodeEvent({
    kind: 'refused',
    schema_version: EVENT_SCHEMA_VERSION,
    event_id: head.eventId,
    tenant_id: head.tenantId,
    reason,
    count: 1,
    first_at: head.receivedAt,
    last_at: head.receivedAt,
    producer: head.producer,
    partition: head.partition,
    received_at: head.receivedAt,
  });
  return { offset, head: { ...head, sessionId: null }, bytes, isOwn: true, isPrepared: true, attempts: 0 };
}

/** A producer's goodbye to one partition: its last number there. It takes no number itself. */
export function closedRecord(producer: {
  readonly id: string;
  readonly partition: number;
  readonly partitions: number;
  readonly lastSeq: number;
  /** Of its last event there, epoch ms: whoever has forgotten that has forgotten the producer. */
  readonly receivedAt: number;
}): OutboxRecord {
  const head: EventHead = {
    eventId: newEventIdFor(DEFAULT_TENANT, null, producer.receivedAt, producer.partitions),
    tenantId: DEFAULT_TENANT,
    sessionId: null,
    trace: { traceparent: '', tracestate: '' },
    producer: { id: producer.id, seq: -1 },
    partition: producer.partition,
    receivedAt: producer.receivedAt,
  };
  const bytes = encodeEvent({
    kind: 'closed',
    schema_version: EVENT_SCHEMA_VERSION,
    event_id: head.eventId,
    tenant_id: head.tenantId,
    last_seq: producer.lastSeq,
    producer: head.producer,
    partition: head.partition,
    received_at: head.receivedAt,
  });
  return { offset: -1, head, bytes, isOwn: true, isPrepared: true, attempts: 0 };
}
