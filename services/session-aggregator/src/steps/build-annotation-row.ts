import { type AnnotationChange, isDeletion } from '@throughline/contracts/annotation';
import { storedChange } from '@throughline/contracts/annotation-row';
import type { AnnotationEvent } from '@throughline/contracts/request-event';
import type { FoldedAnnotation } from '../session/fold-session.ts';
import { wellFormed } from '../well-formed.ts';
import { wholeMs } from '../whole-ms.ts';

/**
 * The row of an annotation, before its owner's epoch is known: text well-formed, times whole, as they will be read back.
 *
 * @param partition that the event was read from, and `offset` in it: never taken from the event.
 */
export function buildAnnotationRow(event: AnnotationEvent, partition: number, offset: number): FoldedAnnotation {
  const { request } = event;
  return {
    tenant_id: wellFormed(event.tenant_id),
    event_id: wellFormed(event.event_id),
    ...storedChange(wellFormedChange(event.change)),
    target: isDeletion(event.change) ? 'partition' : request === null ? 'session' : 'request',
    request_id: wellFormed(request?.request_id ?? ''),
    request_event_id: wellFormed(request?.event_id ?? ''),
    request_ordered_at: wholeMs(request?.ordered_at ?? 0),
    session_id: wellFormed(event.session?.id ?? ''),
    received_at: wholeMs(event.received_at),
    producer_id: wellFormed(event.producer.id),
    producer_seq: event.producer.seq,
    source_partition: partition,
    source_offset: offset,
  };
}

function wellFormedChange(change: AnnotationChange): AnnotationChange {
  switch (change.kind) {
    case 'tag':
      return { ...change, tag: wellFormed(change.tag) };
    case 'feedback':
      return change;
    case 'score':
      return { ...change, scores: change.scores.map(([name, value]) => [wellFormed(name), value] as const) };
    case 'property':
      return { ...change, key: wellFormed(change.key), value: wellFormed(change.value) };
    case 'delete-sessions':
    case 'delete-bodies':
      return { ...change, sessions: change.sessions.map(wellFormed) };
    case 'delete-user':
      return { ...change, user: wellFormed(change.user) };
    case 'delete-calls':
    case 'delete-call-bodies':
      return change;
  }
}
