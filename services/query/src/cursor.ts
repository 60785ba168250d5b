import { ApiError } from '@throughline/contracts/errors';

/** What a part of a cursor must be, so that whatever reaches the engine is a value of its column's type. */
export type CursorPart = 'time' | 'int' | 'count' | 'decimal' | 'text';

/** Longest cursor read, characters: a session id of 16 kB, and what base64 and JSON add. */
const CURSOR_CHARS_MAX = 64 * 1024;

/**
 * Where a page ended, as an opaque text.
 *
 * @param order the order that the page was in. @param parts sort values and ids of its last row.
 */
export function encodeCursor(order: string, parts: readonly string[]): string {
  return Buffer.from(JSON.stringify([order, ...parts])).toString('base64url');
}

/**
 * @param order of this query: a cursor goes on with the order it came from, and no other.
 * @returns as many parts as `kinds`, each checked.
 * @throws ApiError `invalid-cursor`
 */
export function decodeCursor(text: string, order: string, kinds: readonly CursorPart[]): string[] {
  if (text.length > CURSOR_CHARS_MAX) throw new ApiError('invalid-cursor');
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch (cause) {
    throw new ApiError('invalid-cursor', {}, { cause });
  }
  if (!Array.isArray(parts) || parts.length !== kinds.length + 1 || parts[0] !== order) {
    throw new ApiError('invalid-cursor');
  }
  const values: unknown[] = parts.slice(1);
  if (!values.every((value, index) => typeof value === 'string' && isPart(kinds[index]!, value))) {
    throw new ApiError('invalid-cursor');
  }
  return values as string[];
}

function isPart(kind: CursorPart, value: string): boolean {
  switch (kind) {
    case 'text':
      return true;
    case 'decimal':
      return /^-?\d{1,26}(\.\d{1,12})?$/.test(value);
    case 'time':
      return isWhole(value, TIME_MIN_MS, TIME_MAX_MS);
    case 'int':
      return isWhole(value, -(2n ** 63n), 2n ** 63n - 1n);
    case 'count':
      return isWhole(value, 0n, 2n ** 64n - 1n);
  }
}

function isWhole(value: string, min: bigint, max: bigint): boolean {
  return /^-?\d{1,20}$/.test(value) && BigInt(value) >= min && BigInt(value) <= max;
}

/** What the engine's time type holds, epoch ms: the years 1900 to 2299. */
export const TIME_MIN_MS = BigInt(Date.UTC(1900, 0, 1));
export const TIME_MAX_MS = BigInt(Date.UTC(2300, 0, 1) - 1);

/** The nearest time that the engine holds. */
export function clampTime(ms: number): number {
  return Math.min(Math.max(ms, Number(TIME_MIN_MS)), Number(TIME_MAX_MS));
}
