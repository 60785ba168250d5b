import type { ExportKind } from '@throughline/contracts/api/session-export';

/** A value of a column: a time is epoch ms, what is `json` any value of JSON. */
export type Cell = unknown;

/** A column of a file, by what its rows have. */
export interface ExportColumn<Row> {
  readonly name: string;
  readonly kind: ExportKind;
  /** Null or undefined where it is missing. */
  readonly of: (row: Row) => Cell;
}

/** Turns pages of rows into the bytes of a file. Each method is called in its turn: `begin`, `page` any number of times, `end`. */
export interface ExportEncoder<Row> {
  begin(): Uint8Array | string;
  page(rows: readonly Row[]): Uint8Array | string;
  end(): Uint8Array | string;
}
