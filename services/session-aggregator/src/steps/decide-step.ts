import type { LogEvent } from '@throughline/contracts/request-event';
import type { RequestBodyRow, RequestRow } from '@throughline/contracts/request-row';
import type { DeadLetterRow, LedgerExceptionRow } from '@throughline/contracts/session-row';
import { packVersion } from '@throughline/contracts/version';
import type { SessionState } from '@throughline/session-totals/session-state';
import type { PartitionState, ProducerProgress } from '@throughline/session-totals/session-totals';
import { createDuplicateDecider, type DuplicateDecider } from '../session/decide-duplicate.ts';
import { createProducerTracker } from '../session/producer-progress.ts';
import { applyStoredException } from '../session/stored-producer-progress.ts';
import { sessionKeyText } from '../session-key-text.ts';
import { wellFormed } from '../well-formed.ts';
import { wholeMs } from '../whole-ms.ts';
import { stampVersion } from './build-request-row.ts';
import { deadLetterRow, REASON_CHARS_MAX } from './dead-letter-row.ts';
import type { PreparedEntry } from './decode-entries-step.ts';

/** What a batch becomes: one row or one exception for each of its offsets. */
export interface DecidedBatch {
  readonly rows: readonly RequestRow[];
  /** Rows and exceptions that are stored already and count with the others. */
  readonly storedRows: readonly RequestRow[];
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
      readonly kind: 'stored-exception';
      readonly offset: number;
      readonly through: number;
      readonly exception: LedgerExceptionRow;
    };

export type DecidableEntry = LoggedEntry | StoredEntry;

/**
 * Decide about each entry: new, resent, duplicate, refused, control, dead or lost. A function of the log up to here and
 * nothing else, so that whoever repeats the batch after a crash decides the same.
 *
 * @param entries at least one, ascending by offset.
 * @param sessions the states before the batch, by `sessionKeyText`.
 */
export function decideStep(
  entries: readonly DecidableEntry[],
  state: PartitionState,
  sessions: ReadonlyMap<string, SessionState>,
  context: { partition: number; outboxAgeMaxHours: number; now: number },
): DecidedBatch {
  const rows: RequestRow[] = [];
  const storedRows: RequestRow[] = [];
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
    event: LogEvent | undefined,
  ) => {
    const last = entry.through ?? entry.offset;
    exceptions.push({
      source_partition: context.partition,
      source_offset: entry.offset,
      through_offset: last,
      kind,
      reason: wellFormed(reason.slice(0, REASON_CHARS_MAX)),
      tenant_id: wellFormed(event?.tenant_id ?? ''),
      event_id: wellFormed(event?.event_id ?? ''),
      request_id: event?.kind === 'request' ? wellFormed(event.request_id) : '',
      producer_id: wellFormed(event?.producer.id ?? ''),
      producer_seq: event?.kind === 'closed' ? event.last_seq : (event?.producer.seq ?? -1),
      count: entry.count ?? last - entry.offset + 1,
      received_at: wholeMs(event?.received_at ?? context.now),
      version: packVersion(entry.offset, epoch),
    });
  };

  /** True when the event is to be applied; its number is used up either way. */
  const isNumberNew = (event: LogEvent, offset: number): boolean => {
    const producer = { id: wellFormed(event.producer.id), seq: event.producer.seq };
    const { outcome } = producers.decide(producer, wholeMs(event.received_at));
    if (outcome === 'resent') except('resent', { offset }, 'its number was applied before', event);
    else if (outcome === 'unknown-old-producer') {
      except('refused', { offset }, 'older than what is remembered of producers', event);
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

  for (const entry of entries) {
    const { offset } = entry;
    through = 'through' in entry ? entry.through : offset;
    switch (entry.kind) {
      case 'request': {
        if (!isNumberNew(entry.event, offset)) break;
        if (isDuplicate(entry.built.row, offset)) {
          except('duplicate', entry, 'its request id was used before in this session', entry.event);
          break;
        }
        const stamped = stampVersion(entry.built, epoch);
        rows.push(stamped.row);
        bodies.push(stamped.bodies);
        break;
      }
      case 'refused':
        if (isNumberNew(entry.event, offset)) {
          except('refused', { offset, count: entry.event.count }, entry.event.reason, entry.event);
        }
        break;
      case 'closed': {
        const { event } = entry;
        const missing = producers.close(wellFormed(event.producer.id), event.last_seq, wholeMs(event.received_at));
        const reason = missing.length === 0 ? 'producer closed' : `producer closed, missing ${JSON.stringify(missing)}`;
        except('control', { offset }, reason, event);
        break;
      }
      case 'dead':
        if (entry.event && !isNumberNew(entry.event, offset)) break;
        except('dead', { offset }, `${entry.step}: ${entry.reason}`, entry.event);
        deadLetters.push(deadLetterRow(entry, { ...context, epoch }));
        break;
      case 'lost':
        except('lost', { offset, through: entry.through }, entry.reason, undefined);
        break;
      case 'stored-row':
        producers.decide({ id: entry.row.producer_id, seq: entry.row.producer_seq }, entry.row.received_at);
        // A retry behind it, which the log still has, is told from it.
        isDuplicate(entry.row, offset);
        storedRows.push(entry.row);
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
    storedRows,
    storedExceptions,
    bodies,
    exceptions,
    deadLetters,
    producers: producers.result(),
    through,
  };
}
