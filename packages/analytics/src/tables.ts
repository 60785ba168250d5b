import type { AnnotationRow } from '@throughline/contracts/annotation-row';
import type { RequestBodyRow, RequestRow } from '@throughline/contracts/request-row';
import type { DeadLetterRow, LedgerExceptionRow, SessionKeyRow, SessionRow } from '@throughline/contracts/session-row';
import type { EncodedRows, TableName } from './analytics-store.ts';
import type { Column } from './columns.ts';
import { RowBinaryWriter } from './row-binary.ts';
import type {
  ApiKeyRow,
  ApiKeyUseRow,
  AuditRow,
  HiddenPropertyRow,
  LedgerSealRow,
  SessionPropertyRow,
  TenantRow,
  ViewRow,
  WebhookDeliveryRow,
  WebhookRow,
} from './table-rows.ts';
import {
  ANNOTATION_COLUMNS,
  DEAD_LETTER_COLUMNS,
  LEDGER_EXCEPTION_COLUMNS,
  LEDGER_SEAL_COLUMNS,
} from './tables/ledger.ts';
import { REQUEST_BODY_COLUMNS, REQUEST_COLUMNS } from './tables/requests.ts';
import { SESSION_COLUMNS, SESSION_KEY_COLUMNS, SESSION_PROPERTY_COLUMNS } from './tables/sessions.ts';
import {
  API_KEY_COLUMNS,
  API_KEY_USE_COLUMNS,
  AUDIT_COLUMNS,
  HIDDEN_PROPERTY_COLUMNS,
  TENANT_COLUMNS,
  VIEW_COLUMNS,
} from './tables/tenants.ts';
import { WEBHOOK_COLUMNS, WEBHOOK_DELIVERY_COLUMNS } from './tables/webhooks.ts';

/** The row type of each table that rows can be inserted into. */
export interface TableRows {
  requests: RequestRow;
  request_bodies: RequestBodyRow;
  sessions: SessionRow;
  session_keys: SessionKeyRow;
  session_properties: SessionPropertyRow;
  annotations: AnnotationRow;
  ledger_exceptions: LedgerExceptionRow;
  dead_letters: DeadLetterRow;
  ledger_seals: LedgerSealRow;
  tenants: TenantRow;
  api_keys: ApiKeyRow;
  api_key_uses: ApiKeyUseRow;
  audit_log: AuditRow;
  hidden_properties: HiddenPropertyRow;
  views: ViewRow;
  webhooks: WebhookRow;
  webhook_deliveries: WebhookDeliveryRow;
}

/** Columns in the order in which rows are encoded. A test compares them with the schema after all migrations. */
export const TABLES: { readonly [T in TableName]: readonly Column<TableRows[T]>[] } = {
  requests: REQUEST_COLUMNS,
  request_bodies: REQUEST_BODY_COLUMNS,
  sessions: SESSION_COLUMNS,
  session_keys: SESSION_KEY_COLUMNS,
  session_properties: SESSION_PROPERTY_COLUMNS,
  annotations: ANNOTATION_COLUMNS,
  ledger_exceptions: LEDGER_EXCEPTION_COLUMNS,
  dead_letters: DEAD_LETTER_COLUMNS,
  ledger_seals: LEDGER_SEAL_COLUMNS,
  tenants: TENANT_COLUMNS,
  api_keys: API_KEY_COLUMNS,
  api_key_uses: API_KEY_USE_COLUMNS,
  audit_log: AUDIT_COLUMNS,
  hidden_properties: HIDDEN_PROPERTY_COLUMNS,
  views: VIEW_COLUMNS,
  webhooks: WEBHOOK_COLUMNS,
  webhook_deliveries: WEBHOOK_DELIVERY_COLUMNS,
};

/** Column names of an INSERT, in the order of `encodeRows`. */
export function insertColumns(table: TableName): string {
  return TABLES[table].map((column) => column.name).join(', ');
}

/**
 * Encode rows for `AnalyticsStore.insert`. Takes some 5 µs for a row of `requests`, synchronously: a caller that shares
 * its thread encodes a few thousand at a time.
 *
 * @throws RowEncodingError naming row and column, when a value does not fit its column.
 */
export function encodeRows<T extends TableName>(table: T, rows: readonly TableRows[T][]): EncodedRows {
  const columns: readonly Column<TableRows[T]>[] = TABLES[table];
  const writer = new RowBinaryWriter(rows.length * (bytesPerRow.get(table) ?? 512) * 1.2);
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]!;
    let at = 0;
    try {
      for (; at < columns.length; at++) columns[at]!.write(writer, row);
    } catch (error) {
      throw new RowEncodingError(table, columns[at]!.name, index, error as Error);
    }
  }
  if (rows.length > 0) bytesPerRow.set(table, writer.length / rows.length);
  return { table, rows: rows.length, bytes: writer.bytes() };
}

/** Size of the last rows of each table, so that the next buffer seldom has to grow. */
const bytesPerRow = new Map<TableName, number>();

/** A value that its column cannot hold: that row can never be stored, the others can. */
export class RowEncodingError extends Error {
  readonly table: TableName;
  readonly column: string;
  /** Index of the row in the array given. */
  readonly index: number;

  constructor(table: TableName, column: string, index: number, cause: Error) {
    super(`row ${index} of ${table}: ${column}: ${cause.message}`, { cause });
    this.name = 'RowEncodingError';
    this.table = table;
    this.column = column;
    this.index = index;
  }
}
