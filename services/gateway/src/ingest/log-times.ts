import type { LogBody, TraceLogBody } from '@throughline/contracts/api/log';

/** When a logged call was, epoch milliseconds. */
export interface LogTimes {
  readonly requestAt: number;
  readonly firstByteAt: number | null;
  readonly responseAt: number;
}

type Timing = LogBody['timing'] | TraceLogBody['timing'];

/**
 * @param untimedMs how long a call was of which no times are given: it begins now.
 * @returns a sentence when they are no times of a call.
 */
export function logTimes(timing: Timing, nowMs: number, untimedMs: number): LogTimes | string {
  if (!timing) return { requestAt: nowMs, firstByteAt: null, responseAt: nowMs + untimedMs };
  const requestAt = epochMs(timing.startTime);
  const responseAt = epochMs(timing.endTime);
  if (requestAt === undefined) return 'timing.startTime is no time';
  if (responseAt === undefined) return 'timing.endTime is no time';
  if (responseAt < requestAt) return 'timing.startTime is after timing.endTime';
  const toFirst = timing.timeToFirstToken;
  const isSaid = typeof toFirst === 'number' && toFirst >= 0;
  return { requestAt, firstByteAt: isSaid ? requestAt + toFirst : null, responseAt };
}

/** The last instant that a Date holds, either way. */
export const TIME_MS_MAX = 8.64e15;

/** From here on a number is milliseconds, below it is seconds: the year 2100. */
const SECONDS_BELOW = 4_102_444_800;

type Instant = NonNullable<Timing>['startTime'];

function epochMs(instant: Instant): number | undefined {
  const time = readInstant(instant);
  return Number.isFinite(time) && time >= 0 && time <= TIME_MS_MAX ? time : undefined;
}

function readInstant(instant: Instant): number {
  if (typeof instant === 'object') {
    return Number(instant.seconds) * 1_000 + Number(instant.milliseconds ?? 0);
  }
  const text = String(instant).trim();
  if (!/^\d+(?:\.\d+)?$/.test(text)) return Date.parse(text);
  const number = Number(text);
  return number < SECONDS_BELOW ? number * 1_000 : number;
}
