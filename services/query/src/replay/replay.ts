import { randomUUID } from 'node:crypto';
import type { ReplayState, ReplayStepEvent } from '@throughline/contracts/api/session-replay';
import { picoToUsd, usdToPico } from '@throughline/contracts/money';
import { timestamp } from '../render/timestamp.ts';
import type { ReplayWork } from './plan-replay.ts';
import type { RunEnd } from './run-replay.ts';

/** One event of a replay, as its streams tell it. */
export interface ReplayEvent {
  readonly name: 'started' | 'step' | 'finished';
  readonly data: object;
}

/** A replay under way, or one that has ended: how it stands, and everything that was told of it. */
export interface Replay {
  readonly id: string;
  readonly tenantId: string;
  readonly state: ReplayState;
  /** From the first on; the last is `finished` once it has ended. */
  readonly events: readonly ReplayEvent[];
  /** Epoch ms; undefined while it goes on. */
  readonly endedAt: number | undefined;
  readonly cancelled: AbortSignal;
  cancel(): void;
  /** Called after each event. @returns ends it. */
  listen(listener: () => void): () => void;
  stepEnded(event: ReplayStepEvent): void;
  finish(end: RunEnd): void;
}

/** @param clock epoch ms. */
export function createReplay(tenantId: string, { plan }: ReplayWork, clock: { now(): number }): Replay {
  const { needs_keys: _, problems: __, plan: ___, ...sums } = plan;
  const cancelling = new AbortController();
  const listeners = new Set<() => void>();
  const events: ReplayEvent[] = [];
  let endedAt: number | undefined;
  let costPico = 0n;
  let state: ReplayState = {
    replay_id: randomUUID(),
    status: 'running',
    reason: null,
    ...sums,
    done: 0,
    errors: 0,
    cost: 0,
    unpriced: 0,
    threaded: 0,
    kept: 0,
    replaced: 0,
    started_at: timestamp(clock.now()),
    ended_at: null,
  };
  const tell = (event: ReplayEvent) => {
    events.push(event);
    for (const listener of listeners) listener();
  };
  tell({ name: 'started', data: state });
  return {
    id: state.replay_id,
    tenantId,
    get state() {
      return state;
    },
    events,
    get endedAt() {
      return endedAt;
    },
    cancelled: cancelling.signal,
    cancel: () => cancelling.abort(),
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stepEnded(event) {
      costPico += usdToPico(event.cost ?? 0) ?? 0n;
      state = {
        ...state,
        done: state.done + 1,
        errors: state.errors + (event.error === null ? 0 : 1),
        cost: picoToUsd(costPico),
        unpriced: state.unpriced + (event.cost === null ? 1 : 0),
        threaded: state.threaded + event.threaded,
        kept: state.kept + event.kept,
        replaced: state.replaced + event.replaced,
      };
      tell({ name: 'step', data: event });
    },
    finish({ status, reason }) {
      endedAt = clock.now();
      state = { ...state, status, reason, ended_at: timestamp(endedAt) };
      tell({ name: 'finished', data: state });
    },
  };
}
