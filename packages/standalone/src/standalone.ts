import { MessageChannel, Worker } from 'node:worker_threads';
import {
  type EmbeddedAnalyticsStore,
  openEmbeddedAnalytics,
} from '@throughline/analytics/embedded/open-embedded-analytics';
import { serveAnalytics } from '@throughline/analytics/message-port/serve-analytics';
import { openFileConsumer } from '@throughline/event-log/files/file-consumer';
import { acquireFolderLock } from '@throughline/event-log/files/folder-lock';
import { type SharedLog, SharedLogState } from '@throughline/event-log/files/shared-log';
import { AGGREGATOR_DEFAULTS } from '@throughline/session-aggregator/aggregator-deps';
import type { AuditReport } from '@throughline/session-aggregator/audit/audit-report';
import { createSessionAggregator, type SessionAggregator } from '@throughline/session-aggregator/session-aggregator';
import { openLmdbSessionTotals } from '@throughline/session-totals/lmdb/lmdb-session-totals';
import type { SessionTotals } from '@throughline/session-totals/session-totals';
import type { Logger } from '@throughline/telemetry/logger';
import { createMetrics } from '@throughline/telemetry/metrics';
import { auditDataDir } from './audit-data-dir.ts';
import { loadBootstrapKey } from './bootstrap-key.ts';
import type { Config } from './config.ts';
import { startControlServer } from './control-server.ts';
import { crashPointHook } from './crash-point-hook.ts';
import { openDataDir } from './data-dir.ts';
import { serveMetrics } from './main-thread-metrics.ts';
import { progressCells } from './progress-cells.ts';
import { StartError } from './start-error.ts';
import type { FromHttpThread, HttpThreadData, ToHttpThread } from './thread-messages.ts';

export interface Standalone {
  readonly url: string;
  /** The bootstrap key, when it was made just now. */
  readonly generatedKey: string | undefined;
  /** Drains: finishes calls under way, applies what they logged, closes the stores. */
  stop(): Promise<void>;
}

export interface StandaloneOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly pretty: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Something that the process cannot go on without has failed. */
  readonly onFatal: (error: Error) => void;
}

/** How long a stopping process waits for the aggregator to catch up with the log; the next start goes on there. */
const CATCH_UP_MS = 20_000;

/**
 * Everything in this process. Two threads: this one owns ClickHouse, the totals and the aggregator, another one answers
 * HTTP and writes the log, so that no query and no batch holds up a proxied call. (ClickHouse must be here: its library
 * does not survive the end of a worker thread.)
 *
 * @throws StartError, ConfigError, EventLogError (`locked`: another process has the data directory).
 */
export async function startStandalone(options: StandaloneOptions): Promise<Standalone> {
  const { config, logger, env } = options;
  const dirs = openDataDir(config.THROUGHLINE_DATA_DIR);
  const lock = acquireFolderLock(dirs.root);
  const bootstrap = loadBootstrapKey(dirs.root, config.THROUGHLINE_API_KEY);
  const cells = progressCells();
  const metrics = createMetrics();
  const analyticsChannel = new MessageChannel();
  const metricsChannel = new MessageChannel();
  serveMetrics(metrics.registry, metricsChannel.port1);

  const http = startHttpThread(
    {
      config: { ...config, THROUGHLINE_API_KEY: '' },
      bootstrapKey: bootstrap.record,
      pretty: options.pretty,
      progress: cells.buffer,
      analyticsPort: analyticsChannel.port2,
      metricsPort: metricsChannel.port2,
    },
    options.onFatal,
  );
  // Opened while the other thread loads its code.
  const totals = openLmdbSessionTotals({ dir: dirs.totals });
  const fence = (await totals.loadPartition(0))?.fence;
  http.send({ type: 'open', minNextOffset: (fence?.offset ?? -1) + 1 });
  const [shared, port, analytics] = await Promise.all([
    http.logOpen,
    http.listening,
    openEmbeddedAnalytics({ dir: dirs.clickhouse }),
  ]);
  const stopServing = serveAnalytics(analytics, analyticsChannel.port1);
  const consumer = openFileConsumer({ dir: dirs.log, shared });
  const aggregator = createSessionAggregator(
    {
      totals,
      analytics,
      progress: cells,
      config: AGGREGATOR_DEFAULTS,
      logger,
      metrics,
      now: Date.now,
      crashPoint: crashPointHook(env),
    },
    consumer,
    () => {},
  );
  aggregator.run().catch(options.onFatal);

  const host = config.HOST.includes(':') && !config.HOST.startsWith('[') ? `[${config.HOST}]` : config.HOST;
  const url = `http://${config.HOST === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
  const audit = () => auditDataDir({ totals, analytics }, shared);
  const control = await startControlServer(dirs.controlSocket, {
    audit: () => audit() satisfies Promise<AuditReport>,
    allowTarget: async (origin) => http.send({ type: 'allow-target', origin }),
    info: () => ({ url }),
  });

  return {
    url,
    generatedKey: bootstrap.generated,
    async stop() {
      await control.close();
      http.send({ type: 'drain' });
      await http.drained;
      await catchUp(cells, shared, logger);
      await closeStores({ aggregator, totals, analytics, stopServing });
      http.send({ type: 'end' });
      await http.ended;
      metricsChannel.port1.close();
      lock.release();
    },
  };
}

interface HttpThread {
  send(message: ToHttpThread): void;
  readonly logOpen: Promise<SharedLog>;
  readonly listening: Promise<number>;
  readonly drained: Promise<void>;
  readonly ended: Promise<void>;
}

function startHttpThread(workerData: HttpThreadData, onFatal: (error: Error) => void): HttpThread {
  const worker = new Worker(new URL('./http-thread.ts', import.meta.url), {
    workerData,
    transferList: [workerData.analyticsPort, workerData.metricsPort],
    name: 'http',
  });
  const logOpen = Promise.withResolvers<SharedLog>();
  const listening = Promise.withResolvers<number>();
  const drained = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  let isOpen = false;
  const fail = (error: Error) => {
    if (isOpen) onFatal(error);
    logOpen.reject(error);
    listening.reject(error);
  };
  // Whoever awaits one of them sees its rejection; the other one must not count as unhandled.
  logOpen.promise.catch(() => {});
  listening.promise.catch(() => {});
  worker.on('message', (message: FromHttpThread) => {
    switch (message.type) {
      case 'log-open':
        return logOpen.resolve(message.shared);
      case 'listening':
        isOpen = true;
        return listening.resolve(message.port);
      case 'drained':
        return drained.resolve();
      case 'failed':
        return fail(new StartError(message.message));
    }
  });
  worker.on('error', fail);
  worker.on('exit', () => ended.resolve());
  return {
    send: (message) => worker.postMessage(message),
    logOpen: logOpen.promise,
    listening: listening.promise,
    drained: drained.promise,
    ended: ended.promise,
  };
}

/** The log is closed: wait until everything in it is applied and published. */
async function catchUp(cells: ReturnType<typeof progressCells>, shared: SharedLog, logger: Logger): Promise<void> {
  const log = new SharedLogState(shared.memory);
  const until = performance.now() + CATCH_UP_MS;
  while (cells.read().snapshotsOffset + 1 < log.end) {
    if (performance.now() > until) {
      logger.warn({ behind: log.end - cells.read().snapshotsOffset - 1 }, 'stopping; the next start applies the rest');
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function closeStores(stores: {
  aggregator: SessionAggregator;
  totals: SessionTotals;
  analytics: EmbeddedAnalyticsStore;
  stopServing: () => void;
}): Promise<void> {
  await stores.aggregator.close();
  await stores.totals.close();
  stores.stopServing();
  await stores.analytics.close();
}
