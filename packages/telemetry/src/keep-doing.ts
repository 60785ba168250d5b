import type { Logger } from './logger.ts';

export interface KeptTask {
  run(): Promise<void>;
  /** From the end of one run to the start of the next, ms; up to a quarter longer, so that processes do not act at once. */
  readonly intervalMs: number;
  /** The wait before the first run, ms. Default: some part of the interval. */
  readonly firstAfterMs?: number;
  /** What is logged beside the error of a run that failed. The next one comes as if it had not. */
  readonly failed: string;
  readonly logger: Logger;
}

/**
 * Runs a task now and then, one run at a time. A process that has nothing else to do may end.
 *
 * @returns ends it, and waits for the run under way. What that one still throws is not logged.
 */
export function keepDoing({ run, intervalMs, firstAfterMs, failed, logger }: KeptTask): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let running = Promise.resolve();
  const runOnce = async () => {
    try {
      await run();
    } catch (error) {
      if (!isStopped) logger.warn({ err: error }, `${failed}: tried again later`);
    }
    if (!isStopped) next(intervalMs * (1 + Math.random() / 4));
  };
  const next = (waitMs: number) => {
    timer = setTimeout(() => {
      running = runOnce();
    }, waitMs).unref();
  };
  next(firstAfterMs ?? intervalMs * Math.random());
  return () => {
    isStopped = true;
    clearTimeout(timer);
    return running;
  };
}
