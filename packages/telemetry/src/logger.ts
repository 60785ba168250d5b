import { createRequire } from 'node:module';
import pino, { type DestinationStream, type Logger } from 'pino';
import type pinoPretty from 'pino-pretty';

export type { Logger };

/** Levels are promises: `warn` is odd but nothing is lost; `error` means data was lost or a person is needed. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * JSON lines on stdout, or the same lines made readable. Never pass bodies, keys or header values to it.
 *
 * @param service the service's name, on every line.
 * @param options.to where JSON lines go; a command whose answer is on stdout logs to stderr.
 * @param options.pretty for a terminal; worker threads must be told, they do not see it.
 */
export function createLogger(
  service: string,
  options: { level?: LogLevel; pretty?: boolean; to?: 'stdout' | 'stderr' } = {},
): Logger {
  const settings = {
    level: options.level ?? 'info',
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  // Synchronous: a line that explains a crash must be out before the process is gone.
  return options.pretty
    ? pino(settings, prettyStream())
    : pino(settings, pino.destination({ fd: options.to === 'stderr' ? 2 : 1, sync: true }));
}

/** Loaded only for a terminal, and as a stream of this thread: as a pino transport it would cost a thread of its own. */
function prettyStream(): DestinationStream {
  const pretty = createRequire(import.meta.url)('pino-pretty') as typeof pinoPretty;
  return pretty({ translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,service', singleLine: true, sync: true });
}
