import type { AskedSessions } from '../../../search/asked-sessions.ts';

/** One of two groups that are compared. */
export interface Group {
  /** `The dearest 5%`, `A`. */
  readonly name: string;
  readonly asked: AskedSessions;
  readonly sessions: number;
}

export interface Groups {
  readonly a: Group;
  readonly b: Group;
}
