import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ApiError } from '@throughline/contracts/errors';
import { isUuid } from '@throughline/contracts/ids';
import { toApiError } from '@throughline/http/error-handler';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Admission } from '../keys/admission.ts';
import { checkHeaderCount, checkPropertyCount } from '../limits/header-limits.ts';
import { gatewayErrorBody, gatewayErrorHeaders } from '../proxy/gateway-error.ts';
import { readResponseHeaders } from '../proxy/response-headers.ts';
import { CallHeaders } from '../request/call-headers.ts';
import type { CallRoute } from '../request/route-of.ts';
import { requireAdmission } from '../routes/require-admission.ts';
import { resolveTarget } from '../routes/resolve-target.ts';
import { type Opened, openSocket } from '../upstream/open-socket.ts';
import { answerUpgrade } from './answer-upgrade.ts';
import { handshakeTimeoutMs, type RealtimeDeps, type RealtimeFacts } from './realtime-deps.ts';
import { RealtimeSession } from './realtime-session.ts';
import { ourHeaders, refuseHandshake } from './refuse-handshake.ts';
import { requireHandshake, requireOrigin } from './require-upgrade.ts';

/**
 * Takes an upgrade to the realtime API: opens the provider's socket first, so that what it answers is the answer, then the
 * client's. A handshake that fails is recorded as one call.
 *
 * Never rejects.
 */
export async function openRealtime(
  deps: RealtimeDeps,
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  route: CallRoute,
): Promise<void> {
  const gone = new AbortController();
  socket.on('error', () => {});
  socket.once('close', () => gone.abort());
  try {
    await open(deps, { req, socket, head, route, gone: gone.signal });
  } catch (thrown) {
    const error = toApiError(thrown instanceof SyntaxError ? badRequest(thrown) : thrown);
    if (error.code === 'internal') deps.logger.error({ err: thrown, id: error.extra.id }, 'a realtime call failed');
    const body = gatewayErrorBody(error);
    answerUpgrade(socket, error.status, gatewayErrorHeaders(error, body), body);
  }
}

interface Upgrade {
  readonly req: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly route: CallRoute;
  readonly gone: AbortSignal;
}

async function open(deps: RealtimeDeps, upgrade: Upgrade): Promise<void> {
  const { req, route, gone } = upgrade;
  requireHandshake(req);
  requireOrigin(req, deps.config);
  // Keys of ours are taken out of the headers as they are found: each question needs them anew.
  const admit = () => deps.admit(new CallHeaders(req.rawHeaders), route.pathKey);
  const { unknownKey } = admit();
  if (unknownKey !== undefined) await deps.lookFor(unknownKey);
  if (gone.aborted) return;

  const call = callFacts(deps, upgrade);
  const opened = await openSocket(
    {
      origin: call.origin,
      path: call.path,
      headers: call.headers.upstream,
      protocols: protocolsOf(req),
      lookup: deps.upstreams.lookupFor(call.origin),
    },
    {
      handshakeTimeoutMs: handshakeTimeoutMs(deps.config),
      messageBytesMax: deps.config.wholeRequestBytesMax,
      closeTimeoutMs: CLOSE_TIMEOUT_MS,
    },
    gone,
  );
  if (gone.aborted) {
    if (opened.kind === 'open') opened.socket.terminate();
    return;
  }
  if (opened.kind === 'open') accept(deps, upgrade, call, opened, admit);
  else await refuseHandshake(deps, upgrade.socket, call, opened);
}

/** `Helicone-Target-URL` and the like decide the target as for any other call. @throws ApiError */
function callFacts(deps: RealtimeDeps, { req, route }: Upgrade): RealtimeFacts {
  const { clock, config, providers, recorder } = deps;
  checkHeaderCount(req.rawHeaders, config);
  const headers = new CallHeaders(req.rawHeaders);
  checkPropertyCount(headers.properties, config);
  // Else the call would go to the provider, and be paid for, where somebody counted on a recording.
  if (headers.behaviours?.has('throughline-replay')) {
    throw new ApiError('not-offered', { feature: 'Replay of sockets', instead: 'only calls over HTTP are replayed' });
  }
  const admission = deps.admit(headers, route.pathKey);
  requireAdmission(admission, route, config);
  const { origin, provider, path } = resolveTarget(route, headers, providers);
  const requestAt = clock.now();
  const session = headers.session(config.sessionRules);
  const eventId = recorder.newEventId(admission.tenantId, session, requestAt);
  const chosen = headers.requestId !== '' && isUuid(headers.requestId);
  return {
    admission,
    headers,
    method: 'GET',
    path,
    origin,
    provider,
    eventId,
    requestId: chosen ? headers.requestId.toLowerCase() : eventId,
    requestIdChosen: chosen,
    requestAt,
    session,
  };
}

function accept(
  deps: RealtimeDeps,
  { req, socket, head }: Upgrade,
  call: RealtimeFacts,
  { socket: provider, response }: Extract<Opened, { kind: 'open' }>,
  admit: () => Admission,
): void {
  const answer = readResponseHeaders(response.rawHeaders, {});
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    autoPong: false,
    maxPayload: deps.config.wholeRequestBytesMax,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols: () => provider.protocol || false,
  } as ServerOptions);
  server.on('headers', (lines) => {
    const headers = answer.forward;
    for (let i = 0; i < headers.length; i += 2) {
      if (!headers[i]!.toLowerCase().startsWith('sec-websocket-')) lines.push(`${headers[i]}: ${headers[i + 1]}`);
    }
    const ours = ourHeaders(deps, call, 'success');
    for (let i = 0; i < ours.length; i += 2) lines.push(`${ours[i]}: ${ours[i + 1]}`);
  });
  let client: WebSocket | undefined;
  server.handleUpgrade(req, socket, head, (accepted) => {
    client = accepted;
  });
  // It has answered the client itself, or the client has left meanwhile.
  if (!client) {
    provider.terminate();
    return;
  }
  const session: RealtimeSession = new RealtimeSession(
    { ...deps, onEnd: () => deps.sessions.delete(session) },
    { facts: call, model: modelInQuery(call.path), responseHeaders: answer.stored, admit, client, provider },
  );
  deps.sessions.add(session);
  if (deps.isDraining()) session.drain();
}

/** What `ws` takes and its types do not know yet. */
type ServerOptions = NonNullable<ConstructorParameters<typeof WebSocketServer>[0]> & { readonly closeTimeout: number };

/** How long a side that was told to close may take to say so: a slow reader has all that was sent before to read first. */
const CLOSE_TIMEOUT_MS = 30_000;

function badRequest(error: Error): ApiError {
  return new ApiError('bad-request', { reason: error.message }, { cause: error });
}

/** Forwarded, and never stored: browsers send the provider's key as one. */
function protocolsOf({ headers }: IncomingMessage): string[] {
  const given = headers['sec-websocket-protocol'];
  return given === undefined ? [] : given.split(',').map((protocol) => protocol.trim());
}

/** OpenAI names it `model`, Azure `deployment`. */
function modelInQuery(path: string): string {
  const query = new URLSearchParams(path.slice(path.indexOf('?') + 1));
  return (query.get('model') ?? query.get('deployment') ?? '').slice(0, MODEL_CHARS_MAX);
}

/** As long as what is stored of a model's name. */
const MODEL_CHARS_MAX = 256;
