import { useSyncExternalStore } from 'react';
import { storedKey } from '../../../api/key-store.ts';
import type { ReplayProgress } from './replay-progress.ts';

/** A replay that was begun in this tab: it goes on whatever is shown. */
export interface ReplayRun {
  /** Key of Throughline with which it was begun. */
  readonly apiKey: string | null;
  /** Undefined until the first event. */
  readonly progress: ReplayProgress | undefined;
  /** USD; undefined: no cap. */
  readonly maxCostUsd: number | undefined;
  /** The stream broke off, and is asked for again. */
  readonly isLost: boolean;
  /** Why nothing more will be told of it, though it has not been seen to end; undefined: it will. */
  readonly gone: string | undefined;
  readonly stop: () => void;
}

const runs = new Map<string, ReplayRun>();
const listeners = new Set<() => void>();

/** The last replay of a recorded session; undefined: there is none, or it was begun with another key. */
export function useReplayRun(sessionId: string): ReplayRun | undefined {
  return useSyncExternalStore(listen, () => replayRun(sessionId));
}

export function replayRun(sessionId: string): ReplayRun | undefined {
  const run = runs.get(sessionId);
  return run?.apiKey === storedKey() ? run : undefined;
}

/** Whether it may have more to tell. */
export function isUnderWay({ progress, gone }: ReplayRun): boolean {
  return gone === undefined && (progress === undefined || progress.state.status === 'running');
}

export function keepRun(sessionId: string, run: ReplayRun): void {
  runs.set(sessionId, run);
  tell();
}

/** What it tells from now on is not listened to; it goes on itself. */
export function forgetRun(sessionId: string): void {
  runs.get(sessionId)?.stop();
  runs.delete(sessionId);
  tell();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}
