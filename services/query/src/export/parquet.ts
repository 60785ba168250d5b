import type { ExportKind } from '@throughline/contracts/api/session-export';
import { type BasicType, ByteWriter, type ColumnSource, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { Cell, ExportColumn, ExportEncoder } from './export-column.ts';

/**
 * Parquet, compressed with Snappy: a row group per page of rows, so that no more than a page is held. Of a file of a million
 * rows the footer, which is held until the end, has 4 MB.
 */
export function parquetEncoder<Row>(columns: readonly ExportColumn<Row>[]): ExportEncoder<Row> {
  const writer = new ByteWriter();
  const sourceOf = (rows: readonly Row[]) => columns.map((column) => columnSource(column, rows));
  const parquet = new ParquetWriter({
    writer,
    schema: schemaFromColumnData({ columnData: sourceOf([]) }),
    createdBy: 'throughline',
  });
  const taken = () => {
    // A copy: the writer goes on in the same buffer.
    const bytes = writer.getBytes().slice();
    writer.index = 0;
    return bytes;
  };
  return {
    begin: taken,
    page(rows) {
      parquet.write({ columnData: sourceOf(rows), rowGroupSize: Math.max(1, rows.length) });
      return taken();
    },
    end() {
      parquet.finish();
      return taken();
    },
  };
}

const TYPES: Readonly<Record<ExportKind, BasicType>> = {
  text: 'STRING',
  int: 'INT64',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  time: 'TIMESTAMP',
  json: 'STRING',
};

function columnSource<Row>({ name, kind, of }: ExportColumn<Row>, rows: readonly Row[]): ColumnSource {
  return { name, type: TYPES[kind], nullable: true, data: rows.map((row) => parquetValue(kind, of(row))) };
}

function parquetValue(kind: ExportKind, cell: Cell): unknown {
  if (cell === null || cell === undefined) return null;
  if (kind === 'int') return BigInt(Number(cell));
  if (kind === 'time') return new Date(Number(cell));
  if (kind === 'json') return JSON.stringify(cell);
  // As UTF-8 has it, which knows no halves of surrogate pairs.
  return kind === 'text' ? String(cell).toWellFormed() : cell;
}
