import type { Duplex } from 'node:stream';
import { ApiError } from '@throughline/contracts/errors';
import { gatewayErrorBody, gatewayErrorHeaders } from '../proxy/gateway-error.ts';
import { type ResponseHeaders, readResponseHeaders } from '../proxy/response-headers.ts';
import { buildEvent } from '../record/build-event.ts';
import type { Opened } from '../upstream/open-socket.ts';
import { upstreamFailure } from '../upstream/upstream-failure.ts';
import { answerUpgrade } from './answer-upgrade.ts';
import { handshakeTimeoutMs, type RealtimeDeps, type RealtimeFacts } from './realtime-deps.ts';

/**
 * Answers an upgrade whose handshake with the provider came to nothing, once it is recorded as one call: as the provider
 * answered it, or with why there is no answer of it.
 */
export async function refuseHandshake(
  deps: RealtimeDeps,
  socket: Duplex,
  call: RealtimeFacts,
  opened: Exclude<Opened, { kind: 'open' }>,
): Promise<void> {
  if (opened.kind === 'refused') {
    const { response, body, size } = opened;
    const headers = readResponseHeaders(response.rawHeaders, {});
    const status = response.statusCode!;
    const ours = await recordHandshake(deps, call, { status, abortReason: '', headers, body, size });
    answerUpgrade(socket, status > 599 ? 500 : status, [...headers.forward, ...ours], body);
    return;
  }
  const failure = upstreamFailure(opened.error);
  const { host } = new URL(call.origin);
  const error = new ApiError(
    failure.errorCode,
    { host, reason: failure.kind, ms: handshakeTimeoutMs(deps.config), id: call.requestId },
    { cause: opened.error },
  );
  deps.metrics.upstreamError(call.provider, failure.kind);
  if (error.code === 'internal') deps.logger.error({ err: opened.error, id: call.requestId }, 'a realtime call failed');
  const body = gatewayErrorBody(error);
  const headers = readResponseHeaders(gatewayErrorHeaders(error, body), {});
  const { status } = error;
  const ours =
    error.code === 'target-not-allowed'
      ? ourHeaders(deps, call, 'failed')
      : await recordHandshake(
          deps,
          call,
          { status, abortReason: failure.abortReason, headers, body, size: body.length },
          'failed',
        );
  answerUpgrade(socket, status, [...headers.forward, ...ours], body);
}

interface Refusal {
  readonly status: number;
  readonly abortReason: ReturnType<typeof upstreamFailure>['abortReason'] | '';
  readonly headers: ResponseHeaders;
  readonly body: Buffer;
  readonly size: number;
}

/** @returns the headers of ours for the answer. */
async function recordHandshake(
  deps: RealtimeDeps,
  call: RealtimeFacts,
  { status, abortReason, headers, body, size }: Refusal,
  said = 'success',
): Promise<string[]> {
  const { clock, metrics, recorder } = deps;
  const { tenantId, unreadKey, refusal } = call.admission;
  const ours = ourHeaders(deps, call, said);
  metrics.finished(call.provider, status);
  if (tenantId === undefined && unreadKey === undefined) {
    if (refusal) metrics.notRecorded(refusal);
    return ours;
  }
  const now = clock.now();
  const event = buildEvent(
    tenantId ?? '',
    call,
    {
      status,
      abortReason,
      firstByteAt: now,
      responseAt: now,
      requestBody: { bytes: NO_BYTES, size: 0, truncated: false, content_type: '', encoding: '' },
      responseBody: {
        bytes: body,
        size,
        truncated: size > body.length,
        content_type: headers.contentType,
        encoding: headers.contentEncoding,
      },
      responseHeaders: headers.stored,
      span: undefined,
    },
    call.session,
  );
  const refused = await recorder.record(event, unreadKey, call.headers.omits);
  if (!refused) return ours;
  metrics.notRecorded(refused);
  return ourHeaders(deps, call, said);
}

/** What every answer says beside what the provider did. @param status of the wire contract's `Helicone-Status`. */
export function ourHeaders(deps: RealtimeDeps, { admission, requestId }: RealtimeFacts, status: string): string[] {
  const reason = admission.refusal ?? deps.recorder.obstacle;
  return [
    ...['Helicone-Id', requestId, 'Helicone-Status', status],
    ...(reason ? ['Throughline-Recorded', `no; reason=${reason}`] : []),
  ];
}

const NO_BYTES = Buffer.alloc(0);
