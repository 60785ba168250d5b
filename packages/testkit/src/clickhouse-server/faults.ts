import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ServerException } from './exception.ts';

/** Where a running server is told its faults: `POST`, JSON of `ClickHouseFaults`. */
export const FAULTS_PATH = '/testkit/faults';

export type StatementKind = 'insert' | 'query';

const failureSchema = z.strictObject({
  /** How many statements of that kind fail. */
  count: z.int().min(1),
  /** Of which kind; default both. */
  on: z.enum(['insert', 'query']).optional(),
  /** ClickHouse's number of the error; default 202, `TOO_MANY_SIMULTANEOUS_QUERIES`, which passes. */
  code: z.int().min(1).default(202),
  /** Default `before`: nothing is run. `after`: the statement has taken effect when its answer is an error. */
  when: z.enum(['before', 'after']).default('before'),
  /**
   * Default `error`: an answer with that code. `cut`: the connection is cut without an answer. `midway`: rows have been
   * sent when it happens; a client that asked for `wait_end_of_query` gets an error with its status, as it would.
   */
  answer: z.enum(['error', 'cut', 'midway']).default('error'),
});

export const faultsSchema = z.strictObject({
  /** Each insert waits this long before it begins, in milliseconds. */
  insertDelayMs: z.int().min(0).default(0),
  /** Likewise every other statement. */
  queryDelayMs: z.int().min(0).default(0),
  failNext: failureSchema.optional(),
});

/** What goes wrong from now on; what is left out goes well again. */
export type ClickHouseFaults = z.input<typeof faultsSchema>;

export type Failure = z.output<typeof failureSchema>;

/** The faults in force, and the failures of them that are still to come. */
export interface FaultInjector {
  /** @throws when they are not `ClickHouseFaults`. */
  set(faults: unknown): void;
  delay(kind: StatementKind): Promise<void>;
  /** The failure of this statement, used up by asking. */
  take(kind: StatementKind): Failure | undefined;
  exception(failure: Failure): ServerException;
}

/** @param names of the engine's error numbers. */
export function createFaultInjector(names: ReadonlyMap<number, string>): FaultInjector {
  let faults = faultsSchema.parse({});
  let left = 0;
  return {
    set(next) {
      faults = faultsSchema.parse(next);
      left = faults.failNext?.count ?? 0;
    },
    async delay(kind) {
      const ms = kind === 'insert' ? faults.insertDelayMs : faults.queryDelayMs;
      if (ms > 0) await delay(ms);
    },
    take(kind) {
      const { failNext } = faults;
      if (!failNext || left === 0 || (failNext.on && failNext.on !== kind)) return undefined;
      left--;
      return failNext;
    },
    exception: ({ code }) => new ServerException(code, names.get(code) || 'UNKNOWN_EXCEPTION', 'A fault of the test.'),
  };
}
