import type { Logger } from '@throughline/telemetry/logger';
import { createSeldom } from '@throughline/telemetry/seldom';
import type { GatewayMetrics } from './gateway-metrics.ts';

/** Which part of what is remembered between calls, or the records that calls are answered from. */
export type StatePart = 'cache' | 'limits' | 'turns' | 'records';

/** Counts calls that did not get what they asked for, because it could not be reached; tells of it now and then. */
export class StateFailures {
  readonly #metrics: Pick<GatewayMetrics, 'stateFailed'>;
  readonly #logger: Logger;
  readonly #isTimeToTell = new Map<StatePart, () => boolean>();

  constructor(metrics: Pick<GatewayMetrics, 'stateFailed'>, logger: Logger) {
    this.#metrics = metrics;
    this.#logger = logger;
  }

  note(part: StatePart, error: unknown): void {
    this.#metrics.stateFailed(part);
    const isTime = this.#isTimeToTell.get(part) ?? createSeldom(TOLD_EVERY_MS);
    this.#isTimeToTell.set(part, isTime);
    if (!isTime()) return;
    this.#logger.warn({ err: error, part }, WORDS[part]);
  }
}

const TOLD_EVERY_MS = 10_000;

const WORDS: Readonly<Record<StatePart, string>> = {
  cache: 'the response cache cannot be used: calls go to their providers',
  limits: 'rate limits cannot be looked at: calls go through',
  turns: 'the place in a recorded session cannot be kept: calls that are to be answered from one are refused',
  records: 'recorded sessions cannot be read: calls that are to be answered from one are refused',
};
