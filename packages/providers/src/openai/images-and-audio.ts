import { type ApiShape, NOTHING_READ, type ResponseReading, type StreamReader } from '../api-shape.ts';
import { boundedText, NAME_CHARS_MAX } from '../bounded-text.ts';
import { eventType } from '../event-type.ts';
import { type JsonObject, objectAt, parseObject, stringAt } from '../json-object.ts';
import type { CallError } from '../provider-reading.ts';
import { readError, readFailure } from '../read-error.ts';
import { readOpenAiUsage, readResponsesUsage } from './openai-usage.ts';

/**
 * Images, transcription, translation and speech. Usage counts tokens by kind, or the seconds of what was listened to;
 * answers that are a file have none, so their cost is unknown.
 */
export const imagesAndAudio: ApiShape = {
  id: 'openai-media',
  servesPath: (path) => /\/(?:images\/(?:generations|edits|variations)|audio\/[a-z]+)$/.test(path),
  fitsBody: (body) => {
    const usage = objectAt(body, 'usage');
    return typeof usage?.type === 'string' || (usage !== undefined && Array.isArray(body.data));
  },
  fitsEvent: (name, data) => LAST_EVENT.test(name || stringAt(data, 'type')),
  readBody: (body) => ({ ...readMedia(body), ended: true, answered: true }),
  openStream: () => new MediaStream(),
};

const LAST_EVENT = /^(?:image_generation\.completed|image_edit\.completed|transcript\.text\.done|speech\.audio\.done)$/;

/** One last event per call; those before it hold parts of a picture or a text. */
class MediaStream implements StreamReader {
  #last: ResponseReading | null = null;
  #error: CallError | null = null;
  #answered = false;

  take(name: string, data: string): void {
    const type = eventType(name, data);
    if (LAST_EVENT.test(type)) {
      const event = parseObject(data);
      if (event) this.#last = readMedia(event);
    } else if (type === 'error' || data.includes('"error"')) {
      const event = parseObject(data);
      if (event) this.#error = readError(event) ?? (type === 'error' ? readFailure(event) : null) ?? this.#error;
    } else {
      this.#answered = true;
    }
  }

  finish(): ResponseReading {
    const ended = this.#last !== null;
    return { ...(this.#last ?? NOTHING_READ), error: this.#error, ended, answered: ended || this.#answered };
  }
}

function readMedia(body: JsonObject): ResponseReading {
  const usage = objectAt(body, 'usage');
  return {
    ...NOTHING_READ,
    model: boundedText(body.model, NAME_CHARS_MAX),
    // Hosts that speak the same API name the totals of a transcription as those of a chat.
    usage: usage ? (readResponsesUsage(usage) ?? readOpenAiUsage(usage)) : null,
    error: readError(body),
  };
}
