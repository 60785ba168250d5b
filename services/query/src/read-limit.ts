import { ApiError } from '@throughline/contracts/errors';

/** Entries of a page. */
const LIMIT = 50;
const LIMIT_MAX = 1000;

/** The query parameter `limit`. @throws ApiError `invalid-limit`, `limit-too-high`. */
export function readLimit(given: unknown): number {
  if (given === undefined) return LIMIT;
  const limit = typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : 0;
  if (limit < 1) throw new ApiError('invalid-limit');
  if (limit > LIMIT_MAX) throw new ApiError('limit-too-high', { max: LIMIT_MAX });
  return limit;
}
