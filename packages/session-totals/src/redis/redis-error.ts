import { SessionTotalsError } from '../session-totals.ts';

/** What Redis says while it cannot serve, or not here: the same call may succeed a moment later. */
const PASSING_CODES = new Set([
  'READONLY',
  'LOADING',
  'BUSY',
  'MISCONF',
  'NOREPLICAS',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'TRYAGAIN',
  'MOVED',
  'ASK',
  'UNKILLABLE',
]);
/** Somebody changed passwords or rights under way: mended without us, so worth another try. */
const ACCESS_CODES = new Set(['NOAUTH', 'WRONGPASS', 'NOPERM']);

/**
 * A failure of ioredis in the words of the port. Whatever is no answer of Redis itself (connection, time-out, nothing to
 * connect to) may pass, and leaves open whether the command was carried out.
 */
export function translateRedisError(error: unknown, doing: string): SessionTotalsError {
  if (error instanceof SessionTotalsError) return error;
  const cause = answerBehind(error);
  const { name, message } = cause as Error;
  const text = `Redis could not ${doing}: ${message}`;
  if (name !== 'ReplyError') return new SessionTotalsError('unavailable', text, { retryable: true, cause: error });
  // Redis 6 wraps what a command said within a script: "ERR Error running script (…): @user_script:1: -READONLY …".
  const code = /^([A-Z]+)/.exec(message)?.[1] ?? '';
  const inner = /-([A-Z]{3,}) /.exec(message)?.[1] ?? '';
  const isEither = (codes: ReadonlySet<string>) => codes.has(code) || codes.has(inner);
  if (isEither(OUT_OF_MEMORY)) return new SessionTotalsError('full', text, { retryable: true, cause: error });
  if (isEither(PASSING_CODES) || isEither(ACCESS_CODES)) {
    return new SessionTotalsError('unavailable', text, { retryable: true, cause: error });
  }
  const otherData = isEither(OTHER_DATA) ? 'corrupt' : 'unavailable';
  return new SessionTotalsError(otherData, text, { cause: error });
}

/** True for an answer that says that the client may not come in, or not do this. */
export function isAccessDenied(error: unknown): boolean {
  const { name, message } = answerBehind(error) as Error;
  return name === 'ReplyError' && ACCESS_CODES.has(message.split(' ', 1)[0]!);
}

const OUT_OF_MEMORY = new Set(['OOM']);
/** Something else lies under a name of ours. */
const OTHER_DATA = new Set(['WRONGTYPE']);

/** A transaction that was given up says so in general; the reason is the error of the command that could not be queued. */
function answerBehind(error: unknown): unknown {
  const { previousErrors } = error as { previousErrors?: readonly unknown[] };
  return previousErrors?.[0] ?? error;
}
