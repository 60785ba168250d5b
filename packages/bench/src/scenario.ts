import type { Tools } from './processes/tools.ts';

/** One question that is measured, answered by contestants in the same run. */
export interface Scenario {
  readonly name: string;
  /** What is compared with what, in one line. */
  readonly about: string;
  /** It compares with another checkout, and cannot run without one. */
  readonly needsAgainst?: boolean;
  run(bench: Bench): Promise<Measured>;
}

/** How a run is to measure. */
export interface Bench {
  /** Every contestant is measured so often, in turns (A B A B …); medians are reported. */
  readonly rounds: number;
  /** Length of one measurement under load, seconds. */
  readonly seconds: number;
  readonly tools: Tools;
  /** How many requests a scenario is about, one size after the other; undefined: as many as it says itself. */
  readonly requests: readonly number[] | undefined;
  /** Length of the load of `memory`, minutes. */
  readonly minutes: number;
  /** Where V8 writes CPU profiles of the contestants. */
  readonly profileDir: string | undefined;
  /** Another checkout to compare with. */
  readonly against: string | undefined;
  /** Compare with other products too, as far as they are installed. */
  readonly peers: boolean;
  /** Folder of conversations of agents; undefined: made-up ones. */
  readonly conversations: string | undefined;
  /** A line about what is going on. */
  progress(text: string): void;
}

export interface Measured {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly figures: readonly Figure[];
  /** What one has to know to read the table. */
  readonly notes: readonly string[];
  /** Every single measurement, for the JSON file. */
  readonly samples: unknown;
}

/** A figure to reach. Without `atMost` and `atLeast` it is only stated. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Undefined for a figure that is only stated. */
export function isReached({ value, atMost, atLeast }: Figure): boolean | undefined {
  if (atMost === undefined && atLeast === undefined) return undefined;
  return value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? Number.NEGATIVE_INFINITY);
}
