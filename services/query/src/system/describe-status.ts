import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { readStoreFacts } from '../queries/store-facts.ts';
import type { QueryDeps } from '../query-deps.ts';
import { timestamp } from '../render/timestamp.ts';
import { readStandings } from './standing.ts';

/** `data` of `GET /v1/system/status`. What cannot be found out is null: an operator looks here when something is down. */
export async function describeStatus(deps: QueryDeps, analytics: Pick<AnalyticsStore, 'query'>) {
  const { system, clock, version } = deps;
  const [store, totals, standings, checks] = await Promise.all([
    readStoreFacts(analytics).catch(() => undefined),
    system.totalsSize().catch(() => null),
    readStandings(deps),
    system.checks(),
  ]);
  const outbox = system.outbox();
  return {
    version: version ?? '0',
    schema: store?.schema ?? null,
    node: process.version,
    engine: store?.engine ?? null,
    mode: system.mode,
    started_at: timestamp(system.startedAtMs),
    uptime_ms: Math.max(0, clock.now() - system.startedAtMs),
    tables: store?.tables ?? null,
    totals: totals && { sessions: totals.sessions, bytes: totals.bytes },
    log_bytes: system.logBytes() ?? null,
    partitions: standings.map(({ partition, logged, applied, shown, behindMs }) => ({
      partition,
      logged,
      applied,
      shown,
      behind_ms: behindMs,
    })),
    outbox: outbox ? { events: outbox.events, bytes: outbox.bytes, oldest_ms: Math.round(outbox.oldestMs) } : null,
    checks: checks.map(({ name, ok, reason }) => ({ name, ok, reason: reason ?? null })),
  };
}
