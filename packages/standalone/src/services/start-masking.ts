import type { Masking } from '@throughline/gateway/mask/masking';
import type { Logger } from '@throughline/telemetry/logger';
import type { Metrics } from '@throughline/telemetry/metrics';
import type { Config } from '../config.ts';

/** The gateway's masking by MASKING_RULES; undefined, and nothing of it loaded, where there are none. */
export async function startMasking(config: Config, metrics: Metrics, logger: Logger): Promise<Masking | undefined> {
  const { MASKING_RULES: rules, CAPTURE_BYTES_MAX: bytesMax } = config;
  if (rules === undefined) return undefined;
  const { openMasking } = await import('@throughline/gateway/mask/open-masking');
  return openMasking({ rules, bytesMax, metrics, logger });
}
