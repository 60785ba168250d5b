import type { DeadLetter } from '@throughline/session-aggregator/dead-letters/dead-letters';
import type { ShownDeadLetter } from './dead-letter-answers.ts';

/** One line: place, time, size, and what failed. */
export function deadLetterLine({ partition, offset, step, reason, seenAt, sizeBytes }: DeadLetter): string {
  return `${partition}:${offset}  ${seenAt}  ${sizeBytes} bytes  ${step}: ${reason}\n`;
}

/** A dead letter for people: its line, the event if it can be read, and the bytes. */
export function describeDeadLetter(letter: ShownDeadLetter): string {
  const event =
    letter.event === null
      ? 'event: cannot be read from these bytes'
      : `event, without its bodies:\n${JSON.stringify(letter.event, null, 2)}`;
  return `${deadLetterLine(letter)}${event}\nbytes as they are in the log, base64:\n${letter.base64}\n`;
}
