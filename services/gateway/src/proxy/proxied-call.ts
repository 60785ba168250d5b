import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError, type ErrorCode, type NotRecordedReason } from '@throughline/contracts/errors';
import type { CallAttempt, EventSession, NewRequestEvent } from '@throughline/contracts/request-event';
import { toApiError } from '@throughline/http/error-handler';
import type { Logger } from '@throughline/telemetry/logger';
import type { Tracer } from '@throughline/telemetry/tracer';
import type { Dispatcher } from 'undici';
import type { AttemptRun, AttemptsOwner } from '../attempts/attempt-run.ts';
import { signCall } from '../bedrock/sign-call.ts';
import type { CallSigning } from '../bedrock/signing-of.ts';
import type { BehaviourCall, OwnAnswer } from '../behaviours/behaviour.ts';
import type { CallBehaviours } from '../behaviours/call-behaviours.ts';
import type { Clock } from '../clock.ts';
import type { GatewayCrashPoint } from '../crash-points.ts';
import type { GatewayConfig } from '../gateway-config.ts';
import type { GatewayMetrics } from '../gateway-metrics.ts';
import type { OpenCallsPerKey } from '../limits/open-calls-per-key.ts';
import { PROGRESS_BYTES, UploadProgress } from '../limits/upload-progress.ts';
import { BodyCapture, type CaptureBudget } from '../record/body-capture.ts';
import { buildEvent, type CallFacts } from '../record/build-event.ts';
import type { Recorder } from '../record/recorder.ts';
import { type BodyRule, findBodySession } from '../request/body-session.ts';
import { maskCredentials } from '../request/mask-credentials.ts';
import { withStreamUsage } from '../request/stream-usage.ts';
import type { CallTarget } from '../routes/resolve-target.ts';
import { CallTrace, type NeverRecorded } from '../trace/call-trace.ts';
import { upstreamFailure } from '../upstream/upstream-failure.ts';
import type { UpstreamTimeouts } from '../upstream/upstream-timeouts.ts';
import { ChunkJoiner } from './chunk-joiner.ts';
import { Downstream, type DownstreamEvents } from './downstream.ts';
import { gatewayErrorBody, gatewayErrorHeaders } from './gateway-error.ts';
import { RequestBody } from './request-body.ts';
import { type ResponseHeaders, readResponseHeaders } from './response-headers.ts';
import type { SlotList, Slotted } from './slot-list.ts';
import { StreamEnd } from './stream-end.ts';
import { withRefusal } from './with-refusal.ts';

/** What every proxied call works with. */
export interface ProxyDeps {
  readonly config: GatewayConfig;
  readonly recorder: Recorder;
  readonly budget: CaptureBudget;
  readonly metrics: GatewayMetrics;
  readonly tracer: Tracer;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly openCalls: SlotList<ProxiedCall>;
  readonly callsPerKey: OpenCallsPerKey;
  /** The gateway is going down: clients are told to use another connection next time. */
  readonly isDraining: () => boolean;
  readonly crashPoint: (name: GatewayCrashPoint) => void;
}

/** A call that may go upstream. */
export interface AdmittedCall extends CallFacts {
  readonly pool: Dispatcher;
  /** Undefined: proxied, not recorded, for `notRecorded`; or parked, for `unreadKey`. */
  readonly tenantId: string | undefined;
  /** Hash of a key that cannot be looked up yet: it is found out later whose call it is. */
  readonly unreadKey: string | undefined;
  readonly notRecorded: NotRecordedReason | undefined;
  /** The call is signed anew for the host that it goes to; its body is read whole before. */
  readonly signing: CallSigning | undefined;
  /** The call may be sent several times, with its whole body each time; the facts above are those of the first. */
  readonly attempts: AttemptRun | undefined;
  /** Undefined: those of the configuration. */
  readonly timeouts: UpstreamTimeouts | undefined;
  /** What else its headers ask for. */
  readonly behaviours: CallBehaviours | undefined;
  /** The provider is asked for the usage of a stream, where the body leaves that open. */
  readonly addsStreamUsage: boolean;
  /** Of the key that it was let in with. @see OpenCallsPerKey */
  readonly keyId: string;
  /** What of its body may name its session; none where a header does. */
  readonly bodyRules: readonly BodyRule[];
  /** When its header block was here, `performance.now`. */
  readonly receivedAt: number;
}

type Phase =
  /** Until the response's header block is here. */
  | 'request'
  | 'response'
  /** The event is being appended; what would complete the response for the client is held. */
  | 'recording'
  /** The event is in the log, or will never be. */
  | 'recorded';

type Ending = 'end' | 'cut';

/**
 * One call on its way: request up, response down, event into the log before the client can have the response's end.
 *
 * Whatever happens first decides how the call is recorded, once: the protocol's end, an error of the connection
 * upstream, or the client's leaving. Everything later only tidies up.
 */
export class ProxiedCall implements Dispatcher.DispatchHandler, DownstreamEvents, AttemptsOwner, Slotted {
  slot = -1;
  readonly #deps: ProxyDeps;
  #call: AdmittedCall;
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  readonly #down: Downstream;
  #requestBody: BodyCapture;
  readonly #responseBody: BodyCapture;
  #phase: Phase = 'request';
  #controller: Dispatcher.DispatchController | undefined;
  #upload: RequestBody | undefined;
  /** Of a body that has not come to its end when it was looked at. */
  #uploadProgress: UploadProgress | undefined;
  #status = 0;
  #response: ResponseHeaders | undefined;
  #streamEnd: StreamEnd | undefined;
  #joiner: ChunkJoiner | undefined;
  #held = false;
  #firstByteAt: number | null = null;
  #upstreamDone = false;
  #clientGone = false;
  /** Attempts that others followed. */
  #left: CallAttempt[] | undefined;
  /** When the attempt under way was sent. */
  #attemptAt = 0;
  /** Of the attempt under way; −1 where the call has one target. */
  #fallbackIndex = -1;
  /** Whose answer this is given, where no provider was asked. */
  #cacheReferenceId: string | undefined;
  /** The next piece of such an answer. */
  #later: NodeJS.Timeout | undefined;
  /** Undefined until the body has been looked into, where it is to be. */
  #session: EventSession | null | undefined;
  /** The client has been told in the headers. */
  #announced: NotRecordedReason | undefined;
  #ending: Ending = 'end';
  /** From its receipt until it was sent, or its body was being waited for, ms. */
  #admissionMs = 0;
  #finishedAt = 0;
  readonly #trace: CallTrace | undefined;

  constructor(deps: ProxyDeps, call: AdmittedCall, req: IncomingMessage, res: ServerResponse) {
    this.#deps = deps;
    this.#call = call;
    this.#req = req;
    this.#res = res;
    const keep = isNobodys(call) ? 0 : deps.config.captureBytesMax;
    this.#session = call.bodyRules.length === 0 ? call.session : undefined;
    this.#requestBody = new BodyCapture(keep, deps.budget);
    this.#responseBody = new BodyCapture(keep, deps.budget);
    this.#down = new Downstream(res, this, deps.config.clientStallTimeoutMs);
    this.#trace = deps.tracer.isOn ? new CallTrace(deps.tracer, call, req) : undefined;
  }

  start(): void {
    const { headers, behaviours } = this.#call;
    const { bufferedRequestBytesMax, requestBytesMax, wholeRequestBytesMax } = this.#deps.config;
    this.#deps.openCalls.add(this);
    this.#deps.crashPoint('gateway:request-received');
    this.#res.on('close', () => this.#onClientClose());
    // A pipelined request's response has no connection yet and so would not learn that it closed.
    if (!this.#res.socket) this.#req.socket.once('close', () => this.#onClientClose());
    const wholeBytesMax = Math.min(wholeRequestBytesMax, requestBytesMax);
    if (!headers.hasBody) this.#onWholeBody(null);
    else if (this.#call.signing || this.#call.addsStreamUsage || this.#call.attempts || behaviours?.needBody) {
      this.#readWhole(wholeBytesMax);
    } else if (behaviours?.areAskedFirst && (headers.contentLength ?? 0) <= wholeBytesMax) {
      this.#readWhole(wholeBytesMax);
    } else if (behaviours?.areAskedFirst) {
      this.#askAhead(behaviours).catch((error) => this.#onAskFailure(error));
    } else if ((headers.contentLength ?? Number.POSITIVE_INFINITY) <= bufferedRequestBytesMax) {
      this.#readWhole(requestBytesMax);
    } else {
      this.#sendUpload();
    }
    this.#admissionMs = performance.now() - this.#call.receivedAt;
  }

  /** Ends the call because the gateway is going down. */
  abort(): void {
    if (this.#phase === 'recording' || this.#phase === 'recorded') return;
    this.#finish('cut', -100, 'draining');
    this.#stopUpstream('the gateway is going down');
  }

  // Request

  /** Sends the body while it comes. */
  #sendUpload(): void {
    this.#upload = new RequestBody(
      this.#req,
      (chunk) => this.#onUploaded(chunk, this.#deps.config.requestBytesMax),
      // The body's end goes to the provider first.
      () => this.#session === undefined && setImmediate(() => this.#findSession()),
    );
    // undici reports a failed body through `onResponseError`; the stream's own event has nothing to add.
    this.#upload.on('error', () => {});
    this.#dispatch(this.#upload);
  }

  /** @param bytesMax what is larger is answered 413, and not sent. */
  #readWhole(bytesMax: number): void {
    const chunks: Buffer[] = [];
    let size = 0;
    this.#req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > bytesMax) {
        this.#refuse(new ApiError('body-too-large', { limit: bytesMax }));
        return;
      }
      this.#requestBody.push(chunk);
      chunks.push(chunk);
    });
    this.#req.on('end', () => {
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      this.#onWholeBody(body);
      this.#findSession();
    });
  }

  /** @param body null: there is none. */
  #onWholeBody(body: Buffer | null): void {
    const { behaviours } = this.#call;
    if (!behaviours?.areAskedFirst) this.#sendWhole(body);
    else this.#askFirst(behaviours, body).catch((error) => this.#onAskFailure(error));
  }

  async #askFirst(behaviours: CallBehaviours, body: Buffer | null): Promise<void> {
    const asked = this.#asked(this.#findSession(), body);
    if (await this.#isAnswered(behaviours, asked)) return;
    if (asked.body !== body) this.#changeBody(asked.body);
    this.#sendWhole(asked.body);
  }

  /** Before a body is received that is too large to be read whole. */
  async #askAhead(behaviours: CallBehaviours): Promise<void> {
    try {
      if (!(await this.#isAnswered(behaviours, this.#asked(this.#call.session, null)))) this.#sendUpload();
    } finally {
      // What is not sent is not kept either.
      if (!this.#upload) this.#req.resume();
    }
  }

  #asked(session: EventSession | null, body: Buffer | null): BehaviourCall {
    const { tenantId, keyId, headers, method, origin, path, provider, requestId, requestAt } = this.#call;
    return { tenantId, keyId, headers, method, origin, path, provider, requestId, requestAt, session, body };
  }

  /** @returns whether the call is not to be sent, because it has been answered or given up. */
  async #isAnswered(behaviours: CallBehaviours, asked: BehaviourCall): Promise<boolean> {
    const answer = await behaviours.before(asked);
    if (answer && this.#phase === 'request') this.#answerInstead(answer);
    return answer !== undefined || this.#phase !== 'request';
  }

  #onAskFailure(thrown: unknown): void {
    const error = toApiError(thrown);
    if (error.code === 'internal') {
      this.#deps.logger.error({ err: thrown, id: this.#call.requestId }, 'a proxied call failed');
    }
    this.#refuse(error);
  }

  #sendWhole(body: Buffer | null): void {
    this.#dispatch(body && this.#call.addsStreamUsage ? this.#withStreamUsage(body) : body);
  }

  /** What is stored is what is sent. */
  #changeBody(body: Buffer | null): void {
    this.#captureAgain(body);
    if (body) this.#setLength(body);
  }

  #captureAgain(body: Buffer | null): void {
    this.#requestBody.release();
    const keep = isNobodys(this.#call) ? 0 : this.#deps.config.captureBytesMax;
    this.#requestBody = new BodyCapture(keep, this.#deps.budget);
    if (body) this.#requestBody.push(body);
  }

  /** A body that goes upstream while it comes. What is larger than it may be is given up there, and answered 413. */
  #onUploaded(chunk: Buffer, bytesMax: number): void {
    this.#requestBody.push(chunk);
    if (this.#requestBody.size > bytesMax) this.#refuse(new ApiError('body-too-large', { limit: bytesMax }));
  }

  /** Ends the call when its body does not get on. Called every few seconds. @param now `performance.now`. */
  checkUpload(now: number): void {
    if (this.#phase !== 'request' || this.#req.complete) return;
    const { uploadIdleTimeoutMs: ms } = this.#deps.config;
    this.#uploadProgress ??= new UploadProgress(this.#call.receivedAt);
    if (this.#uploadProgress.isMoving(this.#requestBody.size, this.#req.readableFlowing !== true, ms, now)) return;
    this.#refuse(new ApiError('request-too-slow', { ms, bytes: PROGRESS_BYTES }));
  }

  /** Our own answer while the request is still on its way. */
  #refuse(error: ApiError): void {
    if (this.#phase !== 'request') return;
    // A body that is read whole has not been sent: there is nothing to wait for.
    if (!this.#upload) this.#upstreamDone = true;
    this.#answer(error, '');
    this.#stopUpstream(error.code);
  }

  /** Looks into the body for its session, once: while the provider works, so that nobody waits for it. */
  #findSession(): EventSession | null {
    if (this.#session !== undefined) return this.#session;
    const { headers, bodyRules } = this.#call;
    const found = findBodySession(this.#requestBody.bytes(), headers.contentEncoding, bodyRules);
    this.#session = found && { ...found, name: headers.sessionName, path: headers.sessionPath };
    return this.#session;
  }

  #withStreamUsage(body: Buffer): Buffer {
    const asking = withStreamUsage(body);
    this.#setLength(asking);
    return asking;
  }

  #setLength({ length }: Buffer): void {
    const { upstream } = this.#call.headers;
    const at = upstream.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === 'content-length');
    if (at >= 0) upstream[at + 1] = String(length);
  }

  #dispatch(body: Buffer | RequestBody | null): void {
    if (this.#phase !== 'request') return;
    const { headers, signing, attempts } = this.#call;
    if (attempts) attempts.start(this, body as Buffer | null);
    else if (signing) {
      this.#sendSigned(body as Buffer | null, signing).catch((error) => this.onResponseError(null, error));
    } else this.#send(headers.upstream, body);
  }

  async #sendSigned(body: Buffer | null, { credentials, region }: CallSigning): Promise<void> {
    const { origin, method, path, headers } = this.#call;
    const signed = await signCall({ origin, method, path, headers: headers.upstream, body }, credentials, region);
    if (this.#phase === 'request') this.#send(signed, body);
  }

  #send(headers: string[], body: Buffer | RequestBody | null): void {
    const { pool, method, path } = this.#call;
    this.#trace?.sent();
    pool.dispatch({ method, path, headers, body, ...this.#call.timeouts }, this);
    this.#deps.crashPoint('gateway:sent-upstream');
  }

  // Attempts, called by their run

  get isWaiting(): boolean {
    return this.#phase === 'request';
  }

  onAttempt({ origin, provider, path }: CallTarget, index: number, body: Buffer | null): void {
    this.#call = { ...this.#call, origin, provider, path };
    this.#fallbackIndex = index;
    this.#attemptAt = this.#deps.clock.now();
    // What is stored is what the target was sent that answered.
    this.#captureAgain(body);
    this.#trace?.sent(this.#call);
    this.#deps.crashPoint('gateway:sent-upstream');
  }

  onAttemptLeft(status: number): void {
    this.#left = [...(this.#left ?? []), this.#attempt(status)];
    this.#trace?.answered(status);
    this.#trace?.providerEnded(String(status));
  }

  #attempt(status: number): CallAttempt {
    const { origin, path } = this.#call;
    const latency = this.#deps.clock.now() - this.#attemptAt;
    return { target: origin + maskCredentials(path), status, latency_ms: Math.max(0, latency) };
  }

  // Response, called by undici

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#phase !== 'request') controller.abort(new Error('the client has left'));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    parsed: Record<string, string | string[] | undefined>,
    message = '',
  ): void {
    // Interim answers (102, 103) are this hop's affair.
    if (status < 200 || this.#phase !== 'request') return;
    this.#trace?.answered(status);
    const response = readResponseHeaders(controller.rawHeaders as Buffer[], parsed);
    if (this.#fallbackIndex >= 0) response.forward.push('helicone-fallback-index', String(this.#fallbackIndex));
    this.#begin(status, response, PLAIN.test(message) ? message : undefined);
  }

  #begin(status: number, response: ResponseHeaders, message?: string, heliconeStatus?: string): void {
    this.#phase = 'response';
    this.#status = status;
    this.#response = response;
    const { behaviours } = this.#call;
    if (behaviours) response.forward.push(...behaviours.answered(status, response));
    this.#addOurHeaders(response.forward, heliconeStatus);
    if (heliconeStatus === 'failed') this.#response = withRefusal(response, response.forward);
    // The wire contract: a status outside HTTP becomes 500 for the client; the event keeps what the provider sent.
    this.#down.setHead(status > 599 ? 500 : status, message, response.forward);
    const bodyless = this.#call.method === 'HEAD' || status === 204 || status === 304 || response.contentLength === 0;
    if (bodyless) this.#down.hold();
    // A compressed stream cannot be read in passing: its end is the end of the body.
    else if (response.contentEncoding === '' && EVENT_STREAM.test(response.contentType)) {
      this.#streamEnd = new StreamEnd();
      if (this.#call.headers.joinsChunks) this.#joiner = new ChunkJoiner();
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#onChunk(chunk);
  }

  #onChunk(chunk: Buffer): void {
    if (this.#phase !== 'response') {
      // After the protocol's end was recorded: passed on for the client's sake.
      if (!this.#clientGone) this.#down.write(chunk);
      return;
    }
    this.#firstByteAt ??= this.#deps.clock.now();
    this.#responseBody.push(chunk);
    const { contentLength } = this.#response!;
    const end = this.#streamEnd?.push(chunk);
    if (end === 'open' && this.#held) this.#letGo();
    if (end === 'ending' || end === 'ended' || this.#responseBody.size === contentLength) this.#hold();
    const given = this.#joiner ? this.#joiner.push(chunk) : chunk;
    if (given) this.#down.write(given);
    if (end === 'ended') this.#finish('end', this.#status, '');
    // A last event larger than what is captured is not worth holding: its usage would be cut off as well.
    else if (this.#held && this.#down.queuedBytes > this.#deps.config.captureBytesMax) this.#letGo();
  }

  onResponseEnd(): void {
    this.#upstreamDone = true;
    this.#trace?.providerEnded();
    this.#firstByteAt ??= this.#deps.clock.now();
    if (this.#phase === 'response') this.#finish('end', this.#status, '');
    else if (this.#phase === 'recorded') this.#conclude();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#upstreamDone = true;
    // The protocol's end was there but not the length that was promised: only a cut tells the client.
    if (this.#responseBody.size < (this.#response?.contentLength ?? 0)) this.#ending = 'cut';
    // A connection that failed leaves the body it was to send unread.
    this.#upload?.destroy();
    this.#trace?.providerEnded(this.#clientGone ? 'client-aborted' : upstreamFailure(error).kind);
    if (this.#phase === 'recorded') this.#conclude();
    if (this.#phase === 'recording' || this.#phase === 'recorded') return;
    const failure = upstreamFailure(error);
    const { logger, metrics } = this.#deps;
    metrics.upstreamError(this.#call.provider, failure.kind);
    if (logger.isLevelEnabled('debug')) {
      logger.debug({ err: error, origin: this.#call.origin, kind: failure.kind }, 'the provider failed');
    }
    if (this.#phase === 'response') {
      this.#finish('cut', failure.streamStatus, failure.abortReason);
      return;
    }
    const { host } = new URL(this.#call.origin);
    const { connectTimeoutMs, headersTimeoutMs } = this.#deps.config;
    const isUnconnected = (error as { code?: string }).code === 'UND_ERR_CONNECT_TIMEOUT';
    const ms = isUnconnected ? connectTimeoutMs : (this.#call.timeouts?.headersTimeout ?? headersTimeoutMs);
    const answer = new ApiError(
      failure.errorCode,
      { host, reason: failure.kind, ms, id: this.#call.requestId },
      { cause: error },
    );
    if (answer.code === 'internal') logger.error({ err: error, id: this.#call.requestId }, 'a proxied call failed');
    this.#answer(answer, failure.abortReason);
  }

  /** Gives what a behaviour has for the client, as if the provider had sent it. */
  #answerInstead(answer: OwnAnswer): void {
    this.#cacheReferenceId = answer.cacheReferenceId;
    const begin = () => {
      this.#begin(answer.status, readResponseHeaders(answer.headers, {}), undefined, answer.heliconeStatus);
      this.#status = answer.recordedStatus ?? answer.status;
      this.#play(answer, 0);
    };
    const delay = answer.delaysMs?.[0] ?? 0;
    if (delay > 0) this.#later = setTimeout(begin, delay);
    else begin();
  }

  #play(answer: OwnAnswer, from: number): void {
    const { pieces, delaysMs } = answer;
    let at = from;
    while (at < pieces.length) {
      this.#onChunk(pieces[at++]!);
      const delay = delaysMs?.[at] ?? 0;
      if (at === pieces.length || delay === 0) continue;
      this.#later = setTimeout(() => this.#play(answer, at), delay);
      return;
    }
    this.onResponseEnd();
  }

  /** Our own answer in place of the provider's; recorded unless the call never was one to a provider. */
  #answer(error: ApiError, abortReason: NewRequestEvent['abort_reason']): void {
    const body = gatewayErrorBody(error);
    const headers = gatewayErrorHeaders(error, body);
    const response = readResponseHeaders(headers, {});
    const { behaviours } = this.#call;
    if (behaviours) headers.push(...behaviours.answered(error.status, response));
    this.#addOurHeaders(headers, 'failed');
    this.#response = withRefusal(response, headers);
    // Nobody waits for what is still to come.
    if (error.code === 'request-too-slow') headers.push('Connection', 'close');
    this.#responseBody.push(body);
    this.#down.hold();
    this.#down.setHead(error.status, undefined, headers);
    this.#down.write(body);
    this.#finish('end', error.status, abortReason, isNeverRecorded(error.code) ? error.code : undefined);
  }

  #addOurHeaders(headers: string[], status = 'success'): void {
    headers.push('Helicone-Id', this.#call.requestId, 'Helicone-Status', status);
    if (this.#deps.isDraining()) headers.push('Connection', 'close');
    this.#announced = this.#call.notRecorded ?? this.#deps.recorder.obstacle;
    if (this.#announced) headers.push('Throughline-Recorded', `no; reason=${this.#announced}`);
  }

  #hold(): void {
    this.#held = true;
    this.#down.hold();
  }

  #letGo(): void {
    this.#held = false;
    this.#down.release();
  }

  // The end, whichever way it comes

  /** Records the call, once; then what was held goes to the client. */
  #finish(ending: Ending, status: number, abortReason: NewRequestEvent['abort_reason'], never?: NeverRecorded): void {
    this.#phase = 'recording';
    this.#ending = ending;
    this.#down.hold();
    const short = this.#joiner?.end();
    if (short) this.#down.write(short);
    const { metrics, recorder, crashPoint, clock } = this.#deps;
    const { tenantId, unreadKey } = this.#call;
    metrics.finished(this.#call.provider, status);
    this.#finishedAt = performance.now();
    this.#trace?.finished({
      status,
      abortReason,
      requestBytes: this.#requestBody.size,
      responseBytes: this.#responseBody.size,
    });
    if (isNobodys(this.#call) || this.#announced || never) {
      const reason = this.#announced ?? this.#call.notRecorded;
      if (reason && !never) metrics.notRecorded(reason);
      if (tenantId !== undefined && !never) recorder.announce(tenantId);
      const told = never ?? reason;
      if (told) this.#trace?.notRecorded(told);
      this.#onRecorded(undefined);
      return;
    }
    const { headers } = this.#call;
    const response = this.#response;
    const event = buildEvent(
      tenantId ?? '',
      this.#call,
      {
        status,
        abortReason,
        firstByteAt: this.#firstByteAt,
        responseAt: clock.now(),
        requestBody: this.#requestBody.toBody(headers.contentType, headers.contentEncoding),
        responseBody: this.#responseBody.toBody(response?.contentType ?? '', response?.contentEncoding ?? ''),
        responseHeaders: response?.stored ?? [],
        span: this.#trace?.traceparent,
        attempts: this.#left && [...this.#left, this.#attempt(status)],
        cacheReferenceId: this.#cacheReferenceId,
      },
      this.#findSession(),
    );
    crashPoint('gateway:before-append');
    const { behaviours } = this.#call;
    const recorded = behaviours
      ? behaviours.recorded(event).then((changed) => recorder.record(changed, unreadKey, headers.omits))
      : recorder.record(event, unreadKey, headers.omits);
    recorded.then((reason) => this.#onRecorded(reason));
  }

  #onRecorded(refused: NotRecordedReason | undefined): void {
    this.#phase = 'recorded';
    this.#requestBody.release();
    this.#responseBody.release();
    if (refused) {
      this.#trace?.notRecorded(refused);
      this.#deps.metrics.notRecorded(refused);
      this.#down.addHeader('Throughline-Recorded', `no; reason=${refused}`);
    }
    if (this.#clientGone) this.#end();
    this.#deps.crashPoint('gateway:after-append-before-last-chunk');
    this.#conclude();
    // Of calls that the provider answered in full; anything else took as long as somebody else let it.
    if (this.#ending === 'end' && this.#status !== 0) {
      this.#deps.metrics.addedLatency(this.#admissionMs + performance.now() - this.#finishedAt);
    }
  }

  /** The client has gone and the event is in the log, or never will be. */
  #end(): void {
    if (this.slot >= 0) this.#deps.callsPerKey.give(this.#call.keyId);
    this.#deps.openCalls.delete(this);
    this.#trace?.ended();
  }

  /** Gives the client what is still to come. Called again when the provider ends after the protocol's end. */
  #conclude(): void {
    if (this.#clientGone) return;
    if (this.#ending === 'cut') this.#down.cut();
    else if (this.#upstreamDone) this.#down.end();
    else this.#down.release();
    this.#deps.crashPoint('gateway:last-chunk-sent');
  }

  #onClientClose(): void {
    if (this.#clientGone) return;
    this.#clientGone = true;
    // A call is open until its event is in the log as well: the log is closed only after the calls.
    if (this.#phase === 'recorded') this.#end();
    this.#down.abandon();
    if (this.#phase === 'request' || this.#phase === 'response') this.#finish('cut', -3, 'client-aborted');
    this.#stopUpstream('the client has left');
  }

  #stopUpstream(why: string): void {
    this.#call.attempts?.stop();
    clearTimeout(this.#later);
    if (this.#upstreamDone) return;
    const reason = new Error(why);
    this.#upload?.destroy(reason);
    this.#controller?.abort(reason);
  }

  // Called by the client's side

  onFirstByte(): void {
    this.#deps.crashPoint('gateway:first-byte-to-client');
  }

  onFull(): void {
    this.#controller?.pause();
  }

  onDrain(): void {
    this.#controller?.resume();
  }

  onStall(): void {
    this.#res.socket?.destroy();
  }
}

/** Not recorded, whatever becomes of the keys. */
function isNobodys({ tenantId, unreadKey }: AdmittedCall): boolean {
  return tenantId === undefined && unreadKey === undefined;
}

function isNeverRecorded(code: ErrorCode): code is NeverRecorded {
  return code === 'target-not-allowed' || code === 'cassette-of-itself';
}

const EVENT_STREAM = /^text\/event-stream/i;

/** What may stand in a status line; a provider's odd reason phrase is replaced by the usual one. */
const PLAIN = /^[\t\x20-\x7e]*$/;
