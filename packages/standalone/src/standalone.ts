import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { MessageChannel } from 'node:worker_threads';
import { serveAnalytics } from '@throughline/analytics/message-port/serve-analytics';
import { openFileConsumer } from '@throughline/event-log/files/file-consumer';
import { acquireFolderLock } from '@throughline/event-log/files/folder-lock';
import { type SharedLog, SharedLogState } from '@throughline/event-log/files/shared-log';
import { compactTotals } from '@throughline/session-totals/lmdb/compact-totals';
import { openLmdbSessionTotals } from '@throughline/session-totals/lmdb/lmdb-session-totals';
import type { Logger } from '@throughline/telemetry/logger';
import type { Tracing } from '@throughline/telemetry/tracing';
import { loadBodyUrlSecret } from './body-url-secret.ts';
import { isSameBoot, markBoot } from './boot-mark.ts';
import { loadBootstrapKey } from './bootstrap-key.ts';
import type { Config } from './config.ts';
import { crashPointHook } from './crash-point-hook.ts';
import { openDataDir } from './data-dir.ts';
import type { HttpThread } from './http-thread-handle.ts';
import { loginLinkOf } from './login-link.ts';
import { progressCells } from './progress-cells.ts';
import { storedOffsetsEnd } from './stored-offsets.ts';
import { VERSION } from './version.ts';

export interface Standalone {
  readonly url: string;
  /** Signs in once, in a browser. */
  readonly loginLink: string;
  /** The bootstrap key, when it was made just now. */
  readonly generatedKey: string | undefined;
  /**
   * Drains: finishes calls under way, applies what they logged, closes the stores.
   *
   * @returns false when something may still hold the process, which must end by `process.exit`.
   */
  stop(): Promise<boolean>;
}

export interface StandaloneOptions {
  /** Started before anything else, and nobody's but this instance's from here on. */
  readonly http: HttpThread;
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
  // Closed in the reverse order, at the end or when the start fails half-way.
  const opened = new AsyncDisposableStack();
  try {
    const { url, loginLink, generatedKey, tracing } = await open(options, opened);
    const stop = async () => {
      await opened.disposeAsync();
      return await tracing.close();
    };
    return { url, loginLink, generatedKey, stop };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

interface Opened extends Omit<Standalone, 'stop'> {
  readonly tracing: Tracing;
}

async function open(options: StandaloneOptions, opened: AsyncDisposableStack): Promise<Opened> {
  const { config, logger, env, http } = options;
  const crashPoint = crashPointHook(env);
  const dirs = openDataDir(config.THROUGHLINE_DATA_DIR);
  const lock = acquireFolderLock(dirs.root);
  opened.defer(() => lock.release());
  const bootstrap = loadBootstrapKey(dirs.root, config.THROUGHLINE_API_KEY);
  const cells = progressCells();
  const instanceId = randomUUID();
  const analyticsChannel = new MessageChannel();
  const metricsChannel = new MessageChannel();
  opened.defer(() => {
    analyticsChannel.port1.close();
    metricsChannel.port1.close();
  });

  const bodyUrlSecret = loadBodyUrlSecret(dirs.root, config.BODY_URL_SECRET);
  http.configure(
    {
      config: { ...config, THROUGHLINE_API_KEY: '', BODY_URL_SECRET: '' },
      bootstrapKey: bootstrap.record,
      bodyUrlSecret,
      pretty: options.pretty,
      instanceId,
      progress: cells.buffer,
      analyticsPort: analyticsChannel.port2,
      metricsPort: metricsChannel.port2,
    },
    options.onFatal,
  );
  opened.defer(async () => {
    http.send({ type: 'end' });
    await http.ended;
  });
  await compactTotals(dirs.totals);
  // Opened while the other thread loads its code.
  const totals = openLmdbSessionTotals({ dir: dirs.totals });
  opened.defer(() => totals.close());
  const appliedEnd = ((await totals.loadPartition(0))?.fence.offset ?? -1) + 1;
  // A log that may have forgotten what it gave out, because the power was cut, has to wait for the engine's word.
  const mayHaveForgotten = existsSync(dirs.log) && !isSameBoot(dirs.root);
  if (!mayHaveForgotten) http.send({ type: 'open', minNextOffset: appliedEnd });
  // Loaded only now: the other thread waits for nothing any more.
  const { openEmbeddedAnalytics } = await import('@throughline/analytics/embedded/open-embedded-analytics');
  const opening = openEmbeddedAnalytics({ dir: dirs.clickhouse, report: (text) => logger.warn(text) });
  opened.defer(async () => (await opening.catch(() => undefined))?.close());
  if (mayHaveForgotten) {
    const storedEnd = await storedOffsetsEnd(await opening);
    http.send({ type: 'open', minNextOffset: Math.max(appliedEnd, storedEnd) });
  }
  const [shared, port, analytics] = await Promise.all([http.logOpen, http.listening, opening]);
  // The log has stored by now where it goes on.
  markBoot(dirs.root);
  const stopServing = serveAnalytics(analytics, analyticsChannel.port1);
  opened.defer(stopServing);

  // Ready to answer: what follows keeps up with the log, and nobody waits for its code.
  const {
    AGGREGATOR_DEFAULTS,
    auditDataDir,
    createAdministration,
    createMetrics,
    createSessionAggregator,
    createSignedLinks,
    createTargetPolicy,
    createTokenCounter,
    createWebhookDeliverer,
    deadLetterAnswers,
    keepPurging,
    purging,
    serveMetrics,
    startControlServer,
    startTracing,
    storeBootstrapRow,
  } = await import('./main-thread-services.ts');
  const metrics = createMetrics();
  serveMetrics(metrics.registry, metricsChannel.port1);
  const tracing = await startTracing({
    env,
    serviceName: 'throughline',
    serviceVersion: VERSION,
    instanceId,
    logger,
  });
  opened.defer(async () => void (await tracing.close()));
  const tokens = config.ESTIMATE_TOKENS ? createTokenCounter() : undefined;
  opened.defer(async () => tokens?.close());
  const webhooks = createWebhookDeliverer({
    analytics,
    policy: createTargetPolicy({ allowedTargets: config.ALLOWED_TARGETS, trustedOrigins: new Set() }),
    links: createSignedLinks({ secret: bodyUrlSecret, clock: Date }),
    logger,
    metrics,
    now: Date.now,
  });
  opened.defer(() => webhooks.close());
  const aggregator = createSessionAggregator(
    {
      totals,
      analytics,
      tokens,
      progress: cells,
      webhooks,
      config: AGGREGATOR_DEFAULTS,
      logger,
      metrics,
      tracer: tracing.tracer('throughline/session-aggregator'),
      now: Date.now,
      crashPoint,
    },
    openFileConsumer({ dir: dirs.log, shared, onError: (text) => logger.error(text) }),
    () => {},
  );
  opened.defer(keepPurging({ ...purging(config), analytics, logger, now: Date.now }));
  aggregator.run().catch(options.onFatal);
  opened.defer(() => aggregator.close());
  opened.defer(() => catchUp(cells, shared, logger));
  opened.defer(async () => {
    http.send({ type: 'drain' });
    await http.drained;
  });

  const host = config.HOST.includes(':') && !config.HOST.startsWith('[') ? `[${config.HOST}]` : config.HOST;
  const url = `http://${config.HOST === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
  const control = await startControlServer(dirs.controlSocket, {
    audit: () => auditDataDir({ totals, analytics }, shared),
    allowTarget: async (origin) => http.send({ type: 'allow-target', origin }),
    info: () => ({ url }),
    login: async () => ({ link: loginLinkOf(url, await http.loginToken()) }),
    deadLetters: deadLetterAnswers(analytics, (event) => http.append(event)),
    administration: createAdministration({ analytics, keys: { refresh: () => http.refreshKeys() }, clock: Date }),
  });
  opened.defer(() => control.close());
  bootstrap.keep();
  // For lists of keys: which one it is, is in the file.
  const listed = storeBootstrapRow(analytics, { hash: bootstrap.record.hash, hint: bootstrap.hint }, Date.now());
  listed.catch((error: Error) => logger.warn({ err: error }, 'the bootstrap key cannot be listed now'));
  opened.defer(() => listed.catch(() => {}));
  if (bootstrap.replaces) logger.warn('THROUGHLINE_API_KEY has replaced the key of this data directory');
  const loginLink = loginLinkOf(url, await http.loginToken());
  return { url, loginLink, generatedKey: bootstrap.generated, tracing };
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
