import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '@throughline/contracts/errors';
import { isUuid } from '@throughline/contracts/ids';
import { toApiError } from '@throughline/http/error-handler';
import { signingOf } from '../bedrock/signing-of.ts';
import type { BehaviourDeps, OpenBehaviours } from '../behaviours/open-behaviours.ts';
import type { Admission } from '../keys/admission.ts';
import { checkHeaderCount, checkPropertyCount } from '../limits/header-limits.ts';
import type { ProviderDirectory } from '../provider-directory.ts';
import { sendGatewayError } from '../proxy/gateway-error.ts';
import { type AdmittedCall, ProxiedCall, type ProxyDeps } from '../proxy/proxied-call.ts';
import { type BodyRule, isBodyRule, namesSessions } from '../request/body-session.ts';
import { CallHeaders } from '../request/call-headers.ts';
import { type CallRoute, GENERIC_LABEL } from '../request/route-of.ts';
import { takesStreamUsage } from '../request/stream-usage.ts';
import { increasedTimeouts } from '../upstream/upstream-timeouts.ts';
import type { Upstreams } from '../upstream/upstreams.ts';
import { requireAdmission } from './require-admission.ts';
import { resolveTarget } from './resolve-target.ts';

export interface ProxyRouteDeps extends ProxyDeps, BehaviourDeps {
  readonly admit: (headers: CallHeaders, pathKey: string) => Admission;
  /** `KeyDirectory.lookFor`. */
  readonly lookFor: (hash: string) => Promise<void> | undefined;
  readonly providers: ProviderDirectory;
  readonly upstreams: Upstreams;
}

/** Proxies one call: reads its headers, finds out whose it is and where it goes, and sends it there. */
export function createProxyRoute(deps: ProxyRouteDeps) {
  const withRules: RoutedDeps = {
    ...deps,
    bodyRules: deps.config.sessionRules.filter(isBodyRule),
    extras: undefined,
  };
  return function proxyRoute(req: IncomingMessage, res: ServerResponse, route: CallRoute): void {
    proceed(withRules, req, res, { route, receivedAt: performance.now(), isLookedFor: false });
  };
}

interface RoutedDeps extends ProxyRouteDeps {
  /** Those of the session rules that are about bodies. */
  readonly bodyRules: readonly BodyRule[];
  /** Undefined until a call has asked for more than being sent: most gateways never need it. */
  extras: Extras | undefined;
}

interface ReceivedCall {
  readonly route: CallRoute;
  readonly receivedAt: number;
  /** Its key is not to be looked for once more. */
  readonly isLookedFor: boolean;
}

interface Extras {
  readonly openAttempts: typeof import('../attempts/open-attempts.ts').openAttempts;
  readonly openBehaviours: OpenBehaviours;
}

async function loadExtras(deps: RoutedDeps): Promise<void> {
  const [{ openAttempts }, { createBehaviours }] = await Promise.all([
    import('../attempts/open-attempts.ts'),
    import('../behaviours/open-behaviours.ts'),
  ]);
  // Several calls may have waited for it.
  deps.extras ??= { openAttempts, openBehaviours: createBehaviours(deps) };
}

function proceed(deps: RoutedDeps, req: IncomingMessage, res: ServerResponse, received: ReceivedCall): void {
  let call: AdmittedCall;
  try {
    checkHeaderCount(req.rawHeaders, deps.config);
    const headers = new CallHeaders(req.rawHeaders);
    checkPropertyCount(headers.properties, deps.config);
    const admission = deps.admit(headers, received.route.pathKey);
    const { unknownKey } = admission;
    const looked = unknownKey === undefined || received.isLookedFor ? undefined : deps.lookFor(unknownKey);
    if (looked) {
      void looked.then(() => {
        // Nobody waits any more for what was not even sent.
        if (!res.destroyed) proceed(deps, req, res, { ...received, isLookedFor: true });
      });
      return;
    }
    const asksForMore = needsExtras(headers, received.route);
    if (asksForMore && !deps.extras) {
      void loadExtras(deps).then(() => {
        if (!res.destroyed) proceed(deps, req, res, { ...received, isLookedFor: true });
      });
      return;
    }
    call = openCall(deps, req, received, headers, admission, asksForMore ? deps.extras : undefined);
  } catch (thrown) {
    const error = toApiError(thrown);
    if (error.code === 'internal') deps.logger.error({ err: thrown, id: error.extra.id }, 'a call failed');
    sendGatewayError(res, error);
    return;
  }
  new ProxiedCall(deps, call, req, res).start();
}

function openCall(
  deps: RoutedDeps,
  req: IncomingMessage,
  { route, receivedAt }: ReceivedCall,
  headers: CallHeaders,
  admission: Admission,
  extras: Extras | undefined,
): AdmittedCall {
  const { clock, config, providers, upstreams } = deps;
  const requestAt = clock.now();
  requireAdmission(admission, route, config);
  const { requestBytesMax, callsPerKeyMax } = config;
  if ((headers.contentLength ?? 0) > requestBytesMax) throw new ApiError('body-too-large', { limit: requestBytesMax });
  const attempts = extras?.openAttempts(req.method!, route, headers, deps);
  const { origin, provider, path, region } = attempts?.first ?? resolveTarget(route, headers, providers);
  const pool = upstreams.poolFor(origin);
  const outgoing = attempts?.firstHeaders ?? headers.upstream;
  const behaviours = extras?.openBehaviours(headers, { ...admission, outgoing });
  const session = headers.session(config.sessionRules);
  const eventId = deps.recorder.newEventId(admission.tenantId, session, requestAt);
  const keyId = admission.keyId ?? '';
  // Last: from here on nothing throws, and the call gives back what it took.
  if (!deps.callsPerKey.take(keyId)) throw new ApiError('too-many-calls', { max: callsPerKeyMax });
  const chosen = headers.requestId !== '' && isUuid(headers.requestId);
  return {
    headers,
    pool,
    origin,
    provider,
    method: req.method!,
    path,
    signing: attempts ? undefined : signingOf(headers, region),
    attempts,
    timeouts: headers.isPatient ? increasedTimeouts(config) : undefined,
    behaviours,
    // What is compressed is not looked into.
    addsStreamUsage: headers.streamUsage && headers.contentEncoding === '' && takesStreamUsage(req.method!, path),
    eventId,
    requestId: chosen ? headers.requestId.toLowerCase() : eventId,
    requestIdChosen: chosen,
    requestAt,
    session,
    bodyRules: session === null && headers.hasBody && namesSessions(headers.contentType) ? deps.bodyRules : NO_RULES,
    tenantId: admission.tenantId,
    unreadKey: admission.unreadKey,
    notRecorded: admission.refusal,
    keyId,
    receivedAt,
  };
}

function needsExtras({ fallbacks, behaviours }: CallHeaders, { label }: CallRoute): boolean {
  return (fallbacks !== '' && label === GENERIC_LABEL) || behaviours !== undefined;
}

const NO_RULES: readonly BodyRule[] = [];
