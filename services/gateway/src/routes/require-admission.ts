import { ApiError } from '@throughline/contracts/errors';
import type { GatewayConfig } from '../gateway-config.ts';
import type { Admission } from '../keys/admission.ts';
import { type CallRoute, GENERIC_LABEL } from '../request/route-of.ts';

/**
 * Whether a call without a valid key may be proxied.
 *
 * @throws ApiError when it may not.
 */
export function requireAdmission(
  admission: Admission,
  { label }: CallRoute,
  { requireKey, loopback }: Pick<GatewayConfig, 'requireKey' | 'loopback'>,
): void {
  if (admission.keyValid) return;
  const { refusal, unreadKey } = admission;
  const unread = unreadKey === undefined ? undefined : 'keys-unavailable';
  if (requireKey) throw new ApiError(unread ?? refusal ?? 'no-key', { permission: 'w' });
  // An open relay to any host is nothing to offer to strangers.
  if (label === GENERIC_LABEL && !loopback) throw new ApiError(unread ?? 'target-needs-key');
}
