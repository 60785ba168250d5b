import type { EventMasking } from '@throughline/gateway/mask/open-masking';
import type { Logger } from '@throughline/telemetry/logger';
import type { Metrics } from '@throughline/telemetry/metrics';
import type { Config } from '../config.ts';

/** The gateway's masking by MASKING_RULES; undefined, and nothing of it loaded, where there are none. */
export async function startMasking(
  config: Config,
  metrics: Metrics,
  logger: Logger,
): Promise<EventMasking | undefined> {
  const { MASKING_RULES: rules, CAPTURE_BYTES_MAX: bytesMax, MASKING_THREADS: threads } = config;
  if (rules === undefined) return undefined;
  const { openMasking } = await import('@throughline/gateway/mask/open-masking');
  return openMasking({ rules, threads, bytesMax, metrics, logger });
}
