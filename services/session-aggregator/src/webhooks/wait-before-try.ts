import type { WebhookConfig } from './webhook-config.ts';

/**
 * How long to wait after a try that failed, ms.
 *
 * @param tries so far, from 1.
 * @param random 0 … 1: what failed at once is not tried again at once.
 */
export function waitBeforeTry(
  tries: number,
  { firstWaitMs, waitFactor }: Pick<WebhookConfig, 'firstWaitMs' | 'waitFactor'>,
  random: number,
): number {
  return firstWaitMs * waitFactor ** (tries - 1) * (0.75 + random / 2);
}
