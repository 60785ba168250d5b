import type { keepRetention } from '@throughline/query/retention/keep-retention';
import type { PurgingDeps } from '@throughline/session-aggregator/deletion/keep-purging';
import type { Config } from './config.ts';

const DAY_MS = 86_400_000;
/** A mutation costs about the same for one deletion as for a thousand: the longer the delay, the fewer are made. */
const INTERVAL_PART = 4;

/** When what was deleted is removed from the files. */
export function purging(
  config: Pick<Config, 'PURGE_DELAY_SECONDS' | 'RETENTION_DAYS'>,
): Pick<PurgingDeps, 'delayMs' | 'intervalMs' | 'deadLettersKeepMs'> {
  const delayMs = config.PURGE_DELAY_SECONDS * 1_000;
  return {
    delayMs,
    intervalMs: Math.max(1_000, delayMs / INTERVAL_PART),
    ...(config.RETENTION_DAYS !== undefined && { deadLettersKeepMs: config.RETENTION_DAYS * DAY_MS }),
  };
}

/** When sessions and bodies have been kept long enough, and how often that is looked at. */
export function retention(
  config: Pick<Config, 'RETENTION_DAYS' | 'BODY_RETENTION_DAYS' | 'RETENTION_INTERVAL_SECONDS'>,
): Pick<Parameters<typeof keepRetention>[0], 'settings' | 'intervalMs'> {
  return {
    settings: { retentionDays: config.RETENTION_DAYS, bodyRetentionDays: config.BODY_RETENTION_DAYS },
    intervalMs: config.RETENTION_INTERVAL_SECONDS * 1_000,
  };
}
