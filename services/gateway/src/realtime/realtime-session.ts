import type { NotRecordedReason } from '@throughline/contracts/errors';
import type { Pairs } from '@throughline/contracts/request-event';
import type { Logger } from '@throughline/telemetry/logger';
import type { WebSocket } from 'ws';
import type { Clock } from '../clock.ts';
import type { GatewayCrashPoint } from '../crash-points.ts';
import type { GatewayConfig } from '../gateway-config.ts';
import type { GatewayMetrics } from '../gateway-metrics.ts';
import type { Admission } from '../keys/admission.ts';
import type { Slotted } from '../proxy/slot-list.ts';
import type { CaptureBudget } from '../record/body-capture.ts';
import type { CallFacts } from '../record/build-event.ts';
import type { Recorder } from '../record/recorder.ts';
import { type Frame, Outlet } from './outlet.ts';
import { type StepEnd, stepEvent, stepSession } from './step-event.ts';
import { type RealtimeStep, RealtimeTurns } from './turns.ts';

/** What a session works with. */
export interface RealtimeSessionDeps {
  readonly config: GatewayConfig;
  readonly recorder: Recorder;
  readonly budget: CaptureBudget;
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly crashPoint: (name: GatewayCrashPoint) => void;
  /** Called once, when both sides are closed and every step is in the log, or never will be. */
  readonly onEnd: () => void;
}

/** An upgrade that both sides have agreed to. */
export interface RealtimeCall {
  /** Of its first step; each further one has an id and a time of its own. */
  readonly facts: CallFacts;
  readonly model: string;
  readonly responseHeaders: Pairs;
  /** Whose it is, asked for anew with each step: a key may be taken back while a session lasts. */
  readonly admit: () => Admission;
  readonly client: WebSocket;
  readonly provider: WebSocket;
}

/**
 * One realtime session: frames pass between client and provider as they come, in order, and each response becomes an
 * event. The message that completes a response waits for its event to be in the log, and all that comes after it.
 *
 * The side that takes no more is waited for by not reading from the other one.
 */
export class RealtimeSession implements Slotted {
  slot = -1;
  readonly #deps: RealtimeSessionDeps;
  readonly #call: RealtimeCall;
  readonly #turns: RealtimeTurns;
  readonly #toClient: Outlet;
  readonly #toProvider: Outlet;
  readonly #timer: NodeJS.Timeout;
  /** From the provider, behind a message that waits for the log. */
  #waiting: Frame[] = [];
  /** Done once a message of the provider, whose steps are being recorded, has been sent on. */
  #held: Promise<void> | undefined;
  #isFirst = true;
  #isDraining = false;
  /** What is still to come changes nothing any more. */
  #isOver = false;
  /** Steps that are being recorded. */
  #recording = 0;
  #openSides = 2;
  #clientActiveAt: number;
  #providerActiveAt: number;

  constructor(deps: RealtimeSessionDeps, call: RealtimeCall) {
    const { client, provider, model } = call;
    this.#deps = deps;
    this.#call = call;
    this.#turns = new RealtimeTurns({ model, inputBytesMax: deps.config.captureBytesMax }, deps.budget);
    this.#toClient = new Outlet(client, () => this.#regulate());
    this.#toProvider = new Outlet(provider, () => this.#regulate());
    this.#clientActiveAt = this.#providerActiveAt = performance.now();
    this.#timer = setInterval(() => this.#check(), CHECK_MS).unref();
    listen(client, (frame) => this.#fromClient(frame));
    listen(provider, (frame) => this.#fromProvider(frame));
    provider.resume();
  }

  /** Ends it as soon as no response is under way. */
  drain(): void {
    this.#isDraining = true;
    if (this.#turns.isIdle && !this.#held) this.#end(GOING_AWAY, 'the gateway is going down', DRAINED);
  }

  /** Ends it now. */
  abort(): void {
    this.#end(GOING_AWAY, 'the gateway is going down', DRAINED);
  }

  /** Cuts both connections, whatever they still wait for. */
  terminate(): void {
    this.#end(GOING_AWAY, '', DRAINED);
    this.#call.client.terminate();
    this.#call.provider.terminate();
  }

  #fromClient(frame: Frame): void {
    this.#clientActiveAt = performance.now();
    if (frame.kind === 'close') {
      this.#openSides--;
      this.#cut(CLIENT_LEFT);
    } else if (this.#isOver) return;
    else if (frame.kind === 'message') {
      const wasIdle = this.#turns.isIdle;
      this.#read(() => this.#turns.fromClient(frame.data, this.#deps.clock.now()));
      // The provider is being waited for from now on.
      if (wasIdle) this.#providerActiveAt = this.#clientActiveAt;
    }
    this.#toProvider.send(frame);
    this.#settle();
  }

  #fromProvider(frame: Frame): void {
    this.#providerActiveAt = performance.now();
    if (frame.kind === 'close') this.#openSides--;
    if (this.#held) this.#waiting.push(frame);
    else this.#deliver(frame);
    this.#settle();
  }

  /** Gives a frame to the client: at once, unless steps have to be in the log before. */
  #deliver(frame: Frame): void {
    let recorded: Promise<unknown> | undefined;
    if (frame.kind === 'message') {
      if (this.#isOver) return;
      const steps = this.#read(() => this.#turns.fromProvider(frame.data, this.#deps.clock.now()));
      if (steps && steps.length > 0) recorded = this.#record(steps, ANSWERED);
    } else if (frame.kind === 'close') recorded = this.#cut(PROVIDER_LEFT);
    if (recorded) this.#hold(recorded, frame);
    else this.#toClient.send(frame);
  }

  /** Whatever is wrong with our reading of a message, it goes where it was sent. */
  #read<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'a message of a realtime session could not be read');
      return undefined;
    }
  }

  #hold(recorded: Promise<unknown>, frame: Frame): void {
    this.#held = recorded.then(() => {
      this.#held = undefined;
      this.#toClient.send(frame);
      this.#deps.crashPoint('gateway:last-chunk-sent');
      while (!this.#held) {
        const next = this.#waiting.shift();
        if (!next) break;
        this.#deliver(next);
      }
      this.#regulate();
      if (this.#isDraining) this.drain();
      this.#settle();
    });
    this.#regulate();
  }

  /** Records what is under way as cut. @returns undefined when nothing is. */
  #cut(end: StepEnd): Promise<unknown> | undefined {
    if (this.#isOver) return undefined;
    this.#isOver = true;
    this.#regulate();
    const steps = this.#turns.cut(this.#deps.clock.now());
    return steps.length > 0 ? this.#record(steps, end) : undefined;
  }

  /** The end that we bring about: once the steps are in the log, both sides are told. */
  #end(code: number, reason: string, end: StepEnd): void {
    if (this.#isOver) return;
    const close: Frame = { kind: 'close', code, reason: Buffer.from(reason) };
    const recorded = this.#cut(end);
    this.#waiting = [];
    void Promise.all([this.#held, recorded]).then(() => {
      this.#toClient.send(close);
      this.#toProvider.send(close);
      this.#settle();
    });
  }

  /** @param cut how those ended that the provider has not answered. */
  async #record(steps: readonly RealtimeStep[], cut: StepEnd): Promise<void> {
    this.#recording++;
    for (const step of steps) {
      const refused = await this.#recordStep(step, step.isAnswered ? ANSWERED : cut);
      this.#deps.budget.give(step.held);
      if (refused) this.#deps.metrics.notRecorded(refused);
    }
    this.#deps.crashPoint('gateway:after-append-before-last-chunk');
    this.#recording--;
    this.#settle();
  }

  /** @returns why it is not in the log. */
  async #recordStep(step: RealtimeStep, end: StepEnd): Promise<NotRecordedReason | undefined> {
    const { config, crashPoint, logger, metrics, recorder } = this.#deps;
    const { provider, headers } = this.#call.facts;
    metrics.finished(provider, end.status);
    try {
      const { tenantId, unreadKey, refusal } = this.#call.admit();
      if (tenantId === undefined && unreadKey === undefined) return refusal;
      const event = stepEvent(this.#factsOf(tenantId, step), step, end, config.captureBytesMax);
      crashPoint('gateway:before-append');
      return await recorder.record(event, unreadKey, headers.omits);
    } catch (error) {
      // Whatever it is, the client is to have its response.
      logger.error({ err: error, provider }, 'a step of a realtime session could not be recorded');
      return 'log-failed';
    }
  }

  #factsOf(tenantId: string | undefined, { requestAt }: RealtimeStep) {
    const { facts, responseHeaders } = this.#call;
    const session = stepSession(facts.headers, this.#turns.sessionId, this.#deps.config.sessionRules);
    if (this.#isFirst) {
      this.#isFirst = false;
      return { tenantId, call: { ...facts, session }, responseHeaders };
    }
    const eventId = this.#deps.recorder.newEventId(tenantId, session, requestAt);
    const call = { ...facts, session, eventId, requestId: eventId, requestIdChosen: false };
    return { tenantId, call, responseHeaders };
  }

  /** Reads from each side what the other one takes. */
  #regulate(): void {
    const { client, provider } = this.#call;
    // What is over is read to its end, so that its closing is seen.
    if (!this.#isOver && (this.#held || this.#toClient.isFull)) provider.pause();
    else provider.resume();
    if (!this.#isOver && this.#toProvider.isFull) client.pause();
    else client.resume();
  }

  /** Every few seconds: who says nothing, takes nothing, or is not allowed any more. */
  #check(): void {
    const now = performance.now();
    const { bodyIdleTimeoutMs, clientStallTimeoutMs, requireKey } = this.#deps.config;
    if (this.#toClient.fullForMs(now) > clientStallTimeoutMs) {
      this.#end(GOING_AWAY, 'nothing was taken', CLIENT_LEFT);
      this.terminate();
      return;
    }
    if (this.#toProvider.fullForMs(now) > clientStallTimeoutMs) {
      this.#end(GOING_AWAY, 'the provider takes nothing', TIMED_OUT);
      this.terminate();
      return;
    }
    const lastAt = this.#turns.isIdle ? Math.max(this.#clientActiveAt, this.#providerActiveAt) : this.#providerActiveAt;
    if (now - lastAt > bodyIdleTimeoutMs) this.#end(GOING_AWAY, 'nothing was said for too long', TIMED_OUT);
    else if (requireKey && !isAdmitted(this.#call.admit())) {
      this.#end(POLICY, 'the key is not valid any more', DRAINED);
    }
  }

  /** Is it all over? */
  #settle(): void {
    if (this.#openSides > 0 || this.#recording > 0 || this.slot < 0) return;
    clearInterval(this.#timer);
    this.#deps.onEnd();
  }
}

const CHECK_MS = 5_000;

const GOING_AWAY = 1001;
const POLICY = 1008;
const MESSAGE_TOO_BIG = 1009;

const ANSWERED: StepEnd = { status: 200, abortReason: '' };
const CLIENT_LEFT: StepEnd = { status: -3, abortReason: 'client-aborted' };
const PROVIDER_LEFT: StepEnd = { status: -100, abortReason: 'upstream-reset' };
const TIMED_OUT: StepEnd = { status: -2, abortReason: 'upstream-timeout' };
const DRAINED: StepEnd = { status: -100, abortReason: 'draining' };

function isAdmitted({ tenantId, unreadKey }: Admission): boolean {
  return tenantId !== undefined || unreadKey !== undefined;
}

function listen(socket: WebSocket, take: (frame: Frame) => void): void {
  let fault = 0;
  socket.on('message', (data, isBinary) => take({ kind: 'message', data: data as Buffer, isBinary }));
  socket.on('ping', (data) => take({ kind: 'ping', data }));
  socket.on('pong', (data) => take({ kind: 'pong', data }));
  socket.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') fault = MESSAGE_TOO_BIG;
  });
  // A side that was cut off for what it sent has not said why; the other one learns it.
  socket.on('close', (code, reason) => take({ kind: 'close', code: fault || code, reason }));
}
