import type { AnnotationRow } from '@throughline/contracts/annotation-row';
import type { DeadLetterRow, LedgerExceptionRow } from '@throughline/contracts/session-row';
import { COST_SUM, type Column, columnOf, ENUM_LIKE, TIME } from '../columns.ts';
import type { LedgerSealRow } from '../table-rows.ts';

const annotation = columnOf<AnnotationRow>();

export const ANNOTATION_COLUMNS: readonly Column<AnnotationRow>[] = [
  annotation('tenant_id', 'String', (to, row) => to.string(row.tenant_id)),
  annotation('event_id', 'String', (to, row) => to.string(row.event_id)),
  annotation('kind', ENUM_LIKE, (to, row) => to.string(row.kind)),
  annotation('target', ENUM_LIKE, (to, row) => to.string(row.target)),
  annotation('request_id', 'String', (to, row) => to.string(row.request_id)),
  annotation('session_id', 'String', (to, row) => to.string(row.session_id)),
  // Not used: whose data a deletion is about is in its value, as long as that has to be known.
  annotation('user_id', 'String', (to) => to.string('')),
  annotation('name', 'String', (to, row) => to.string(row.name)),
  annotation('value', 'String', (to, row) => to.string(row.value)),
  annotation('received_at', TIME, (to, row) => to.int64(row.received_at)),
  annotation('producer_id', ENUM_LIKE, (to, row) => to.string(row.producer_id)),
  annotation('producer_seq', 'UInt64', (to, row) => to.uint64(row.producer_seq)),
  annotation('source_partition', 'UInt16', (to, row) => to.uint16(row.source_partition)),
  annotation('source_offset', 'UInt64', (to, row) => to.uint64(row.source_offset)),
  annotation('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
  annotation('request_event_id', 'String', (to, row) => to.string(row.request_event_id)),
  annotation('request_ordered_at', TIME, (to, row) => to.int64(row.request_ordered_at)),
  annotation('is_deleted', 'UInt8', (to, row) => to.uint8(row.is_deleted ?? 0)),
];

const exception = columnOf<LedgerExceptionRow>();

export const LEDGER_EXCEPTION_COLUMNS: readonly Column<LedgerExceptionRow>[] = [
  exception('source_partition', 'UInt16', (to, row) => to.uint16(row.source_partition)),
  exception('source_offset', 'UInt64', (to, row) => to.uint64(row.source_offset)),
  exception('through_offset', 'UInt64', (to, row) => to.uint64(row.through_offset)),
  exception('kind', ENUM_LIKE, (to, row) => to.string(row.kind)),
  exception('reason', 'String', (to, row) => to.string(row.reason)),
  exception('tenant_id', 'String', (to, row) => to.string(row.tenant_id)),
  exception('event_id', 'String', (to, row) => to.string(row.event_id)),
  exception('request_id', 'String', (to, row) => to.string(row.request_id)),
  exception('producer_id', ENUM_LIKE, (to, row) => to.string(row.producer_id)),
  // −1 where the event could not be read or takes no number.
  exception('producer_seq', 'Int64', (to, row) => to.int64(row.producer_seq)),
  exception('count', 'UInt64', (to, row) => to.uint64(row.count)),
  exception('received_at', TIME, (to, row) => to.int64(row.received_at)),
  exception('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
];

const letter = columnOf<DeadLetterRow>();

export const DEAD_LETTER_COLUMNS: readonly Column<DeadLetterRow>[] = [
  letter('source_partition', 'UInt16', (to, row) => to.uint16(row.source_partition)),
  letter('source_offset', 'UInt64', (to, row) => to.uint64(row.source_offset)),
  letter('step', ENUM_LIKE, (to, row) => to.string(row.step)),
  letter('reason', 'String', (to, row) => to.string(row.reason)),
  letter('bytes', 'String', (to, row) => to.rawBytes(row.bytes)),
  letter('seen_at', TIME, (to, row) => to.int64(row.seen_at)),
  letter('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
];

const seal = columnOf<LedgerSealRow>();

const DAY_MS = 86_400_000;

export const LEDGER_SEAL_COLUMNS: readonly Column<LedgerSealRow>[] = [
  seal('source_partition', 'UInt16', (to, row) => to.uint16(row.source_partition)),
  seal('day', 'Date', (to, row) => to.uint16(row.day / DAY_MS)),
  seal('tenant_id', 'String', (to, row) => to.string(row.tenant_id)),
  seal('first_offset', 'UInt64', (to, row) => to.uint64(row.first_offset)),
  seal('last_offset', 'UInt64', (to, row) => to.uint64(row.last_offset)),
  seal('requests', 'UInt64', (to, row) => to.uint64(row.requests)),
  seal('errors', 'UInt64', (to, row) => to.uint64(row.errors)),
  seal('unpriced', 'UInt64', (to, row) => to.uint64(row.unpriced)),
  seal('cost', COST_SUM, (to, row) => to.bigInt128(row.cost_pico)),
  seal('prompt_tokens', 'UInt64', (to, row) => to.bigUint64(row.prompt_tokens)),
  seal('completion_tokens', 'UInt64', (to, row) => to.bigUint64(row.completion_tokens)),
  seal('annotations', 'UInt64', (to, row) => to.uint64(row.annotations)),
  seal('exceptions', 'Map(String, UInt64)', (to, row) => {
    to.count(row.exceptions.length);
    for (const [kind, offsets] of row.exceptions) {
      to.string(kind);
      to.uint64(offsets);
    }
  }),
  seal('sealed_at', TIME, (to, row) => to.int64(row.sealed_at)),
  seal('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
];
