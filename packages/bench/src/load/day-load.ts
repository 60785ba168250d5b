import { startNode } from '../processes/node-process.ts';
import type { Bench } from '../scenario.ts';

/** A day of calls of agents, logged when they have ended, by a clock that is faster than ours. */
export interface DayJob {
  readonly origin: string;
  readonly key: string;
  /** Of the whole day. */
  readonly calls: number;
  /** How many of them are sent: the first ones. */
  readonly first: number;
  readonly seed: number;
  /** The product's clock: so many times as fast as ours since `epochMs`. */
  readonly clock: { readonly epochMs: number; readonly speed: number };
  /** `DayResult.lately` is about so long, ms of the product's clock. */
  readonly latelyMs: number;
  /** After so long the machine is too slow to say anything, seconds. */
  readonly secondsMax: number;
}

export interface DayResult {
  readonly sessions: number;
  /** Calls that were sent in the last hours of the product's clock, as many as were asked about. */
  readonly lately: number;
  /** Of bodies, as they were sent. */
  readonly bytes: number;
  readonly seconds: number;
  /** By how much the latest call came later than by the clock, ms of ours. */
  readonly lateMs: number;
}

/** What the process says, at the beginning of the day and at the end. */
export type DayMessage = 'began' | DayResult | { readonly failure: string };

/** Sends the calls in a child process. @throws when one was not taken, and when it takes longer than it may. */
export async function runDayLoad(bench: Bench, job: DayJob, began: () => void): Promise<DayResult> {
  const child = startNode(bench, 'load/day-load-process.ts');
  try {
    child.send(job);
    for (;;) {
      const { message } = await child.next<{ readonly message: DayMessage }>();
      if (message === 'began') began();
      else if ('failure' in message) throw new Error(`a day's calls to ${job.origin}: ${message.failure}`);
      else return message;
    }
  } finally {
    await child.stop();
  }
}
