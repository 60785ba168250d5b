import { ApiError } from '@throughline/contracts/errors';

/** Where a page ended: the order it was in, and the sort value and id of its last row. */
export interface Cursor {
  readonly order: string;
  readonly value: string;
  readonly id: string;
}

export function encodeCursor({ order, value, id }: Cursor): string {
  return Buffer.from(JSON.stringify([order, value, id])).toString('base64url');
}

/**
 * @param order of this query: a cursor goes on with the order it came from, and no other.
 * @throws ApiError `invalid-cursor`
 */
export function decodeCursor(text: string, order: string): Cursor {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch (cause) {
    throw new ApiError('invalid-cursor', {}, { cause });
  }
  if (!Array.isArray(parts) || parts.length !== 3 || !parts.every((part) => typeof part === 'string')) {
    throw new ApiError('invalid-cursor');
  }
  const [from, value, id] = parts as [string, string, string];
  // The value becomes a number in SQL: only what a number looks like may reach it.
  if (from !== order || !/^-?\d{1,20}(\.\d{1,20})?(e[+-]?\d{1,3})?$/.test(value)) throw new ApiError('invalid-cursor');
  return { order: from, value, id };
}
