import { setTimeout as sleep } from 'node:timers/promises';
import { otherPartitions } from '@throughline/event-log/kafka/topic';
import type { Logger } from '@throughline/telemetry/logger';
import { StartError } from '../start-error.ts';

/** A Kafka that is up answers within a fraction of this, ms; one that is down must not hold up the start of a gateway. */
const START_WAIT_MS = 2_000;
const ASK_AGAIN_MS = 5_000;

export interface RequirePartitionsOptions {
  readonly logger: Logger;
  /** Ends the asking. */
  readonly signal: AbortSignal;
  readonly startWaitMs?: number;
  readonly askAgainMs?: number;
}

/**
 * Looks whether the topic has as many partitions as were configured. Where Kafka does not say so in time, that is asked
 * for until it does, and a difference is logged: what a gateway has recorded by then is numbered for the topic as it is.
 *
 * @param count of the topic; undefined: there is none yet.
 * @param configured undefined: whatever the topic has is right.
 * @throws StartError with what to do, when it has another number.
 */
export async function requirePartitions(
  count: () => Promise<number | undefined>,
  configured: number | undefined,
  { logger, signal, startWaitMs = START_WAIT_MS, askAgainMs = ASK_AGAIN_MS }: RequirePartitionsOptions,
): Promise<void> {
  if (configured === undefined) return;
  const ask = async () => {
    const existing = await count();
    return existing === undefined || existing === configured ? undefined : otherPartitions(existing, configured);
  };
  // That Kafka cannot be reached is said by the outbox.
  const first = ask().catch(() => UNKNOWN);
  const inTime = new AbortController();
  const late = sleep(startWaitMs, UNKNOWN, { signal: inTime.signal }).catch(() => UNKNOWN);
  const problem = await Promise.race([first, late]);
  inTime.abort();
  if (typeof problem === 'string') throw new StartError(`${problem}.`);
  if (problem === undefined) return;
  void (async () => {
    let found = await first;
    while (found === UNKNOWN && !signal.aborted) {
      await sleep(askAgainMs, undefined, { signal, ref: false }).catch(() => {});
      if (!signal.aborted) found = await ask().catch(() => UNKNOWN);
    }
    if (typeof found === 'string') logger.error(`${found}; until then this gateway works with the topic as it is`);
  })();
}

const UNKNOWN = Symbol('not known yet');
