import { ApiError } from '@throughline/contracts/errors';
import type { Request } from 'express';

/** A query parameter; undefined where it is left out, or empty. @throws ApiError `invalid-parameter` where it comes twice. */
export function readText(query: Request['query'], name: string): string | undefined {
  const value = query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw new ApiError('invalid-parameter', { name, expected: 'given once' });
  return value;
}

/** A query parameter; undefined where it is left out, or empty. @throws ApiError `invalid-parameter` */
export function readYesOrNo(query: Request['query'], name: string): boolean | undefined {
  const value = readText(query, name);
  if (value === undefined) return undefined;
  if (value !== 'true' && value !== 'false')
    throw new ApiError('invalid-parameter', { name, expected: 'true or false' });
  return value === 'true';
}
