import { type LogEntry, type logCreator, logLevel } from 'kafkajs';

/** Where a client says what happens to it; a pino logger fits. */
export interface KafkaLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The same line again within this time is counted, not written: an outage would fill the log with one sentence. */
const REPEAT_AFTER_MS = 10_000;
/** Different lines remembered; more than a client of a few dozen brokers says. */
const REMEMBERED_MAX = 200;

/** What kafkajs is asked to report; debug lines (one per request) are not even made. */
export const KAFKAJS_LOG_LEVEL = logLevel.INFO;

/**
 * kafkajs's lines → ours, by our meaning of the levels. What kafkajs calls an error (a refused connection, a failed
 * attempt) loses nothing, so it is a warning here; its warnings stay, its information is for debugging. Whoever loses
 * something because of it says so as an error.
 */
export function kafkaLogCreator(logger: KafkaLogger | undefined): logCreator {
  return () => {
    if (logger === undefined) return () => {};
    const seen = new Map<string, { atMs: number; repeats: number }>();
    return ({ namespace, level, log }: LogEntry) => {
      const { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...fields } = log;
      const write = level === logLevel.ERROR || level === logLevel.WARN ? 'warn' : 'debug';
      if (message.includes('switched default partitioner')) return;
      const key = `${namespace} ${message}`;
      const now = performance.now();
      const last = seen.get(key);
      if (last !== undefined && now - last.atMs < REPEAT_AFTER_MS) {
        last.repeats++;
        return;
      }
      if (seen.size >= REMEMBERED_MAX) seen.clear();
      seen.set(key, { atMs: now, repeats: 0 });
      const repeated = last?.repeats ? { repeated: last.repeats } : {};
      logger[write]({ ...fields, ...repeated, kafkajs: namespace }, message);
    };
  };
}
