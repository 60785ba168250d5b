import { setTimeout as sleep } from 'node:timers/promises';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { EventLogError, type LogBounds, type RebasableLog } from '@throughline/event-log/event-log';
import type { OutboxAppender } from '@throughline/event-log/outbox/outbox-appender';
import { type ReadinessCheck, runChecks } from '@throughline/http/service-routes';
import type { SystemPorts } from '@throughline/query/system/system-ports';
import type { SessionTotals } from '@throughline/session-totals/session-totals';
import { systemDeadLetters } from '../system-dead-letters.ts';
import { auditPartitions } from './audit-servers.ts';
import type { BoardFreshness } from './board-freshness.ts';

export interface ServersSystemDeps {
  readonly analytics: AnalyticsStore;
  readonly totals: SessionTotals;
  readonly log: Pick<RebasableLog, 'look'>;
  readonly appender: OutboxAppender;
  readonly freshness: BoardFreshness;
  readonly checks: readonly ReadinessCheck[];
}

/** Kafka is asked no more often, whoever asks: each time a consumer reads where partitions begin. */
const LOOK_EVERY_MS = 5_000;
/** A page about what is down must not wait for it. */
const LOOK_MS_MAX = 3_000;

/**
 * What a new try may have at most, bytes: bodies of larger events go past Kafka, to a store that this service knows
 * nothing of.
 */
const REPLAY_BYTES_MAX = 256 * 1024;

/** The installation as one of its query services sees it. */
export function serversSystem(deps: ServersSystemDeps): SystemPorts {
  const { analytics, totals, log, appender, freshness, checks } = deps;
  let looked:
    | { readonly atMs: number; readonly bounds: Promise<ReadonlyMap<number, LogBounds | undefined>> }
    | undefined;
  const look = () => {
    if (!looked || performance.now() - looked.atMs > LOOK_EVERY_MS) {
      const bounds = log.look();
      // Whoever asked may have gone by then.
      bounds.catch(() => {});
      looked = { atMs: performance.now(), bounds };
    }
    return looked.bounds;
  };
  return {
    mode: 'servers',
    startedAtMs: Math.round(performance.timeOrigin),
    checks: () => runChecks(checks),
    async logEnds() {
      const late = sleep(LOOK_MS_MAX, undefined, { ref: false });
      const bounds = await Promise.race([look(), late]);
      if (!bounds) throw new EventLogError('failed', 'the log does not answer', { retryable: true });
      const ends = new Map<number, number>();
      for (const [partition, found] of bounds) if (found) ends.set(partition, found.high);
      return ends;
    },
    totalsAsOf: (partition) => freshness.progress(partition).totalsAsOf,
    logBytes: () => undefined,
    outbox() {
      const { unsent, bytes, oldestAgeMs } = appender.stats;
      return { events: unsent, bytes, oldestMs: oldestAgeMs };
    },
    totalsSize: () => totals.size(),
    audit: async () => await auditPartitions({ analytics, totals }, await log.look()),
    ...systemDeadLetters(analytics, { append: (event) => appender.append(event), bytesMax: REPLAY_BYTES_MAX }),
  };
}
