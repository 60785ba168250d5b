import type { AnnotationRow } from '@throughline/contracts/annotation-row';
import type { RequestBodyRow, RequestRow } from '@throughline/contracts/request-row';
import type { DeadLetterRow, LedgerExceptionRow } from '@throughline/contracts/session-row';
import { packVersion } from '@throughline/contracts/version';
import type { SessionState } from '@throughline/session-totals/session-state';
import type { PartitionState, ProducerProgress } from '@throughline/session-totals/session-totals';
import { annotateRow } from '../annotate-row.ts';
import { createDuplicateDecider, type DuplicateDecider } from '../session/decide-duplicate.ts';
import type { FoldedAnnotation, FoldedRow } from '../session/fold-session.ts';
import { createProducerTracker } from '../session/producer-progress.ts';
import { applyStoredException } from '../session/stored-producer-progress.ts';
import { sessionKeyText } from '../session-key-text.ts';
import { targetKey } from '../target-key.ts';
import { wellFormed } from '../well-formed.ts';
import { stampVersion } from './build-request-row.ts';
import { deadLetterRow, REASON_CHARS_MAX } from './dead-letter-row.ts';
import type { EventOrigin, PreparedEntry } from './decode-entries-step.ts';

/** A row, and whether its bodies are there. */
type FoldableRow = RequestRow & Pick<FoldedRow, 'bodies_deleted'>;

/** What a batch becomes: one row, one annotation or one exception for each of its offsets. */
export interface DecidedBatch {
  readonly rows: readonly FoldableRow[];
  readonly annotations: readonly AnnotationRow[];
  /** Rows of before the batch as its annotations leave them. They count nothing: they were counted. */
  readonly rewritten: readonly RequestRow[];
  /** Rows, annotations and exceptions that are stored already and count with the others. */
  readonly storedRows: readonly RequestRow[];
  readonly storedAnnotations: readonly AnnotationRow[];
  readonly storedExceptions: readonly LedgerExceptionRow[];
  readonly bodies: readonly RequestBodyRow[];
  readonly exceptions: readonly LedgerExceptionRow[];
  readonly deadLetters: readonly DeadLetterRow[];
  readonly producers: ReadonlyMap<string, ProducerProgress>;
  /** Last offset that the batch speaks of. */
  readonly through: number;
}

/** What the log delivered, up to the first event of a newer schema. */
export type LoggedEntry = Exclude<PreparedEntry, { kind: 'newer' }>;

/** What the log has lost and the analytics store has not: decided long ago. */
export type StoredEntry =
  | { readonly kind: 'stored-row'; readonly offset: number; readonly through: number; readonly row: RequestRow }
  | {
      readonly kind: 'stored-annotation';
      readonly offset: number;
      readonly through: number;
      readonly row: AnnotationRow;
    }
  | {
      readonly kind: 'stored-exception';
      readonly offset: number;
      readonly through: number;
      readonly exception: LedgerExceptionRow;
    };

export type DecidableEntry = LoggedEntry | StoredEntry;

/**
 * Decide about each entry: new, resent, duplicate, refused, control, dead, orphan or lost. A function of the log up to here and
 * nothing else, so that whoever repeats the batch after a crash decides the same.
 *
 * @param entries at least one, ascending by offset.
 * @param sessions the states before the batch, by `sessionKeyText`.
 * @param context `targets`: the rows that annotations of the batch are about, by `rowKey`. Left out: none is there.
 */
export function decideStep(
  entries: readonly DecidableEntry[],
  state: PartitionState,
  sessions: ReadonlyMap<string, SessionState>,
  context: {
    partition: number;
    outboxAgeMaxHours: number;
    now: number;
    targets?: ReadonlyMap<string, RequestRow>;
  },
): DecidedBatch {
  const rows: FoldableRow[] = [];
  const annotations: AnnotationRow[] = [];
  const rewritten = new Map<string, RequestRow>();
  const storedRows: RequestRow[] = [];
  const storedAnnotations: AnnotationRow[] = [];
  const storedExceptions: LedgerExceptionRow[] = [];
  const bodies: RequestBodyRow[] = [];
  const exceptions: LedgerExceptionRow[] = [];
  const deadLetters: DeadLetterRow[] = [];
  const producers = createProducerTracker(state.producers, context.outboxAgeMaxHours);
  const duplicates = new Map<string, DuplicateDecider>();
  const { epoch } = state.fence;
  let through = state.fence.offset;

  const except = (
    kind: LedgerExceptionRow['kind'],
    entry: { offset: number; through?: number; count?: number },
    reason: string,
    origin: EventOrigin | undefined,
    producerSeq = origin?.producer.seq ?? -1,
  ) => {
    const last = entry.through ?? entry.offset;
    exceptions.push({
      source_partition: context.partition,
      source_offset: entry.offset,
      through_offset: last,
      kind,
      reason: wellFormed(reason.slice(0, REASON_CHARS_MAX)),
      tenant_id: origin?.tenantId ?? '',
      event_id: origin?.eventId ?? '',
      request_id: origin?.requestId ?? '',
      producer_id: origin?.producer.id ?? '',
      producer_seq: producerSeq,
      count: entry.count ?? last - entry.offset + 1,
      received_at: origin?.receivedAt ?? context.now,
      version: packVersion(entry.offset, epoch),
    });
  };

  /** True when the event is to be applied; its number is used up either way. */
  const isNumberNew = (origin: EventOrigin, offset: number): boolean => {
    const { outcome } = producers.decide(origin.producer, origin.receivedAt);
    if (outcome === 'resent') except('resent', { offset }, 'its number was applied before', origin);
    else if (outcome === 'unknown-old-producer') {
      except('refused', { offset }, 'older than what is remembered of producers', origin);
    }
    return outcome === 'new' || outcome === 'fills-hole';
  };

  const isDuplicate = (row: Omit<RequestRow, 'version'>, offset: number): boolean => {
    if (!row.request_id_chosen || row.session_id === '') return false;
    const key = sessionKeyText({ tenantId: row.tenant_id, sessionId: row.session_id });
    let decider = duplicates.get(key);
    if (!decider) {
      decider = createDuplicateDecider(sessions.get(key));
      duplicates.set(key, decider);
    }
    return decider.decide(row.request_id, offset) === 'duplicate';
  };

  /** False when what it is about is not there. */
  const annotate = (annotation: FoldedAnnotation): boolean => {
    if (annotation.target !== 'request') return true;
    const key = targetKey(annotation);
    const row = rewritten.get(key) ?? context.targets?.get(key);
    if (row === undefined || row.session_id !== annotation.session_id) return false;
    const next = annotateRow(row, annotation, epoch);
    if (next !== row) rewritten.set(key, next);
    return true;
  };

  for (const entry of entries) {
    const { offset } = entry;
    through = 'through' in entry ? entry.through : offset;
    switch (entry.kind) {
      case 'request': {
        if (!isNumberNew(entry.origin, offset)) break;
        if (isDuplicate(entry.built.row, offset)) {
          except('duplicate', entry, 'its request id was used before in this session', entry.origin);
          break;
        }
        const stamped = stampVersion(entry.built, epoch);
        // Of a call that was imported: so that totals made anew from rows are the same.
        rows.push(
          stamped.bodies.request_encoding === 'deleted' ? { ...stamped.row, bodies_deleted: true } : stamped.row,
        );
        bodies.push(stamped.bodies);
        break;
      }
      case 'annotation':
        if (!isNumberNew(entry.origin, offset)) break;
        if (annotate(entry.row)) annotations.push({ ...entry.row, version: packVersion(offset, epoch) });
        else except('orphan', entry, 'the request that it is about is not there', entry.origin);
        break;
      case 'refused':
        if (isNumberNew(entry.origin, offset)) {
          except('refused', { offset, count: entry.count }, entry.reason, entry.origin);
        }
        break;
      case 'closed': {
        const { origin, lastSeq } = entry;
        const missing = producers.close(origin.producer.id, lastSeq, origin.receivedAt);
        const reason = missing.length === 0 ? 'producer closed' : `producer closed, missing ${JSON.stringify(missing)}`;
        except('control', { offset }, reason, origin, lastSeq);
        break;
      }
      case 'dead':
        if (entry.origin && !isNumberNew(entry.origin, offset)) break;
        except('dead', { offset }, `${entry.step}: ${entry.reason}`, entry.origin);
        deadLetters.push(deadLetterRow(entry, { ...context, epoch }));
        break;
      case 'lost':
        except('lost', entry, entry.reason, undefined);
        break;
      case 'stored-row':
        producers.decide({ id: entry.row.producer_id, seq: entry.row.producer_seq }, entry.row.received_at);
        // A retry behind it, which the log still has, is told from it.
        isDuplicate(entry.row, offset);
        storedRows.push(entry.row);
        break;
      case 'stored-annotation':
        producers.decide({ id: entry.row.producer_id, seq: entry.row.producer_seq }, entry.row.received_at);
        // It is stored before the row that it changes: that may be as it was.
        annotate(entry.row);
        storedAnnotations.push(entry.row);
        break;
      case 'stored-exception': {
        applyStoredException(producers, entry.exception);
        storedExceptions.push(entry.exception);
        break;
      }
    }
  }
  return {
    rows,
    annotations,
    rewritten: [...rewritten.values()],
    storedRows,
    storedAnnotations,
    storedExceptions,
    bodies,
    exceptions,
    deadLetters,
    producers: producers.result(),
    through,
  };
}
