export type ExportFormat = 'csv' | 'jsonl' | 'parquet';

/**
 * Counts the rows of an export as its bytes come. Lines of CSV end with CR LF, and those within a value with what was
 * recorded: a value with a CR LF of its own makes the count too high until the end, where it is not asked for.
 *
 * @returns a function that takes the next bytes and tells how many rows there were so far; null: bytes do not tell.
 */
export function rowCounter(format: ExportFormat): (bytes: Uint8Array) => number | null {
  if (format === 'parquet') return () => null;
  // The first line of CSV has the names.
  let rows = format === 'csv' ? -1 : 0;
  let isAfterReturn = false;
  return (bytes) => {
    for (const byte of bytes) {
      if (byte === LINE_FEED && (format === 'jsonl' || isAfterReturn)) rows++;
      isAfterReturn = byte === RETURN;
    }
    return Math.max(0, rows);
  };
}

const LINE_FEED = 10;
const RETURN = 13;
