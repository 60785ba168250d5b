import type { GatewayConfig } from '../gateway-config.ts';

/** How long a provider may take, ms; as undici takes it with a call. 0: any time. */
export interface UpstreamTimeouts {
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
}

/** What `Helicone-Increase-Timeout` gives a call (wire contract 1.4). */
const INCREASED_MS = 30 * 60_000;

/** Half an hour each, or what is configured where that is more. */
export function increasedTimeouts({
  headersTimeoutMs,
  bodyIdleTimeoutMs,
}: Pick<GatewayConfig, 'headersTimeoutMs' | 'bodyIdleTimeoutMs'>): UpstreamTimeouts {
  return { headersTimeout: increased(headersTimeoutMs), bodyTimeout: increased(bodyIdleTimeoutMs) };
}

function increased(ms: number): number {
  return ms === 0 ? 0 : Math.max(ms, INCREASED_MS);
}
