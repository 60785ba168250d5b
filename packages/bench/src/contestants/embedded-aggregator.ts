import { join } from 'node:path';
import type { AnalyticsByteStore } from '@throughline/analytics/analytics-store';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { openFileAppender } from '@throughline/event-log/files/file-appender';
import type { FileEventAppender } from '@throughline/event-log/files/file-appender-options';
import { openFileConsumer } from '@throughline/event-log/files/file-consumer';
import { SharedLogState } from '@throughline/event-log/files/shared-log';
import { AGGREGATOR_DEFAULTS } from '@throughline/session-aggregator/aggregator-deps';
import { createSessionAggregator } from '@throughline/session-aggregator/session-aggregator';
import { openLmdbSessionTotals } from '@throughline/session-totals/lmdb/lmdb-session-totals';
import type { SessionTotals } from '@throughline/session-totals/session-totals';
import { createLogger } from '@throughline/telemetry/logger';
import { createMetrics } from '@throughline/telemetry/metrics';
import { cpuBetween, readCpu } from '../measure/process-cpu.ts';

export interface EmbeddedAggregatorOptions {
  /** Of the stores. */
  readonly dir: string;
  readonly log: string;
  /** Epoch ms; left out: the system's clock. */
  readonly now?: () => number;
}

/** What it took to apply what the log held. */
export interface WorkedOff {
  /** From taking the partition over to the last snapshot. */
  readonly seconds: number;
  /** CPU time of the process in that time, engine threads included. */
  readonly cpuUs: number;
  /** Of both, until the first event was read: stores looked at, what a crash would have left behind looked for. */
  readonly takeOver: { readonly seconds: number; readonly cpuUs: number };
}

/** The session-aggregator as the product runs it in one process, over stores and a log that are open in this process. */
export interface EmbeddedAggregator {
  readonly appender: FileEventAppender;
  readonly log: SharedLogState;
  readonly totals: SessionTotals;
  readonly analytics: AnalyticsByteStore;
  /** Owns the partition until everything that the log holds is in rows, totals and snapshots. */
  workOff(): Promise<WorkedOff>;
  close(): Promise<void>;
}

export async function openEmbeddedAggregator(options: EmbeddedAggregatorOptions): Promise<EmbeddedAggregator> {
  const { dir, now = Date.now } = options;
  const appender = openFileAppender({ dir: options.log, clock: now });
  const log = new SharedLogState(appender.shared.memory);
  const totals = openLmdbSessionTotals({ dir: join(dir, 'totals') });
  const analytics = await openEmbeddedAnalytics({ dir: join(dir, 'clickhouse') });
  const logger = createLogger('bench', { level: 'warn', pretty: false });

  async function workOff(): Promise<WorkedOff> {
    const applied = Promise.withResolvers<void>();
    const before = readCpu(process.pid);
    const start = performance.now();
    const used = () => ({
      seconds: (performance.now() - start) / 1_000,
      cpuUs: cpuBetween(before, readCpu(process.pid)).processUs,
    });
    let takeOver: WorkedOff['takeOver'] | undefined;
    const aggregator = createSessionAggregator(
      {
        totals,
        analytics,
        progress: {
          totals: () => {
            takeOver ??= used();
          },
          snapshots: (_partition, { offset }) => {
            if (offset + 1 >= log.end) applied.resolve();
          },
        },
        config: AGGREGATOR_DEFAULTS,
        logger,
        metrics: createMetrics(),
        now,
      },
      openFileConsumer({ dir: options.log, shared: appender.shared }),
      (_partition, error) => applied.reject(error),
    );
    const running = aggregator.run();
    await applied.promise;
    const all = used();
    await aggregator.close();
    await running;
    return { ...all, takeOver: takeOver! };
  }

  return {
    appender,
    log,
    totals,
    analytics,
    workOff,
    async close() {
      await appender.close();
      await totals.close();
      await analytics.close();
    },
  };
}
