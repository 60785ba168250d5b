import { setTimeout as sleep } from 'node:timers/promises';
import { type HttpThread, startHttpThread } from '../http-thread-handle.ts';

const FATAL_STOP_MS = 5_000;

/** `throughline start`: runs until SIGTERM or SIGINT, drains, and ends with 0. A second signal ends it at once. */
export async function runStart(env: Env): Promise<number> {
  // It loads its code while this thread loads its own.
  const http = startHttpThread();
  try {
    return await start(env, http);
  } catch (error) {
    await http.abandon();
    throw error;
  }
}

type Env = Readonly<Record<string, string | undefined>>;

async function start(env: Env, http: HttpThread): Promise<number> {
  const [{ readConfig }, { createLogger }, { startStandalone }, { firstSteps, loginLine }] = await Promise.all([
    import('../config.ts'),
    import('@throughline/telemetry/logger'),
    import('../standalone.ts'),
    import('../first-steps.ts'),
  ]);
  const config = readConfig(env);
  const pretty = process.stdout.isTTY === true;
  const logger = createLogger('throughline', { level: config.LOG_LEVEL, pretty });
  const stopping = Promise.withResolvers<number>();
  const standalone = await startStandalone({
    http,
    config,
    logger,
    pretty,
    env,
    onFatal: (error) => {
      logger.fatal({ err: error }, 'the process cannot go on');
      stopping.resolve(1);
    },
  });
  if (standalone.generatedKey !== undefined) process.stderr.write(firstSteps(standalone.url, standalone.generatedKey));
  process.stderr.write(loginLine(standalone.loginLink));
  logger.info({ url: standalone.url, dataDir: config.THROUGHLINE_DATA_DIR }, `listening on ${standalone.url}`);

  const onSignal = (signal: NodeJS.Signals) => {
    logger.info({ signal }, 'draining');
    stopping.resolve(0);
    process.once('SIGTERM', () => process.exit(1));
    process.once('SIGINT', () => process.exit(1));
  };
  process.once('SIGTERM', onSignal);
  process.once('SIGINT', onSignal);
  const code = await stopping.promise;
  const stopped = standalone.stop();
  // After a fatal error parts of the process may not answer any more: what is in the log is safe, the next start goes on.
  const isFree = await (code === 0 ? stopped : Promise.race([stopped, sleep(FATAL_STOP_MS, false)]));
  logger.info('stopped');
  if (code !== 0 || !isFree) process.exit(code);
  return code;
}
