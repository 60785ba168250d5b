import { ApiError, type ErrorCode } from '@throughline/contracts/errors';

/** Files of one tenant that are written at a time: each holds a page or two, for as long as whoever reads it takes. */
export const TENANT_EXPORTS_MAX = 10;

/**
 * Places for files that are being written, or read.
 *
 * @param max of one tenant. @returns a function that takes one for a tenant, and returns what gives it back once. It throws ApiError
 *   `code` where none is free.
 */
export function createFilePlaces(max: number, code: ErrorCode): (tenantId: string) => () => void {
  const taken = new Map<string, number>();
  return (tenantId) => {
    const own = taken.get(tenantId) ?? 0;
    if (own >= max) throw new ApiError(code, { max });
    taken.set(tenantId, own + 1);
    return () => {
      const others = taken.get(tenantId)! - 1;
      if (others === 0) taken.delete(tenantId);
      else taken.set(tenantId, others);
    };
  };
}
