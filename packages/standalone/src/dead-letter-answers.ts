import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { decodeEvent } from '@throughline/contracts/event-codec';
import type { NewEvent } from '@throughline/contracts/request-event';
import type { Position } from '@throughline/event-log/event-log';
import {
  type DeadLetter,
  type DeadLetterPlace,
  findDeadLetter,
  listDeadLetters,
  ReplayRefused,
  replayEvent,
} from '@throughline/session-aggregator/dead-letters/dead-letters';

/** A dead letter whole: what can be read of it, and its bytes. */
export interface ShownDeadLetter extends DeadLetter {
  /** The event without its bodies; null while it cannot be read. */
  readonly event: Record<string, unknown> | null;
  readonly base64: string;
}

/** What `throughline dead-letters` can ask, wherever the stores are. */
export interface DeadLetterAnswers {
  list(): Promise<DeadLetter[]>;
  /** @throws ReplayRefused when there is none. */
  show(place: DeadLetterPlace): Promise<ShownDeadLetter>;
  /** @returns where the new try is in the log. @throws ReplayRefused */
  replay(place: DeadLetterPlace): Promise<Position>;
}

/** @param append puts an event into the log. */
export function deadLetterAnswers(
  analytics: Pick<AnalyticsStore, 'query'>,
  append: (event: NewEvent) => Promise<Position>,
): DeadLetterAnswers {
  const find = async (place: DeadLetterPlace) => {
    const letter = await findDeadLetter(analytics, place);
    if (letter) return letter;
    throw new ReplayRefused(`there is no dead letter at ${place.partition}:${place.offset}; \`list\` names them.`);
  };
  return {
    list: () => listDeadLetters(analytics),
    async show(place) {
      const { bytes, ...letter } = await find(place);
      return { ...letter, event: readableEvent(bytes), base64: bytes.toString('base64') };
    },
    replay: async (place) => append(await replayEvent(analytics, await find(place), Date.now())),
  };
}

/** The event without its bodies; null while it cannot be read. */
export function readableEvent(bytes: Uint8Array): Record<string, unknown> | null {
  const decoded = decodeEvent(bytes);
  if (decoded.outcome !== 'event') return null;
  if (decoded.event.kind !== 'request') return { ...decoded.event };
  const { request_body, response_body, ...event } = decoded.event;
  return { ...event, request_bytes: request_body.bytes.length, response_bytes: response_body.bytes.length };
}
