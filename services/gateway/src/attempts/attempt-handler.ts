import type { Dispatcher } from 'undici';
import type { AttemptRun, AttemptsOwner } from './attempt-run.ts';

/** What is read of an answer that nobody gets, so that its connection can be used again, bytes. */
const LEFT_BYTES_MAX = 64 * 1024;

/** Hears one attempt; passes it on to the call unless another attempt follows. */
export class AttemptHandler implements Dispatcher.DispatchHandler {
  readonly #run: AttemptRun;
  readonly #owner: AttemptsOwner;
  readonly #index: number;
  #isLeft = false;
  #leftBytes = 0;

  constructor(run: AttemptRun, owner: AttemptsOwner, index: number) {
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
    const asked = headers['retry-after'];
    const retryAfter = Array.isArray(asked) ? asked[0] : asked;
    if (status >= 200 && this.#run.goesOnAfter(this.#index, status, retryAfter)) this.#isLeft = true;
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
    if (this.#run.goesOnAfterFailure(this.#index, error)) this.#isLeft = true;
    else this.#owner.onResponseError(controller, error);
  }
}
