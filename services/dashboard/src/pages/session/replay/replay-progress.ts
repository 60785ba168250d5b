import type { Schemas } from '../../../api/client.ts';

export type ReplayState = Schemas['ReplayState'];

/** A step that has ended, as the stream tells it. */
export interface ReplayStep {
  readonly session_id: string;
  /** From 1, among the recorded ones. */
  readonly index: number;
  readonly path: string;
  readonly kind: string;
  readonly action: 'send' | 'copy';
  /** Id of the recorded request. */
  readonly replay_of: string;
  readonly request_id: string | null;
  /** HTTP; −3: cancelled, 0: the gateway did not answer. */
  readonly status: number;
  readonly error: string | null;
  /** USD; null: not known. */
  readonly cost: number | null;
  readonly latency_ms: number;
  readonly threaded: number;
  readonly kept: number;
  readonly replaced: number;
}

/** How a replay stands. */
export interface ReplayProgress {
  readonly state: ReplayState;
  /** The newest first. */
  readonly lastSteps: readonly ReplayStep[];
  /** Failed ones, the first that did first. */
  readonly failures: readonly ReplayStep[];
}

/** One event of the stream. */
export interface ReplayEvent {
  readonly name: string;
  /** JSON. */
  readonly data: string;
}

/** Steps kept of either kind. */
export const SHOWN_STEPS_MAX = 50;

/** What is known after an event. The first one begins anew: a stream that is asked for again tells everything again. */
export function takeEvent(before: ReplayProgress | undefined, { name, data }: ReplayEvent): ReplayProgress | undefined {
  if (name === 'started') return { state: JSON.parse(data) as ReplayState, lastSteps: [], failures: [] };
  if (!before) return undefined;
  if (name === 'finished') return { ...before, state: JSON.parse(data) as ReplayState };
  if (name !== 'step') return before;
  const step = JSON.parse(data) as ReplayStep;
  const { state, lastSteps, failures } = before;
  return {
    state: {
      ...state,
      done: state.done + 1,
      errors: state.errors + (step.error === null ? 0 : 1),
      cost: state.cost + (step.cost ?? 0),
      unpriced: state.unpriced + (step.cost === null ? 1 : 0),
      threaded: state.threaded + step.threaded,
      kept: state.kept + step.kept,
      replaced: state.replaced + step.replaced,
    },
    lastSteps: [step, ...lastSteps.slice(0, SHOWN_STEPS_MAX - 1)],
    failures: step.error === null || failures.length >= SHOWN_STEPS_MAX ? failures : [...failures, step],
  };
}
