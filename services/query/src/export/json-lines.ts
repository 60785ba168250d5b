import { asObject } from '../render/session-answer.ts';
import { timestamp } from '../render/timestamp.ts';
import type { ExportColumn, ExportEncoder } from './export-column.ts';

/** A JSON object per row and line, with every column: null where it is missing. */
export function jsonLinesEncoder<Row>(columns: readonly ExportColumn<Row>[], shiftMinutes: number): ExportEncoder<Row> {
  const value = ({ kind, of }: ExportColumn<Row>, row: Row) => {
    const cell = of(row) ?? null;
    return kind === 'time' && cell !== null ? timestamp(Number(cell), shiftMinutes) : cell;
  };
  return {
    begin: () => '',
    page: (rows) =>
      rows
        .map((row) => `${JSON.stringify(asObject(columns.map((column) => [column.name, value(column, row)])))}\n`)
        .join(''),
    end: () => '',
  };
}
