/**
 * The thread that answers HTTP: gateway, query API and service routes on one port, and the event log's writer. What it
 * needs of ClickHouse it asks the main thread for; totals it reads itself. Started by `standalone.ts`.
 */
import type http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { connectAnalytics } from '@throughline/analytics/message-port/connect-analytics';
import { openLmdbCallState } from '@throughline/call-state/open-lmdb-call-state';
import type { NewEvent } from '@throughline/contracts/request-event';
import { openFileAppender } from '@throughline/event-log/files/file-appender';
import type { FileEventAppender } from '@throughline/event-log/files/file-appender-options';
import { SharedLogState } from '@throughline/event-log/files/shared-log';
import { createGatewayRouter, type Gateway } from '@throughline/gateway/gateway-router';
import { createProviderDirectory } from '@throughline/gateway/provider-directory';
import { createApp } from '@throughline/http/app';
import { cors } from '@throughline/http/cors';
import { apiErrorHandler, unknownRoute } from '@throughline/http/error-handler';
import { loopbackHostCheck } from '@throughline/http/loopback-host';
import { applyServerLimits, SERVER_OPTIONS } from '@throughline/http/server-limits';
import { serviceRoutes } from '@throughline/http/service-routes';
import { serveUpgrades, withUpgrades } from '@throughline/http/upgrades';
import { keyGuard } from '@throughline/query/auth/key-guard';
import { createLoginTokens } from '@throughline/query/login/login-tokens';
import { httpGatewayCaller } from '@throughline/query/replay/http-gateway-caller';
import { keepRetention } from '@throughline/query/retention/keep-retention';
import { openLmdbSessionTotals } from '@throughline/session-totals/lmdb/lmdb-session-totals';
import { createLogger } from '@throughline/telemetry/logger';
import { createMetrics } from '@throughline/telemetry/metrics';
import { startTracing } from '@throughline/telemetry/tracing';
import { waitForCells } from './applied-wait.ts';
import { crashPointHook } from './crash-point-hook.ts';
import { dataDirAt } from './data-dir.ts';
import { retention } from './deletion-settings.ts';
import { standaloneFreshness } from './freshness.ts';
import { listenSentence } from './listen-sentence.ts';
import { isLoopback } from './loopback.ts';
import { mainThreadMetrics } from './main-thread-metrics.ts';
import { ownOrigin } from './own-origin.ts';
import { progressCells } from './progress-cells.ts';
import { callLimits } from './services/call-limits.ts';
import { startKeyCache } from './services/key-cache.ts';
import { openKeyUses } from './services/key-uses.ts';
import { sessionRecords } from './services/session-records.ts';
import { startMasking } from './services/start-masking.ts';
import type { AppendAnswer, FromHttpThread, HttpThreadData, ToHttpThread } from './thread-messages.ts';
import { VERSION } from './version.ts';

const main = parentPort!;
const send = (message: FromHttpThread) => main.postMessage(message);

const configured = Promise.withResolvers<HttpThreadData>();
main.on('message', (message: ToHttpThread) => {
  if (message.type === 'configure') return configured.resolve(message.data);
  configured.promise
    .then(() => handle(message))
    .catch((error: Error) => {
      send({ type: 'failed', name: error.name, message: listenSentence(error, config.HOST, config.PORT) });
    });
});
// The code above was loaded while the main thread read its configuration.
const { config, bootstrapKey, bodyUrlSecret, pretty, instanceId, analyticsPort, progress, metricsPort } =
  await configured.promise;

const dirs = dataDirAt(config.THROUGHLINE_DATA_DIR);
const logger = createLogger('throughline', { level: config.LOG_LEVEL, pretty });
const metrics = createMetrics();
// Not awaited here: messages are handled from now on.
const starting = startTracing({
  env: process.env,
  serviceName: 'throughline',
  serviceVersion: VERSION,
  instanceId,
  logger,
});
// Whoever awaits it learns of a failure.
starting.catch(() => {});
const analytics = connectAnalytics(analyticsPort);
const keyUses = openKeyUses({ analytics, logger });
// Those of the last time are known at once, before ClickHouse is there. This process alone changes them.
const { cache: keys } = startKeyCache({
  analytics,
  logger,
  file: join(dirs.root, 'keys.json'),
  bootstrap: bootstrapKey,
  isOnlyReader: true,
  onUse: (key) => keyUses.note(key),
});
const cells = progressCells(progress);
const logins = createLoginTokens(Date.now);
/** Aborted when the process is about to stop. */
const stopping = new AbortController();
// Opened with the first call that needs it.
const callState = openLmdbCallState({ dir: dirs.calls, cacheBytesMax: config.RESPONSE_CACHE_BYTES_MAX });
const crashPoint = crashPointHook(process.env);
const loopback = isLoopback(config.HOST);

/** Origins that the operator named, and what `throughline demo` asked for. */
const trustedOrigins = new Set(Object.values(config.providerOrigins));

/** After listening, the query API's code is loaded so much later, or when it is first asked. */
const QUERY_LOAD_MS = 1_000;

interface Running {
  readonly appender: FileEventAppender;
  readonly gateway: Gateway;
  readonly server: http.Server;
  readonly totals: ReturnType<typeof openLmdbSessionTotals>;
  readonly stopRetention: () => void;
}
let running: Running | undefined;
let opening: Promise<Running> | undefined;
let stopped: Promise<void> | undefined;

async function handle(message: Exclude<ToHttpThread, { type: 'configure' }>): Promise<void> {
  switch (message.type) {
    case 'open':
      opening = open(message.minNextOffset);
      running = await opening;
      return;
    case 'allow-target':
      trustedOrigins.add(message.origin);
      return;
    case 'append':
      message.answerTo.postMessage(await appendFor(message.event));
      message.answerTo.close();
      return;
    case 'refresh-keys':
      await keys.refresh().catch(() => {});
      message.answerTo.postMessage(null);
      message.answerTo.close();
      return;
    case 'login-token':
      message.answerTo.postMessage(logins.create());
      message.answerTo.close();
      return;
    case 'drain':
      try {
        await stopServing();
      } finally {
        send({ type: 'drained' });
      }
      return;
    case 'end':
      // Where the start has failed half-way, nobody has asked for it before, and what listens would keep the process.
      await stopServing();
      await running?.totals.close();
      await callState.close();
      await analytics.close();
      await keys.close();
      metricsPort.close();
      main.close();
      // A connection to a collector that does not answer would keep this thread.
      if (!(await (await starting).close())) process.exit();
      return;
  }
}

/** Takes no calls any more. Once, whoever asks for it. */
function stopServing(): Promise<void> {
  stopped ??= (async () => {
    const opened = await opening?.catch(() => undefined);
    if (opened) await drain(opened);
    await keyUses.close();
  })();
  return stopped;
}

async function appendFor(event: NewEvent): Promise<AppendAnswer> {
  if (!running) return { error: 'the log is not open yet' };
  try {
    const { partition, offset } = await running.appender.append(event);
    return { partition, offset };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

async function open(minNextOffset: number): Promise<Running> {
  const appender = openLog(minNextOffset);
  try {
    return await listen(appender);
  } catch (error) {
    await appender.close();
    throw error;
  }
}

function openLog(minNextOffset: number): FileEventAppender {
  const appender = openFileAppender({
    dir: dirs.log,
    durability: config.DURABILITY,
    logBytesMax: config.OUTBOX_BYTES_MAX,
    retention: { keepMs: config.LOG_RETENTION_HOURS * 3_600_000 },
    minNextOffset,
    onWarn: (text) => logger.warn(text),
    onError: (text) => logger.error(text),
    crashPoint,
  });
  send({ type: 'log-open', shared: appender.shared });
  registerLogMetrics(appender);
  return appender;
}

async function listen(appender: FileEventAppender): Promise<Running> {
  const log = new SharedLogState(appender.shared.memory);
  const totals = openLmdbSessionTotals({ dir: dirs.totals, readOnly: true });
  const providers = { ...createProviderDirectory(config.providerOrigins), trustedOrigins };
  const masking = await startMasking(config, metrics, logger);
  const gateway = createGatewayRouter({
    appender,
    keys,
    masking,
    records: sessionRecords(analytics),
    callState,
    providers,
    metrics,
    tracer: (await starting).tracer('throughline/gateway'),
    logger,
    clock: Date,
    crashPoint,
    config: {
      loopback,
      requireKey: config.REQUIRE_KEY,
      browserOrigins: config.CORS_ORIGINS,
      allowedTargets: config.ALLOWED_TARGETS,
      sessionRules: config.SESSION_RULES,
      ...callLimits(config),
      estimatesTokens: config.ESTIMATE_TOKENS,
      captureBytesMax: config.CAPTURE_BYTES_MAX,
      captureTotalBytesMax: config.CAPTURE_TOTAL_BYTES_MAX,
      headersTimeoutMs: config.UPSTREAM_TIMEOUT_MS,
      bodyIdleTimeoutMs: config.UPSTREAM_TIMEOUT_MS,
    },
  });
  const checks = [
    {
      name: 'event log',
      check: async () => (appender.writable ? undefined : `the event log is ${appender.refusing ?? 'closed'}`),
    },
    { name: 'session totals', check: async () => void (await totals.loadPartition(0)) },
    { name: 'analytics', check: async () => void (await analytics.query({ sql: 'SELECT 1 AS one' })) },
  ];
  const { app, createServer } = createApp();
  if (loopback) app.use(loopbackHostCheck());
  if (config.CORS_ORIGINS.length > 0) app.use(cors(config.CORS_ORIGINS));
  app.use(gateway.router);
  app.use(
    serviceRoutes({
      version: VERSION,
      ...(config.CLOSE_PUBLIC_ROUTES && { guard: keyGuard(() => keys) }),
      registry: mainThreadMetrics(metrics.registry, metricsPort),
      checks,
      hasMetricsPage: config.DASHBOARD,
    }),
  );
  const queryRouter = once(async () => {
    const [{ createQueryRouter }, { embeddedSystem }, { openDashboard }] = await Promise.all([
      import('@throughline/query/query-router'),
      import('./embedded-system.ts'),
      import('./open-dashboard.ts'),
    ]);
    const freshness = standaloneFreshness(cells, () => log.end, Date.now);
    return createQueryRouter({
      analytics,
      totals,
      keys,
      logger,
      metrics,
      clock: Date,
      annotations: { appender, applied: waitForCells(cells) },
      live: {
        partitions: 1,
        totals,
        progress: () => {
          const { totalsOffset, snapshotsOffset } = cells.read();
          return { totals: totalsOffset, snapshots: snapshotsOffset };
        },
        stopping: stopping.signal,
      },
      logins,
      // This very instance, over HTTP like any other caller.
      replayGateway: httpGatewayCaller(() => ownOrigin(config.HOST, (server.address() as AddressInfo).port)),
      system: embeddedSystem({ analytics, totals, appender, freshness, checks }),
      freshness,
      version: VERSION,
      dashboard: config.DASHBOARD ? openDashboard(logger) : undefined,
      masking: config.MASKING_RULES,
      spoolFolder: dirs.root,
      config: {
        allowWriteKeysToRead: config.ALLOW_WRITE_KEYS_TO_READ,
        closePublicRoutes: config.CLOSE_PUBLIC_ROUTES,
        allowedTargets: config.ALLOWED_TARGETS,
        providerOrigins: config.providerOrigins,
        bodyUrlSecret,
      },
    });
  });
  app.use(async (req, res, next) => (await queryRouter())(req, res, next));
  app.use(unknownRoute);
  app.use(apiErrorHandler({ logger }));

  const stopRetention = keepRetention({ ...retention(config), analytics, appender, clock: Date, logger });

  const server = createServer(withUpgrades(SERVER_OPTIONS, gateway.upgrades, { isLoopback: loopback }));
  serveUpgrades(server, gateway.upgrades);
  applyServerLimits(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.PORT, config.HOST, resolve);
  });
  send({ type: 'listening', port: (server.address() as AddressInfo).port });
  // A quarter of this thread's code, which neither proxied calls nor the other thread should wait for.
  setTimeout(() => void queryRouter(), QUERY_LOAD_MS).unref();
  return { appender, gateway, server, totals, stopRetention };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Calls under way end in their own time, bounded; the log is closed last, with nothing left to say. */
async function drain({ appender, gateway, server, stopRetention }: Running): Promise<void> {
  stopRetention();
  stopping.abort();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await gateway.drain();
  server.closeAllConnections();
  await closed;
  await appender.close();
}

function registerLogMetrics(appender: FileEventAppender): void {
  metrics.gauge('log_bytes', 'Bytes of the event log on disk', [], (gauge) => gauge.set(appender.stats.bytes));
  metrics.gauge('log_appended_events', 'Events appended since the start', [], (gauge) =>
    gauge.set(appender.stats.appended),
  );
  metrics.gauge('log_refused_events', 'Events that the log had no room for since the start', [], (gauge) =>
    gauge.set(appender.stats.refused),
  );
}
