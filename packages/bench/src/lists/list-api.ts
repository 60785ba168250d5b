import type { PlannedSession } from '../traffic/planned-sessions.ts';
import type { ListAnswer, ListQuestion } from './list-question.ts';

/** How a store of sessions is asked through its public API. */
export interface ListApi {
  /** Undefined: it does not offer this. @throws where what it takes to ask cannot be had. */
  prepare(question: ListQuestion): Promise<PreparedQuestion | undefined>;
}

/** A question as calls, one after the other. */
export interface PreparedQuestion {
  /** @param time that it is asked for: windows end by so many ms later, so that no answer is one that was remembered. */
  calls(time: number): readonly HttpCall[];
  /** @param answers their bodies. */
  read(answers: readonly string[]): ListAnswer;
}

export interface HttpCall {
  readonly path: string;
  /** Undefined: GET. */
  readonly body?: object;
}

/** Makes a call and reads its answer whole. @throws where its status is not 2xx. */
export type Caller = (call: HttpCall) => Promise<string>;

/** Epoch ms, bounds that every session lies between. */
export interface ListWindow {
  readonly startMs: number;
  readonly endMs: number;
}

export function windowAround(sessions: readonly PlannedSession[]): ListWindow {
  return { startMs: sessions[0]!.startMs - 60_000, endMs: sessions.at(-1)!.endMs + 60_000 };
}
