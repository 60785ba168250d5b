import type { Eventually } from '@throughline/call-state/cache/response-cache';
import { limitKey } from '@throughline/call-state/limits/limit-key';
import type { RateLimits, Taken } from '@throughline/call-state/limits/rate-limits';
import { RATE_LIMIT_STATUS, RATE_LIMITED } from '@throughline/contracts/blocked-call';
import { ApiError } from '@throughline/contracts/errors';
import type { NewRequestEvent } from '@throughline/contracts/request-event';
import type { GatewayMetrics } from '../../gateway-metrics.ts';
import type { StateFailures } from '../../state-failures.ts';
import type { Behaviour, BehaviourCall } from '../behaviour.ts';
import type { ReadBehaviour } from '../open-behaviours.ts';
import type { CallCost, CallCosts } from './call-costs.ts';
import { type RateLimitPolicy, readPolicy, unitsAsText } from './read-policy.ts';
import { segmentOf } from './segment-of.ts';

/**
 * `Helicone-RateLimit-Policy`. A text that is no policy limits nothing, nor does one of a call that is not recorded, or of
 * which it is found out later whose it is: counts belong to a tenant.
 */
export const openRateLimit: ReadBehaviour = (
  given,
  _headers,
  { tenantId },
  { callState, metrics, failures, costs, logger },
) => {
  const text = given.get('helicone-ratelimit-policy');
  if (text === undefined) return undefined;
  const policy = readPolicy(text);
  if (!policy) {
    metrics.rateLimited('invalid-policy');
    logger.debug({ policy: text }, 'a rate limit policy cannot be read: the call is not limited');
    return undefined;
  }
  if (tenantId === undefined || !callState) return undefined;
  return new RateLimit(tenantId, policy, { limits: callState.limits, metrics, failures, costs });
};

interface RateLimitDeps {
  readonly limits: RateLimits;
  readonly metrics: Pick<GatewayMetrics, 'rateLimited'>;
  readonly failures: StateFailures;
  readonly costs: CallCosts;
}

/**
 * One call under a policy. A request is counted before it is sent, once whatever its attempts, and not when it is refused.
 * Cents are counted when the call is over, so those under way together may go above the quota.
 */
class RateLimit implements Behaviour {
  readonly isBodyOptional = true;
  readonly #tenantId: string;
  readonly #policy: RateLimitPolicy;
  readonly #deps: RateLimitDeps;
  #key = '';
  /** Undefined: nobody has asked, or there was no answer. */
  #taken: Taken | undefined;

  constructor(tenantId: string, policy: RateLimitPolicy, deps: RateLimitDeps) {
    this.#tenantId = tenantId;
    this.#policy = policy;
    this.#deps = deps;
  }

  before(call: BehaviourCall): undefined | Promise<undefined> {
    const { canonical, segment, allowance, unit } = this.#policy;
    this.#key = limitKey(this.#tenantId, canonical, segment && segmentOf(segment, call));
    let taken: Eventually<Taken>;
    try {
      taken = this.#deps.limits.take(this.#key, allowance, unit === 'request' ? 1 : 0);
    } catch (error) {
      return this.#onFailure(error);
    }
    if (!(taken instanceof Promise)) return this.#onTaken(call, taken);
    return taken.then(
      (answer) => this.#onTaken(call, answer),
      (error: unknown) => this.#onFailure(error),
    );
  }

  #onTaken(call: BehaviourCall, taken: Taken): undefined {
    this.#taken = taken;
    this.#deps.metrics.rateLimited(taken.isAllowed ? 'allowed' : 'refused');
    if (taken.isAllowed) return undefined;
    call.headers.properties.push([RATE_LIMIT_STATUS, RATE_LIMITED]);
    throw new ApiError('rate-limited', { policy: this.#policy.canonical });
  }

  answered(): readonly string[] {
    const taken = this.#taken;
    if (!taken) return [];
    const { quota, canonical, allowance } = this.#policy;
    const left = allowance.quota - taken.used;
    const headers = [
      ...['Helicone-RateLimit-Limit', quota],
      ...['Helicone-RateLimit-Remaining', unitsAsText(this.#policy, left > 0n ? left : 0n)],
      ...['Helicone-RateLimit-Policy', canonical],
    ];
    if (taken.resetMs > 0) headers.push('Helicone-RateLimit-Reset', String(Math.ceil(taken.resetMs / 1_000)));
    if (!taken.isAllowed) headers.push('X-Helicone-Error', 'rate_limited');
    return headers;
  }

  recorded(event: NewRequestEvent): NewRequestEvent | Promise<NewRequestEvent> {
    const isPaid = this.#taken?.isAllowed === true && event.cache_reference_id === undefined;
    return isPaid && this.#policy.unit === 'cents' ? this.#withCostCounted(event) : event;
  }

  /** Before the client has the end of its answer: its next call finds it counted. */
  async #withCostCounted(event: NewRequestEvent): Promise<NewRequestEvent> {
    try {
      const { known, estimate } = await this.#deps.costs.of(event);
      if (known > 0) await this.#deps.limits.add(this.#key, this.#policy.allowance, known);
      // Nobody waits for an estimate.
      if (estimate) this.#addEstimate(estimate).catch((error) => this.#onFailure(error));
    } catch (error) {
      this.#onFailure(error);
    }
    return event;
  }

  async #addEstimate(estimate: NonNullable<CallCost['estimate']>): Promise<void> {
    await this.#deps.limits.add(this.#key, this.#policy.allowance, await estimate());
  }

  /** The call goes through, or has gone. */
  #onFailure(error: unknown): undefined {
    this.#deps.failures.note('limits', error);
  }
}
