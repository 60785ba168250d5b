/**
 * The session-aggregator as the product runs it, from a log that is already there: rows into in-process ClickHouse,
 * totals into LMDB, snapshots. Ends with what the stores then say. With `--export`, the rows are written to files as
 * `JSONEachRow` lines, for the raw insert to compare with.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { insertColumns } from '@throughline/analytics/tables';
import { openFileAppender } from '@throughline/event-log/files/file-appender';
import { openFileConsumer } from '@throughline/event-log/files/file-consumer';
import { SharedLogState } from '@throughline/event-log/files/shared-log';
import { AGGREGATOR_DEFAULTS } from '@throughline/session-aggregator/aggregator-deps';
import { createSessionAggregator } from '@throughline/session-aggregator/session-aggregator';
import { openLmdbSessionTotals } from '@throughline/session-totals/lmdb/lmdb-session-totals';
import { createLogger } from '@throughline/telemetry/logger';
import { createMetrics } from '@throughline/telemetry/metrics';
import { cpuBetween, readCpu } from '../measure/process-cpu.ts';
import { readMemory } from '../measure/process-memory.ts';
import { argument, onParentGone, optionalArgument, tellParent } from '../processes/parent.ts';
import type { AggregatorRun } from './aggregator-run.ts';
import { countRows } from './count-rows.ts';

const dir = argument('dir');
const logger = createLogger('bench', { level: 'warn', pretty: false });
const appender = openFileAppender({ dir: argument('log') });
const log = new SharedLogState(appender.shared.memory);
const totals = openLmdbSessionTotals({ dir: join(dir, 'totals') });
const analytics = await openEmbeddedAnalytics({ dir: join(dir, 'clickhouse') });
const applied = Promise.withResolvers<void>();
const aggregator = createSessionAggregator(
  {
    totals,
    analytics,
    progress: {
      totals: () => {},
      snapshots: (_partition, { offset }) => {
        if (offset + 1 >= log.end) applied.resolve();
      },
    },
    config: AGGREGATOR_DEFAULTS,
    logger,
    metrics: createMetrics(),
    now: Date.now,
  },
  openFileConsumer({ dir: argument('log'), shared: appender.shared }),
  (_partition, error) => applied.reject(error),
);

const before = readCpu(process.pid);
const start = performance.now();
const running = aggregator.run();
await applied.promise;
const seconds = (performance.now() - start) / 1_000;
const cpuUs = cpuBetween(before, readCpu(process.pid)).processUs;

const calls = await countRows(analytics);
const [sessions] = await analytics.query<{ sessions: string; requests: string; cost: string }>({
  sql: 'SELECT count() AS sessions, sum(total_requests) AS requests, sum(total_cost) AS cost FROM sessions FINAL',
});
const tenant = [...(await totals.loadPartition(0))!.tenants.values()][0]!;
const exportTo = optionalArgument('export');
if (exportTo) await exportRows(exportTo, calls.rows);

tellParent({
  seconds,
  cpuUs,
  peakRssMib: readMemory(process.pid).peak,
  stored: {
    ...calls,
    sessions: Number(sessions!.sessions),
    sessionRequests: Number(sessions!.requests),
    sessionCost: sessions!.cost,
    totalledRequests: tenant.requests,
    totalledCostPico: String(tenant.costPico),
  },
} satisfies AggregatorRun);

onParentGone(async () => {
  await aggregator.close();
  await running;
  await appender.close();
  await totals.close();
  await analytics.close();
});

/** Files of as many rows as the aggregator inserts at a time, per table. */
async function exportRows(folder: string, count: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const batch = AGGREGATOR_DEFAULTS.batchEventsMax;
  for (const table of ['requests', 'request_bodies'] as const) {
    for (let from = 0; from < count; from += batch) {
      const bytes = await analytics.queryBytes({
        sql: `SELECT ${insertColumns(table)} FROM ${table} FINAL
          WHERE source_offset >= {from:UInt64} AND source_offset < {to:UInt64} ORDER BY source_offset`,
        params: { from, to: from + batch },
      });
      writeFileSync(join(folder, `${table}.${String(from).padStart(8, '0')}.jsonl`), bytes);
    }
  }
}
