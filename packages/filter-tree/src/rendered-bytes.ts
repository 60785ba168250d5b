import type { Filter } from './filter.ts';
import { filterSql } from './filter-sql.ts';
import type { SqlParam } from './sql-fragment.ts';

/** How many bytes a filter adds to a query at most, its values written out as literals. */
export function renderedBytes(filter: Filter): number {
  const { sql, params } = filterSql(filter, { requestAlias: 'r', sessionAlias: 'session', paramPrefix: 'filter' });
  let bytes = sql.length;
  for (const value of Object.values(params)) bytes += literalBytes(value);
  return bytes;
}

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
