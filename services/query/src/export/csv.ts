import type { ExportKind } from '@throughline/contracts/api/session-export';
import { timestamp } from '../render/timestamp.ts';
import type { Cell, ExportColumn, ExportEncoder } from './export-column.ts';

/**
 * CSV as RFC 4180 has it, UTF-8, with a line of names. What is missing is empty.
 *
 * Texts that a spreadsheet would take for a formula have an apostrophe before them: whoever calls a provider names users and
 * sessions, and somebody else opens the file.
 *
 * @param shiftMinutes `timezoneDifference` of the query.
 */
export function csvEncoder<Row>(columns: readonly ExportColumn<Row>[], shiftMinutes: number): ExportEncoder<Row> {
  return {
    begin: () => line(columns.map(({ name }) => name)),
    page: (rows) =>
      rows.map((row) => line(columns.map(({ kind, of }) => cellText(kind, of(row), shiftMinutes)))).join(''),
    end: () => '',
  };
}

function line(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function cellText(kind: ExportKind, cell: Cell, shiftMinutes: number): string {
  if (cell === null || cell === undefined) return '';
  if (kind === 'time') return timestamp(Number(cell), shiftMinutes);
  if (kind === 'int' || kind === 'number' || kind === 'boolean') return String(cell);
  return harmless(kind === 'json' ? JSON.stringify(cell) : String(cell));
}

function harmless(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** What spreadsheets begin a formula with, and white space that they drop before it. */
const FORMULA = /^[=+\-@\t\r\n]/;
