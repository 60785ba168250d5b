import type { SessionKey } from '@throughline/session-totals/session-totals';

/** A key for maps. A tenant id never holds NUL, so the pair reads back one way only. */
export function sessionKeyText(key: SessionKey): string {
  return `${key.tenantId}\0${key.sessionId}`;
}
