import pino, { type Logger } from 'pino';

export type { Logger };

/** Levels are promises: `warn` is odd but nothing is lost; `error` means data was lost or a person is needed. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * JSON lines on stdout; on a terminal the same lines made readable. Never pass bodies, keys or header values to it.
 *
 * @param service the service's name, on every line.
 */
export function createLogger(service: string, options: { level?: LogLevel; pretty?: boolean } = {}): Logger {
  const base = { service, pid: process.pid };
  const common = { level: options.level ?? 'info', base, timestamp: pino.stdTimeFunctions.isoTime };
  if (!(options.pretty ?? process.stdout.isTTY)) return pino(common);
  return pino({
    ...common,
    transport: {
      target: 'pino-pretty',
      options: { translateTime: 'HH:MM:ss.l', ignore: 'pid,service', singleLine: true },
    },
  });
}
