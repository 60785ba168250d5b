import {
  type ExportKind,
  REQUEST_EXPORT_COLUMNS,
  SESSION_EXPORT_COLUMNS,
} from '@throughline/contracts/api/session-export';
import type { StoredRequest } from '../queries/request-columns.ts';
import type { AnsweredFacts } from '../queries/session-columns.ts';
import { requestAnswer } from '../render/request-answer.ts';
import { type SessionAnswer, sessionAnswer } from '../render/session-answer.ts';
import type { ExportColumn } from './export-column.ts';

/** A row as it is answered, with its times as epoch ms. */
export type ExportRow = Readonly<Record<string, unknown>>;

/** Columns by their names; all of them unless given. */
export function exportColumns(
  what: 'sessions' | 'requests',
  names: readonly string[] | undefined,
): ExportColumn<ExportRow>[] {
  const kinds: Readonly<Record<string, ExportKind>> =
    what === 'requests' ? REQUEST_EXPORT_COLUMNS : SESSION_EXPORT_COLUMNS;
  return (names ?? Object.keys(kinds)).map((name) => ({ name, kind: kinds[name]!, of: (row) => row[name] }));
}

/** @param nowMs by which a session is live. */
export function sessionRow(facts: AnsweredFacts, nowMs: number): ExportRow {
  const answer: SessionAnswer = sessionAnswer(facts, 0, nowMs);
  return { ...answer, created_at: facts.created_at, latest_request_created_at: facts.latest_request_at };
}

export function requestRow(row: StoredRequest): ExportRow {
  return {
    ...requestAnswer(row),
    request_created_at: Number(row.request_at_ms),
    response_created_at: Number(row.response_at_ms),
    error_type: row.is_error ? row.error_type : null,
    error_message: row.is_error ? row.error_message : null,
  };
}
