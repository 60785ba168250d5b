import { ERRORS } from '@throughline/contracts/errors';
import type { Dispatcher } from 'undici';
import { signCall } from '../bedrock/sign-call.ts';
import type { Clock } from '../clock.ts';
import type { CallTarget } from '../routes/resolve-target.ts';
import { upstreamFailure } from '../upstream/upstream-failure.ts';
import type { UpstreamTimeouts } from '../upstream/upstream-timeouts.ts';
import type { Upstreams } from '../upstream/upstreams.ts';
import { AttemptHandler } from './attempt-handler.ts';
import type { AttemptTarget } from './attempt-target.ts';
import { overrideBody } from './override-body.ts';
import { isOneOf } from './read-fallbacks.ts';
import { isRetried, type RetryPolicy, retryDelay } from './read-retry.ts';

/** A call that is sent several times, one after the other, until one answer is to be its own. */
export interface AttemptsOwner extends Required<Pick<Dispatcher.DispatchHandler, 'onRequestStart'>> {
  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
    message?: string,
  ): void;
  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void;
  onResponseEnd(): void;
  onResponseError(controller: Dispatcher.DispatchController | null, error: Error): void;
  /** Nobody has been answered yet, and the client still waits. */
  readonly isWaiting: boolean;
  /** The call goes to this target now, with this body. @param index among the fallbacks; −1 where there are none. */
  onAttempt(target: CallTarget, index: number, body: Buffer | null): void;
  /** What it was answered is not what it goes by; another attempt follows. */
  onAttemptLeft(status: number): void;
}

export interface AttemptPlan {
  readonly method: string;
  /** In the order in which they are tried, at least one. */
  readonly targets: readonly AttemptTarget[];
  /** Whether the caller named them: it is told which one answered. */
  readonly areFallbacks: boolean;
  /** Undefined: each target is tried once. */
  readonly retry: RetryPolicy | undefined;
  /** Of each attempt; undefined: those of the configuration. */
  readonly timeouts: UpstreamTimeouts | undefined;
}

/** The attempts of one call with `Helicone-Fallbacks`, `Helicone-Retry-Enabled`, or both: a target is left when its retries are used up. */
export class AttemptRun {
  readonly #plan: AttemptPlan;
  readonly #upstreams: Upstreams;
  readonly #clock: Clock;
  #owner: AttemptsOwner | undefined;
  #body: Buffer | null = null;
  /** Of the target under way. */
  #retries = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(plan: AttemptPlan, { upstreams, clock }: { readonly upstreams: Upstreams; readonly clock: Clock }) {
    this.#plan = plan;
    this.#upstreams = upstreams;
    this.#clock = clock;
  }

  get first(): CallTarget {
    return this.#plan.targets[0]!.target;
  }

  /** What that one is sent, before it is signed. */
  get firstHeaders(): readonly string[] {
    return this.#plan.targets[0]!.headers;
  }

  /** Sends the call. @param body whole, as it came. */
  start(owner: AttemptsOwner, body: Buffer | null): void {
    this.#owner = owner;
    this.#body = body;
    this.#send(0);
  }

  /** No further attempt follows. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /**
   * Whether another attempt follows an answer, and if so sees to it.
   *
   * @param retryAfter as the provider has it.
   */
  goesOnAfter(index: number, status: number, retryAfter?: string): boolean {
    const owner = this.#owner!;
    if (!owner.isWaiting) return false;
    const { targets, retry } = this.#plan;
    const delay =
      retry && isRetried(status)
        ? retryDelay(retry, this.#retries, retryAfter, this.#clock.now(), Math.random())
        : undefined;
    if (delay !== undefined) {
      owner.onAttemptLeft(status);
      this.#retries++;
      this.#timer = setTimeout(() => owner.isWaiting && this.#send(index), delay);
      return true;
    }
    if (index === targets.length - 1 || !isOneOf(status, targets[index]!.onCodes)) return false;
    owner.onAttemptLeft(status);
    this.#retries = 0;
    this.#send(index + 1);
    return true;
  }

  /** @param error of the connection: it counts as the status that the client would be answered. */
  goesOnAfterFailure(index: number, error: Error): boolean {
    return this.goesOnAfter(index, ERRORS[upstreamFailure(error).errorCode].status);
  }

  #send(index: number): void {
    const owner = this.#owner!;
    const handler = new AttemptHandler(this, owner, index);
    this.#dispatch(index, handler).catch((error: Error) => owner.onResponseError(null, error));
  }

  async #dispatch(index: number, handler: AttemptHandler): Promise<void> {
    const { method, targets, areFallbacks, timeouts } = this.#plan;
    const { target, headers, signing, override } = targets[index]!;
    const body = override && this.#body ? overrideBody(this.#body, override) : this.#body;
    this.#owner!.onAttempt(target, areFallbacks ? index : -1, body);
    const { origin, path } = target;
    const call = { origin, method, path, headers: [...headers], body };
    const sent = signing ? await signCall(call, signing.credentials, signing.region) : call.headers;
    if (!this.#owner!.isWaiting) return;
    this.#upstreams.poolFor(origin).dispatch({ method, path, headers: sent, body, ...timeouts }, handler);
  }
}
