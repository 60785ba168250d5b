import { decodeEvent, encodeEvent } from '@throughline/contracts/event-codec';
import type { CallTrace, EventProducer, LogEvent, RequestEvent } from '@throughline/contracts/request-event';
import type { LogEntry } from '@throughline/event-log/event-log';
import type { FoldedAnnotation } from '../session/fold-session.ts';
import { wellFormed } from '../well-formed.ts';
import { wholeMs } from '../whole-ms.ts';
import { buildAnnotationRow } from './build-annotation-row.ts';
import { type BuiltRows, buildCountableRow, buildRequestRow, type UncountedRows } from './build-request-row.ts';

/** What a decision about an event needs of it. The event itself is let go: thousands of them wait, and all would be kept. */
export interface EventOrigin {
  readonly tenantId: string;
  readonly eventId: string;
  /** Of a request, or the one that an annotation is about; `''` for other events. */
  readonly requestId: string;
  readonly producer: EventProducer;
  readonly receivedAt: number;
}

/** One entry of the log, decoded, and a request already parsed and priced: nothing in it depends on what came before. */
export type PreparedEntry =
  | {
      readonly kind: 'request';
      readonly offset: number;
      readonly origin: EventOrigin;
      readonly trace: CallTrace;
      readonly built: BuiltRows;
    }
  | {
      readonly kind: 'annotation';
      readonly offset: number;
      readonly origin: EventOrigin;
      readonly row: FoldedAnnotation;
    }
  | {
      readonly kind: 'refused';
      readonly offset: number;
      readonly origin: EventOrigin;
      readonly reason: string;
      readonly count: number;
    }
  | { readonly kind: 'closed'; readonly offset: number; readonly origin: EventOrigin; readonly lastSeq: number }
  | {
      readonly kind: 'lost';
      readonly offset: number;
      readonly through: number;
      readonly reason: string;
      /** 0: how many events were lost is not known, the offsets only mark the place. Left out: one for each offset. */
      readonly count?: 0;
    }
  | {
      readonly kind: 'dead';
      readonly offset: number;
      readonly step: 'decode' | 'read-call';
      readonly reason: string;
      readonly bytes: Uint8Array;
      /** What could be read of it. */
      readonly origin: EventOrigin | undefined;
    }
  /** Written by a newer version: this partition goes no further until the reader is upgraded. */
  | { readonly kind: 'newer'; readonly offset: number; readonly schemaVersion: number };

/** A request whose bodies have to be fetched before it can be parsed and priced. @see prepare-entry-step.ts */
export interface ReferringEntry {
  readonly kind: 'referring';
  readonly offset: number;
  readonly event: RequestEvent;
  readonly origin: EventOrigin;
}

/** A request of which tokens have to be counted before it is priced. @see prepare-entry-step.ts */
export interface UncountedEntry {
  readonly kind: 'uncounted';
  readonly uncounted: UncountedRows['uncounted'];
  /** Never throws, like `decodeEntriesStep`. */
  finish(counts: readonly number[]): PreparedEntry;
}

export interface DecodeOptions {
  /** Tokens that a provider did not tell are to be counted. Left out: they are unknown. */
  readonly countsTokens?: boolean;
}

/**
 * Decode, parse and price one entry. Never throws: what cannot be processed becomes `dead`, with step and reason.
 *
 * @param partition that the entry was read from.
 */
export function decodeEntriesStep(
  entry: LogEntry,
  partition: number,
  options: DecodeOptions = {},
): PreparedEntry | ReferringEntry | UncountedEntry {
  const { offset } = entry;
  if (entry.lost) return { kind: 'lost', offset, through: entry.lost.through, reason: entry.lost.reason };
  const decoded = decodeEvent(entry.bytes);
  if (decoded.outcome === 'newer') return { kind: 'newer', offset, schemaVersion: decoded.schemaVersion };
  if (decoded.outcome === 'undecodable') {
    return { kind: 'dead', offset, step: 'decode', reason: decoded.reason, bytes: entry.bytes, origin: undefined };
  }
  const { event } = decoded;
  const origin = originOf(event);
  if (event.kind === 'refused') return { kind: 'refused', offset, origin, reason: event.reason, count: event.count };
  if (event.kind === 'closed') return { kind: 'closed', offset, origin, lastSeq: event.last_seq };
  if (event.kind === 'annotation') {
    return { kind: 'annotation', offset, origin, row: buildAnnotationRow(event, partition, offset) };
  }
  if (event.request_body.stored || event.response_body.stored) return { kind: 'referring', offset, event, origin };
  return buildEntry({ offset, event, origin }, partition, { ...options, bytes: entry.bytes });
}

/**
 * Parse and price a request that has its bodies; one that still refers to some has lost them.
 *
 * @param options `bytes`: the event as it lies in the log; left out: there it has no bodies, so a dead letter gets it
 *   written anew.
 */
export function buildEntry(
  { offset, event, origin }: Omit<ReferringEntry, 'kind'>,
  partition: number,
  { countsTokens = false, bytes }: DecodeOptions & { readonly bytes?: Uint8Array } = {},
): PreparedEntry | UncountedEntry {
  const request = (built: BuiltRows): PreparedEntry => ({ kind: 'request', offset, origin, trace: event.trace, built });
  const orDead = <Entry>(build: () => Entry): Entry | PreparedEntry => {
    try {
      return build();
    } catch (error) {
      // A body that makes our own code throw is a defect of ours; it must not hold up everyone behind it in the log.
      const reason = (error as Error).message;
      return { kind: 'dead', offset, step: 'read-call', reason, bytes: bytes ?? encodeEvent(event), origin };
    }
  };
  return orDead(() => {
    if (!countsTokens) return request(buildRequestRow(event, partition, offset));
    const built = buildCountableRow(event, partition, offset);
    if (!('uncounted' in built)) return request(built);
    const finish = (counts: readonly number[]) => orDead(() => request(built.build(counts)));
    return { kind: 'uncounted', uncounted: built.uncounted, finish };
  });
}

function originOf(event: LogEvent): EventOrigin {
  return {
    tenantId: wellFormed(event.tenant_id),
    eventId: wellFormed(event.event_id),
    requestId: wellFormed(requestIdOf(event)),
    producer: { id: wellFormed(event.producer.id), seq: event.producer.seq },
    receivedAt: wholeMs(event.received_at),
  };
}

function requestIdOf(event: LogEvent): string {
  if (event.kind === 'request') return event.request_id;
  return event.kind === 'annotation' ? (event.request?.request_id ?? '') : '';
}

/** Bytes that an entry holds in memory until it is stored, decompressed bodies included. */
export function preparedBytes(entry: LogEntry, prepared: PreparedEntry): number {
  if (entry.lost) return ENTRY_BYTES;
  const { buffer, length } = entry.bytes;
  let bytes = ENTRY_BYTES + length;
  if (prepared.kind === 'request') {
    const { request_body: request, response_body: response } = prepared.built.bodies;
    if (request.buffer !== buffer) bytes += request.length;
    if (response.buffer !== buffer) bytes += response.length;
  }
  return bytes;
}

/** The objects of a decoded entry and its row. */
const ENTRY_BYTES = 4_096;
