import type { IncomingMessage, ServerResponse } from 'node:http';
import { isUuid } from '@throughline/contracts/ids';
import { toApiError } from '@throughline/http/error-handler';
import type { Admission } from '../keys/admission.ts';
import type { ProviderDirectory } from '../provider-directory.ts';
import { sendGatewayError } from '../proxy/gateway-error.ts';
import { type AdmittedCall, ProxiedCall, type ProxyDeps } from '../proxy/proxied-call.ts';
import { CallHeaders } from '../request/call-headers.ts';
import type { CallRoute } from '../request/route-of.ts';
import { takesStreamUsage } from '../request/stream-usage.ts';
import type { Upstreams } from '../upstream/upstreams.ts';
import { requireAdmission } from './require-admission.ts';
import { resolveTarget } from './resolve-target.ts';

export interface ProxyRouteDeps extends ProxyDeps {
  readonly admit: (headers: CallHeaders, pathKey: string) => Admission;
  /** `KeyDirectory.lookFor`. */
  readonly lookFor: (hash: string) => Promise<void> | undefined;
  readonly providers: ProviderDirectory;
  readonly upstreams: Upstreams;
}

/** Proxies one call: reads its headers, finds out whose it is and where it goes, and sends it there. */
export function createProxyRoute(deps: ProxyRouteDeps) {
  return function proxyRoute(req: IncomingMessage, res: ServerResponse, route: CallRoute): void {
    proceed(deps, req, res, { route, receivedAt: performance.now(), isLookedFor: false });
  };
}

interface ReceivedCall {
  readonly route: CallRoute;
  readonly receivedAt: number;
  /** Its key is not to be looked for once more. */
  readonly isLookedFor: boolean;
}

function proceed(deps: ProxyRouteDeps, req: IncomingMessage, res: ServerResponse, received: ReceivedCall): void {
  let call: AdmittedCall;
  try {
    const headers = new CallHeaders(req.rawHeaders);
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
    call = openCall(deps, req, received, headers, admission);
  } catch (thrown) {
    const error = toApiError(thrown);
    if (error.code === 'internal') deps.logger.error({ err: thrown, id: error.extra.id }, 'a call failed');
    sendGatewayError(res, error);
    return;
  }
  new ProxiedCall(deps, call, req, res).start();
}

function openCall(
  deps: ProxyRouteDeps,
  req: IncomingMessage,
  { route, receivedAt }: ReceivedCall,
  headers: CallHeaders,
  admission: Admission,
): AdmittedCall {
  const { clock, config, providers, upstreams } = deps;
  const requestAt = clock.now();
  requireAdmission(admission, route, config);
  const { origin, provider, path, region } = resolveTarget(route, headers, providers);
  const pool = upstreams.poolFor(origin);
  const eventId = deps.recorder.newEventId(admission.tenantId, headers.session(config.sessionRules), requestAt);
  const chosen = headers.requestId !== '' && isUuid(headers.requestId);
  return {
    headers,
    pool,
    origin,
    provider,
    method: req.method!,
    path,
    signing: signingOf(headers, region),
    // What is compressed is not looked into.
    addsStreamUsage: headers.streamUsage && headers.contentEncoding === '' && takesStreamUsage(req.method!, path),
    eventId,
    requestId: chosen ? headers.requestId.toLowerCase() : eventId,
    requestIdChosen: chosen,
    requestAt,
    tenantId: admission.tenantId,
    unreadKey: admission.unreadKey,
    notRecorded: admission.refusal,
    receivedAt,
  };
}

/** The caller's credentials and the region, where both came; a call without them goes as it is, e.g. with a bearer key. */
function signingOf(
  { awsAccessKey, awsSecretKey, awsSessionToken }: CallHeaders,
  region: string | undefined,
): AdmittedCall['signing'] {
  if (region === undefined || awsAccessKey === '' || awsSecretKey === '') return undefined;
  const credentials = {
    accessKeyId: awsAccessKey,
    secretAccessKey: awsSecretKey,
    ...(awsSessionToken !== '' && { sessionToken: awsSessionToken }),
  };
  return { credentials, region };
}
