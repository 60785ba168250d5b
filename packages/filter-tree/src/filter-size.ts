import type { Filter } from './filter.ts';
import { writeFilterSql } from './filter-sql.ts';
import type { SqlParam } from './sql-fragment.ts';

/** What a filter adds to a query. */
export interface FilterSize {
  /** Bytes at most, its values written out as literals. */
  readonly sqlBytes: number;
  /** Subqueries that look into another table. */
  readonly lookups: number;
}

export function filterSize(filter: Filter): FilterSize {
  const { sql, params, lookups } = writeFilterSql(filter, {
    requestAlias: 'r',
    sessionAlias: 'session',
    paramPrefix: 'filter',
  });
  let sqlBytes = sql.length;
  // A value stands wherever its placeholder does.
  for (const [, name] of sql.matchAll(PLACEHOLDER)) sqlBytes += literalBytes(params[name!] ?? '');
  return { sqlBytes, lookups };
}

const PLACEHOLDER = /\{(\w+):/g;

/** A value stands in quotes within a cast. */
const CAST_BYTES = 40;

function literalBytes(value: SqlParam): number {
  if (typeof value === 'string') return CAST_BYTES + textBytes(value);
  if (typeof value === 'object') {
    let bytes = CAST_BYTES;
    // Inside an array quotes and what escapes them are escaped once more.
    for (const element of value) bytes += 6 + 2 * textBytes(String(element));
    return bytes;
  }
  return CAST_BYTES + String(value).length;
}

/** Bytes in UTF-8, of which quotes, backslashes and control characters are escaped, in up to four. */
function textBytes(text: string): number {
  let bytes = Buffer.byteLength(text);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit === 0x7f || unit === 0x27 || unit === 0x5c) bytes += 3;
  }
  return bytes;
}
