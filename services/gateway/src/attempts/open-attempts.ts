import type { Clock } from '../clock.ts';
import type { GatewayConfig } from '../gateway-config.ts';
import type { CallHeaders } from '../request/call-headers.ts';
import { type CallRoute, GENERIC_LABEL } from '../request/route-of.ts';
import { resolveTarget } from '../routes/resolve-target.ts';
import { increasedTimeouts } from '../upstream/upstream-timeouts.ts';
import { AttemptRun } from './attempt-run.ts';
import { fallbackTargets, ownTarget, type TargetDeps } from './attempt-target.ts';
import { readRetry } from './read-retry.ts';

/**
 * How often and where a call is sent.
 *
 * @returns undefined: once, as it came.
 * @throws ApiError for headers that cannot be read, and for targets that may not be reached.
 */
export function openAttempts(
  method: string,
  route: CallRoute,
  headers: CallHeaders,
  deps: TargetDeps & { readonly clock: Clock; readonly config: GatewayConfig },
): AttemptRun | undefined {
  const retry = headers.behaviours && readRetry(headers.behaviours);
  const timeouts = headers.isPatient ? increasedTimeouts(deps.config) : undefined;
  if (headers.fallbacks !== '' && route.label === GENERIC_LABEL) {
    const targets = fallbackTargets(headers, route.rest, deps);
    return new AttemptRun({ method, targets, areFallbacks: true, retry, timeouts }, deps);
  }
  if (!retry) return undefined;
  const target = resolveTarget(route, headers, deps.providers);
  return new AttemptRun({ method, targets: [ownTarget(target, headers)], areFallbacks: false, retry, timeouts }, deps);
}
