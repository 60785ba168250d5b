import type { Logger } from '@throughline/telemetry/logger';
import type { GatewayMetrics } from './gateway-metrics.ts';

/** Which part of what is remembered between calls, or the records that calls are answered from. */
export type StatePart = 'cache' | 'limits' | 'turns' | 'records';

/** Counts calls that did not get what they asked for, because it could not be reached; tells of it now and then. */
export class StateFailures {
  readonly #metrics: Pick<GatewayMetrics, 'stateFailed'>;
  readonly #logger: Logger;
  readonly #toldAt = new Map<StatePart, number>();

  constructor(metrics: Pick<GatewayMetrics, 'stateFailed'>, logger: Logger) {
    this.#metrics = metrics;
    this.#logger = logger;
  }

  note(part: StatePart, error: unknown): void {
    this.#metrics.stateFailed(part);
    const now = performance.now();
    if (now - (this.#toldAt.get(part) ?? Number.NEGATIVE_INFINITY) < TOLD_EVERY_MS) return;
    this.#toldAt.set(part, now);
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
