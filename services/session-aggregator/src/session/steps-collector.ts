import { compareSteps } from '@throughline/session-totals/compare-steps';
import type { SessionBounds } from '@throughline/session-totals/session-bounds';
import type { SessionState, SessionStep } from '@throughline/session-totals/session-state';

/**
 * The first steps of a session, at most so many, whatever the order in which they come: a step among the first of all is
 * among the first of any part, so it is never dropped on the way.
 */
export class StepsCollector {
  readonly #start: readonly SessionStep[] | null;
  readonly #bounds: SessionBounds;
  #steps: SessionStep[] | undefined;

  /** @param start null: the session began before steps were kept, and no step of it ever is. */
  constructor(start: readonly SessionStep[] | null, bounds: SessionBounds) {
    this.#start = start;
    this.#bounds = bounds;
  }

  add(at: number, path: string, isError: boolean, costPico: bigint | null): void {
    if (this.#start === null) return;
    const { stepsMax, paths } = this.#bounds;
    const kept = this.#steps ?? this.#start;
    const isFull = kept.length >= stepsMax;
    // Nearly all calls come in the order in which they began.
    if (isFull && at > kept[kept.length - 1]!.at) return;
    const step = { at, path: path.length > paths.charsMax ? null : path, isError, costPico: costPico ?? 0n };
    let place = kept.length;
    while (place > 0 && compareSteps(step, kept[place - 1]!) < 0) place--;
    if (place >= stepsMax) return;
    this.#steps ??= [...this.#start];
    if (place === this.#steps.length) this.#steps.push(step);
    else this.#steps.splice(place, 0, step);
    if (isFull) this.#steps.pop();
  }

  /** The steps it started from when nothing changed. */
  result(): SessionState['steps'] {
    return this.#steps ?? this.#start;
  }
}
