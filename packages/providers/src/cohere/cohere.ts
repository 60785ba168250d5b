import { type ApiShape, NOTHING_READ, type ResponseReading, type StreamReader } from '../api-shape.ts';
import { boundedText, NAME_CHARS_MAX } from '../bounded-text.ts';
import { eventType } from '../event-type.ts';
import { type JsonObject, objectAt, parseObject, stringAt } from '../json-object.ts';
import type { CallError } from '../provider-reading.ts';
import { readError } from '../read-error.ts';
import { CountReader, NO_USAGE, type ReportedUsage } from '../reported-usage.ts';

/** Cohere's chat, embeddings and reranking, both versions. */
export const cohere: ApiShape = {
  id: 'cohere',
  servesPath: (path) => /\/v[12]\/(?:chat|embed|rerank|classify|generate|summarize)$/.test(path),
  fitsBody: (body) => billedUnits(body) !== undefined,
  fitsEvent: (name, data) => COHERE_EVENT.test(name || stringAt(data, 'type') || stringAt(data, 'event_type')),
  readBody(body) {
    return {
      ...NOTHING_READ,
      usage: readBilledUnits(billedUnits(body)),
      finishReason: boundedText(body.finish_reason, NAME_CHARS_MAX),
      error: readError(body),
      ended: true,
      answered: true,
    };
  },
  openStream: () => new CohereStream(),
};

const COHERE_EVENT = /^(?:message-(?:start|end)|content-(?:start|delta|end)|stream-(?:start|end)|text-generation)$/;

/** Version 2 ends with `message-end`, version 1 with `stream-end`, which holds the whole answer. */
class CohereStream implements StreamReader {
  #usage: ReportedUsage | null = null;
  #finishReason = '';
  #error: CallError | null = null;
  #answered = false;
  #ended = false;

  take(name: string, data: string): void {
    const type = eventType(name, data) || (data.includes('"stream-end"') ? 'stream-end' : '');
    if (type !== 'message-end' && type !== 'stream-end') {
      if (data.includes('"error"') || type === 'error') this.#error = readError(parseObject(data) ?? {}) ?? this.#error;
      else if (type !== 'message-start') this.#answered = true;
      return;
    }
    const event = parseObject(data);
    if (!event) return;
    const end = objectAt(event, 'delta') ?? objectAt(event, 'response') ?? event;
    this.#ended = true;
    this.#usage = readBilledUnits(billedUnits(end)) ?? this.#usage;
    this.#finishReason = boundedText(end.finish_reason ?? event.finish_reason, NAME_CHARS_MAX);
    this.#error = readError(end) ?? this.#error;
  }

  finish(): ResponseReading {
    return {
      ...NOTHING_READ,
      usage: this.#usage,
      finishReason: this.#finishReason,
      error: this.#error,
      ended: this.#ended,
      answered: this.#answered,
    };
  }
}

function billedUnits(body: JsonObject): JsonObject | undefined {
  return objectAt(objectAt(body, 'usage'), 'billed_units') ?? objectAt(objectAt(body, 'meta'), 'billed_units');
}

/**
 * What is billed. `tokens` beside it also counts the vendor's own preamble, and `cached_tokens` is a part of that, so
 * neither can be split out of what is billed.
 */
function readBilledUnits(units: JsonObject | undefined): ReportedUsage | null {
  if (!units) return null;
  const count = new CountReader();
  const text = count.optional(units.input_tokens);
  const image = count.orZero(units.image_tokens);
  const output = count.optional(units.output_tokens);
  const searches = count.orZero(units.search_units);
  if (text === null && output === null && image === 0 && searches === 0 && !count.doubtful) return null;
  const hasTokens = text !== null || image > 0;
  return {
    ...NO_USAGE,
    input: hasTokens ? (text ?? 0) + image : null,
    // Embeddings have no output.
    output: hasTokens ? (output ?? 0) : output,
    inputImage: image,
    webSearches: searches,
    doubtful: count.doubtful,
  };
}
