import { ApiError } from '@throughline/contracts/errors';
import type { KeyDirectory } from '@throughline/contracts/keys';
import type { RequestHandler } from 'express';
import { authenticate } from './authenticate.ts';

/**
 * Lets callers with a key through, of any tenant and permission.
 *
 * @param keys undefined while they are not there yet: `keys-unavailable` for everybody.
 */
export function keyGuard(keys: () => KeyDirectory | undefined): RequestHandler {
  return async (req, _res, next) => {
    const known = keys();
    if (!known) throw new ApiError('keys-unavailable');
    await authenticate(req.headers, known);
    next();
  };
}
