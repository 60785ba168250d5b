import { ApiError, ERRORS } from '@throughline/contracts/errors';
import type { Dispatcher } from 'undici';
import { signCall } from '../bedrock/sign-call.ts';
import { type CallSigning, signingOf } from '../bedrock/signing-of.ts';
import type { Admission } from '../keys/admission.ts';
import type { ProviderDirectory } from '../provider-directory.ts';
import { CallHeaders } from '../request/call-headers.ts';
import { type CallTarget, targetOf } from '../routes/resolve-target.ts';
import { upstreamFailure } from '../upstream/upstream-failure.ts';
import type { Upstreams } from '../upstream/upstreams.ts';
import { overrideBody } from './override-body.ts';
import { type Fallback, isOneOf, readFallbacks } from './read-fallbacks.ts';

/** A call that is sent to several targets, one after the other, until one answers as it should. */
export interface FallbackOwner extends Required<Pick<Dispatcher.DispatchHandler, 'onRequestStart'>> {
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
  /** The call goes to this target now, with this body. */
  onAttempt(target: CallTarget, index: number, body: Buffer | null): void;
  /** What it was answered is not what it goes by; another attempt follows. */
  onAttemptLeft(status: number): void;
}

export interface FallbackDeps {
  readonly providers: ProviderDirectory;
  readonly upstreams: Upstreams;
  /** Takes keys of ours out of headers. */
  readonly admit: (headers: CallHeaders, pathKey: string) => Admission;
}

interface Attempt {
  readonly target: CallTarget;
  readonly headers: readonly string[];
  readonly signing: CallSigning | undefined;
  readonly onCodes: Fallback['onCodes'];
  readonly override: Fallback['bodyKeyOverride'];
}

/** The attempts of one call with `Helicone-Fallbacks` (wire contract 1.3). */
export class FallbackRun {
  readonly #upstreams: Upstreams;
  readonly #method: string;
  readonly #attempts: readonly Attempt[];
  #owner: FallbackOwner | undefined;
  #body: Buffer | null = null;

  /**
   * @param path of the call, with its query; the same at each target.
   * @throws ApiError for a header that cannot be used, and for targets that may not be reached, whichever it is.
   */
  constructor(value: string, method: string, path: string, client: CallHeaders, deps: FallbackDeps) {
    this.#upstreams = deps.upstreams;
    this.#method = method;
    this.#attempts = readFallbacks(value).map((fallback) => attemptOf(fallback, path, client, deps));
    if (client.contentEncoding !== '' && this.#attempts.some(({ override }) => override !== undefined)) {
      const reason = 'bodyKeyOverride cannot change a compressed body';
      throw new ApiError('invalid-header', { name: 'Helicone-Fallbacks', reason });
    }
  }

  get first(): CallTarget {
    return this.#attempts[0]!.target;
  }

  /** Sends the call. @param body whole, as it came. */
  start(owner: FallbackOwner, body: Buffer | null): void {
    this.#owner = owner;
    this.#body = body;
    this.#send(0);
  }

  /** Whether another attempt follows an answer, and if so sends it. */
  goesOnAfter(index: number, status: number): boolean {
    const owner = this.#owner!;
    const isLast = index === this.#attempts.length - 1;
    if (isLast || !owner.isWaiting || !isOneOf(status, this.#attempts[index]!.onCodes)) return false;
    owner.onAttemptLeft(status);
    this.#send(index + 1);
    return true;
  }

  #send(index: number): void {
    const owner = this.#owner!;
    const handler = new AttemptHandler(this, owner, index);
    this.#dispatch(index, handler).catch((error: Error) => owner.onResponseError(null, error));
  }

  async #dispatch(index: number, handler: AttemptHandler): Promise<void> {
    const { target, headers, signing, override } = this.#attempts[index]!;
    const body = override && this.#body ? overrideBody(this.#body, override) : this.#body;
    this.#owner!.onAttempt(target, index, body);
    const { origin, path } = target;
    const call = { origin, method: this.#method, path, headers: [...headers], body };
    const sent = signing ? await signCall(call, signing.credentials, signing.region) : call.headers;
    if (!this.#owner!.isWaiting) return;
    this.#upstreams.poolFor(origin).dispatch({ method: this.#method, path, headers: sent, body }, handler);
  }
}

function attemptOf(fallback: Fallback, path: string, client: CallHeaders, deps: FallbackDeps): Attempt {
  const target = targetOf(fallback.target, path, deps.providers);
  // Whether it may be reached is said before anything is sent.
  deps.upstreams.poolFor(target.origin);
  const headers = new CallHeaders(fallback.headers);
  deps.admit(headers, '');
  const sent: string[] = [];
  for (let i = 0; i < headers.upstream.length; i += 2) {
    // The body may be another one: its length is ours to say.
    if (headers.upstream[i]!.toLowerCase() !== 'content-length')
      sent.push(headers.upstream[i]!, headers.upstream[i + 1]!);
  }
  // What describes the body goes along with it.
  if (headers.contentType === '' && client.contentType !== '') sent.push('Content-Type', client.contentType);
  if (client.contentEncoding !== '') sent.push('Content-Encoding', client.contentEncoding);
  return {
    target,
    headers: sent,
    signing: signingOf(headers, target.region),
    onCodes: fallback.onCodes,
    override: fallback.bodyKeyOverride,
  };
}

/** What is read of an answer that nobody gets, so that its connection can be used again, bytes. */
const LEFT_BYTES_MAX = 64 * 1024;

/** Hears one attempt; passes it on to the call unless another attempt follows. */
class AttemptHandler implements Dispatcher.DispatchHandler {
  readonly #run: FallbackRun;
  readonly #owner: FallbackOwner;
  readonly #index: number;
  #isLeft = false;
  #leftBytes = 0;

  constructor(run: FallbackRun, owner: FallbackOwner, index: number) {
    this.#run = run;
    this.#owner = owner;
    this.#index = index;
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.#owner.onRequestStart(controller, context);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
    message?: string,
  ): void {
    if (status >= 200 && this.#run.goesOnAfter(this.#index, status)) this.#isLeft = true;
    else this.#owner.onResponseStart(controller, status, headers, message);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#isLeft) {
      this.#owner.onResponseData(controller, chunk);
      return;
    }
    this.#leftBytes += chunk.length;
    if (this.#leftBytes > LEFT_BYTES_MAX) controller.abort(new Error('nobody gets this answer'));
  }

  onResponseEnd(): void {
    if (!this.#isLeft) this.#owner.onResponseEnd();
  }

  onResponseError(controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#isLeft) return;
    // A target that cannot be reached counts as the status that the client would be answered.
    if (this.#run.goesOnAfter(this.#index, ERRORS[upstreamFailure(error).errorCode].status)) this.#isLeft = true;
    else this.#owner.onResponseError(controller, error);
  }
}
