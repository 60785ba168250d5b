import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger, type Logger } from '@throughline/telemetry/logger';
import { createMetrics, type Metrics } from '@throughline/telemetry/metrics';
import type { Tracer } from '@throughline/telemetry/tracer';
import { NO_TRACING, startTracing } from '@throughline/telemetry/tracing';
import { type Config, readConfig } from '../config.ts';
import { VERSION } from '../version.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What a service is made of: things that were opened, closed in the reverse order when it stops. */
export interface ServiceContext {
  readonly config: Config;
  readonly env: Env;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly opened: AsyncDisposableStack;
  /** Called once, first: spans are taken until everything opened later is closed. @param scope who makes them. */
  startTracing(scope: string): Promise<Tracer>;
  /** Aborted when the service is asked to stop: whatever still waits for a server gives up. */
  readonly stopping: AbortSignal;
  /** The process cannot go on: it stops with exit code 1. */
  fail(error: Error): void;
}

/** How long a service that failed waits for its parts to close, ms. */
const FATAL_STOP_MS = 5_000;

/** Scheduled by orchestrators as "grace period": 30 s commonly. What has not ended by then is repeated by others. */
const DRAIN_MS_MAX = 28_000;

/**
 * Runs one service until SIGTERM or SIGINT, then drains it; a second signal ends it at once.
 *
 * @param defaults settings whose default is another one for this service, e.g. its port.
 * @param open opens the service's parts: first whatever answers `/healthz`, then what may have to wait for servers.
 * @returns the exit code: 0 after a drain, 1 after a failure.
 */
export async function runService(
  name: string,
  env: Env,
  defaults: Readonly<Record<string, string>>,
  open: (context: ServiceContext) => Promise<void>,
): Promise<number> {
  const config = readConfig({ ...defaults, ...withoutEmpty(env) });
  const logger = createLogger(`throughline-${name}`, {
    level: config.LOG_LEVEL,
    pretty: process.stdout.isTTY === true,
  });
  const ended = Promise.withResolvers<number>();
  const stopping = new AbortController();
  const opened = new AsyncDisposableStack();
  let isGivenUp = false;
  const fail = (error: Error) => {
    logger.fatal({ err: error }, 'the process cannot go on');
    ended.resolve(1);
  };
  let tracing = NO_TRACING;
  const startServiceTracing = async (scope: string) => {
    tracing = await startTracing({
      env,
      serviceName: `throughline-${name}`,
      serviceVersion: VERSION,
      instanceId: randomUUID(),
      logger,
    });
    opened.defer(async () => void (await tracing.close()));
    return tracing.tracer(scope);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    logger.info({ signal }, 'draining');
    ended.resolve(0);
    stopping.abort(new StoppedError());
    process.once('SIGTERM', () => process.exit(1));
    process.once('SIGINT', () => process.exit(1));
  };
  process.once('SIGTERM', onSignal);
  process.once('SIGINT', onSignal);
  try {
    await open({
      config,
      env,
      logger,
      metrics: createMetrics(),
      opened,
      startTracing: startServiceTracing,
      stopping: stopping.signal,
      fail,
    });
  } catch (error) {
    if (!(error instanceof StoppedError)) {
      await opened.disposeAsync();
      throw error;
    }
    isGivenUp = true;
  }
  const code = await ended.promise;
  const closed = opened.disposeAsync().then(() => true);
  const inTime = await Promise.race([closed, sleep(code === 0 ? DRAIN_MS_MAX : FATAL_STOP_MS, false, { ref: false })]);
  if (!inTime) {
    logger.error('not everything could be closed in time: what is left is repeated after the next start');
    process.exit(1);
  }
  logger.info('stopped');
  // What a collector did not take is given up, as is what a server was being asked: no connection may keep the process.
  if (!(await tracing.close()) || isGivenUp || code !== 0) process.exit(code);
  return code;
}

/** The start was given up because the service was asked to stop. */
class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** A variable that is set to nothing is unset, as everywhere. */
function withoutEmpty(env: Env): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => !!entry[1]));
}
