import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { FileEventAppender } from '@throughline/event-log/files/file-appender-options';
import { SharedLogState } from '@throughline/event-log/files/shared-log';
import { type ReadinessCheck, runChecks } from '@throughline/http/service-routes';
import type { SystemPorts } from '@throughline/query/system/system-ports';
import type { SessionTotals } from '@throughline/session-totals/session-totals';
import type { Freshness } from './freshness.ts';
import { systemDeadLetters } from './system-dead-letters.ts';

export interface EmbeddedSystemDeps {
  readonly analytics: AnalyticsStore;
  readonly totals: SessionTotals;
  readonly appender: FileEventAppender;
  readonly freshness: Freshness;
  readonly checks: readonly ReadinessCheck[];
}

/** The installation as it is in one process. */
export function embeddedSystem(deps: EmbeddedSystemDeps): SystemPorts {
  const { analytics, totals, appender, freshness, checks } = deps;
  const log = new SharedLogState(appender.shared.memory);
  return {
    mode: 'embedded',
    startedAtMs: Math.round(performance.timeOrigin),
    checks: () => runChecks(checks),
    logEnds: async () => new Map([[0, log.end]]),
    totalsAsOf: () => freshness.totalsAsOf(),
    logBytes: () => appender.stats.bytes,
    outbox: () => undefined,
    totalsSize: () => totals.size(),
    audit: async () => {
      const { auditDataDir } = await import('./audit-data-dir.ts');
      return await auditDataDir({ totals, analytics }, appender.shared);
    },
    ...systemDeadLetters(analytics, {
      append: (event) => appender.append(event),
      bytesMax: Number.POSITIVE_INFINITY,
    }),
  };
}
