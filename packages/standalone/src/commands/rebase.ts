import { AGGREGATOR_DEFAULTS } from '@throughline/session-aggregator/aggregator-deps';
import { rebaseLog } from '@throughline/session-aggregator/rebase-log';
import { createLogger } from '@throughline/telemetry/logger';
import { createMetrics } from '@throughline/telemetry/metrics';
import { readConfig } from '../config.ts';
import { openServers } from '../services/open-servers.ts';

/**
 * `throughline rebase`: after the topic was truncated, made anew, or forgot events before they were read. Partitions whose
 * position is in the log are left alone. Exit code 1 when some partition could not be rebased.
 */
export async function runRebase(env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const config = readConfig(env);
  const logger = createLogger('throughline-rebase', { level: config.LOG_LEVEL, to: 'stderr' });
  await using servers = await openServers(config, logger);
  const outcomes = await rebaseLog(
    {
      totals: servers.totals,
      analytics: servers.analytics,
      progress: { totals: () => {}, snapshots: () => {} },
      config: { ...AGGREGATOR_DEFAULTS, producerAgeMaxHours: config.OUTBOX_AGE_MAX_HOURS },
      logger,
      metrics: createMetrics(),
      now: Date.now,
    },
    servers.log,
  );
  for (const one of outcomes) {
    const said =
      one.outcome === 'rebased'
        ? `goes on at ${one.next}; offsets ${one.from} to ${one.next - 1} are in rows or named lost`
        : one.outcome === 'busy'
          ? 'has an active owner: try again, or stop its aggregator'
          : 'has its position in the log: nothing to do';
    process.stdout.write(`partition ${one.partition} ${said}\n`);
  }
  return outcomes.some(({ outcome }) => outcome === 'busy') ? 1 : 0;
}
