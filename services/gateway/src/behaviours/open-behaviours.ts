import type { GatewayMetrics } from '../gateway-metrics.ts';
import type { CallHeaders } from '../request/call-headers.ts';
import type { StateFailures } from '../state-failures.ts';
import type { Behaviour } from './behaviour.ts';
import { openResponseCache } from './cache/open-response-cache.ts';
import { CallBehaviours } from './call-behaviours.ts';
import { type CassetteCaller, type CassetteSources, createCassettes, openCassette } from './cassette/open-cassette.ts';
import { Moderator, type ModeratorDeps } from './moderation/moderator.ts';
import { type ModerationCaller, openModeration } from './moderation/open-moderation.ts';
import type { CallCosts } from './rate-limit/call-costs.ts';
import { openRateLimit } from './rate-limit/rate-limit.ts';
import { openTokenLimit, type TokenLimitDeps } from './token-limit/open-token-limit.ts';

export interface BehaviourDeps extends CassetteSources, ModeratorDeps, TokenLimitDeps {
  readonly metrics: GatewayMetrics;
  readonly failures: StateFailures;
  readonly costs: CallCosts;
}

/**
 * Whose call it is, as far as that is known. Without a `tenantId` it is not recorded, or it is found out later whose it
 * is: then nothing that belongs to a tenant is touched.
 */
export interface BehaviourCaller extends CassetteCaller, ModerationCaller {}

/**
 * What headers of a call ask for beside its being sent.
 *
 * @returns undefined: nothing.
 * @throws ApiError for headers that cannot be read.
 */
export type OpenBehaviours = (headers: CallHeaders, caller: BehaviourCaller) => CallBehaviours | undefined;

/** Of one gateway: what its calls share is made here. */
export function createBehaviours(deps: BehaviourDeps): OpenBehaviours {
  const cassettes = createCassettes(deps);
  const moderator = new Moderator(deps);
  // In the order in which they are asked: what answers by itself first, so that it takes nothing of a limit.
  const readers: readonly ReadBehaviour[] = [
    (given, _headers, caller) => openCassette(given, caller, cassettes),
    openResponseCache,
    openRateLimit,
    (given, _headers, caller) => openModeration(given, caller, moderator),
    (given) => openTokenLimit(given, deps),
  ];
  return (headers, caller) => {
    const { behaviours: given } = headers;
    if (!given) return undefined;
    const found: Behaviour[] = [];
    for (const read of readers) {
      const behaviour = read(given, headers, caller, deps);
      if (behaviour) found.push(behaviour);
    }
    return found.length > 0 ? new CallBehaviours(found, deps.logger) : undefined;
  };
}

/** @returns undefined: the headers do not ask for it. @throws ApiError for headers that cannot be read. */
export type ReadBehaviour = (
  given: ReadonlyMap<string, string>,
  headers: CallHeaders,
  caller: BehaviourCaller,
  deps: BehaviourDeps,
) => Behaviour | undefined;
