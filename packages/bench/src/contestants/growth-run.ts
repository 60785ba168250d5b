import type { StoredFigures } from './aggregator-run.ts';
import type { WorkedOff } from './embedded-aggregator.ts';
import type { SpreadCalls } from './spread-calls.ts';

/** What `growth-process.ts` is told to do, one after the other. */
export type GrowthJob = CallsJob | LookJob;

/** Calls numbered from `from` on are put into the log, and then worked off. Answered by `CallsWorkedOff`. */
export interface CallsJob {
  readonly kind: 'calls';
  readonly calls: SpreadCalls;
  readonly from: number;
  readonly events: number;
}

export interface CallsWorkedOff extends WorkedOff {
  /** Of the process, since its start. */
  readonly peakRssMib: number;
}

/** The list is asked for, and one session; then what the stores hold of calls that came by the log. Answered by `Looked`. */
export interface LookJob {
  readonly kind: 'look';
  readonly sessionId: string;
}

export interface Looked {
  /** Median of calls one after the other, through HTTP, ms. */
  readonly listMs: number;
  readonly sessionMs: number;
  /** Sessions on the first page. */
  readonly listed: number;
  /** Requests that the answer counts. */
  readonly sessionRequests: number;
  readonly stored: StoredFigures;
}
