import { type ApiShape, NOTHING_READ, type ResponseReading, type StreamReader } from '../api-shape.ts';
import { boundedText, NAME_CHARS_MAX } from '../bounded-text.ts';
import { eventType } from '../event-type.ts';
import { type JsonObject, objectAt, parseObject, stringAt } from '../json-object.ts';
import type { CallError } from '../provider-reading.ts';
import { readError } from '../read-error.ts';
import { anthropicTiers, passesBeside, readAnthropicUsage } from './anthropic-usage.ts';

/** Anthropic's Messages API, also as Bedrock and Vertex serve it. */
export const messages: ApiShape = {
  id: 'anthropic-messages',
  servesPath: (path) => path.endsWith('/messages'),
  fitsBody: (body) => body.type === 'message' || objectAt(body, 'usage')?.cache_creation_input_tokens !== undefined,
  fitsEvent: (name, data) => EVENTS_THAT_MATTER.has(name || stringAt(data, 'type')) && data.choices === undefined,
  readBody(body) {
    const usage = objectAt(body, 'usage');
    const model = boundedText(body.model, NAME_CHARS_MAX);
    return {
      ...NOTHING_READ,
      ...readUsage(usage, model),
      model,
      finishReason: boundedText(body.stop_reason, NAME_CHARS_MAX),
      error: readError(body),
      ended: true,
      answered: body.type === 'message',
    };
  },
  openStream: () => new MessagesStream(),
};

const EVENTS_THAT_MATTER: ReadonlySet<string> = new Set(['message_start', 'message_delta', 'message_stop', 'error']);

/**
 * Usage comes in `message_start` and again, cumulative but with fewer keys, in each `message_delta`: what is not null
 * there replaces what came before, key by key, and nothing is ever added up.
 */
class MessagesStream implements StreamReader {
  #model = '';
  #usage: Record<string, unknown> | undefined;
  #finishReason = '';
  #error: CallError | null = null;
  #answered = false;
  #ended = false;
  #isCounted = false;

  take(name: string, data: string): void {
    const type = eventType(name, data);
    if (!EVENTS_THAT_MATTER.has(type)) {
      if (type !== 'ping') this.#answered = true;
      return;
    }
    const event = parseObject(data);
    if (!event) return;
    switch (type) {
      case 'message_start': {
        const message = objectAt(event, 'message');
        this.#model = boundedText(message?.model, NAME_CHARS_MAX) || this.#model;
        this.#overlay(objectAt(message, 'usage'));
        break;
      }
      case 'message_delta':
        this.#finishReason = boundedText(objectAt(event, 'delta')?.stop_reason, NAME_CHARS_MAX) || this.#finishReason;
        this.#isCounted ||= typeof objectAt(event, 'usage')?.output_tokens === 'number';
        this.#overlay(objectAt(event, 'usage'));
        break;
      case 'message_stop':
        this.#ended = true;
        break;
      case 'error':
        this.#error = readError(event) ?? { type: 'error', message: '' };
        break;
    }
  }

  finish(): ResponseReading {
    return {
      ...NOTHING_READ,
      ...readUsage(this.#usage, this.#model),
      model: this.#model,
      outputIsOpening: this.#usage !== undefined && !this.#isCounted,
      finishReason: this.#finishReason,
      error: this.#error,
      ended: this.#ended,
      answered: this.#answered,
    };
  }

  #overlay(usage: JsonObject | undefined): void {
    if (!usage) return;
    this.#usage ??= Object.create(null) as Record<string, unknown>;
    for (const [key, value] of Object.entries(usage)) {
      if (value !== null) this.#usage[key] = value;
    }
  }
}

function readUsage(
  usage: JsonObject | undefined,
  model: string,
): Pick<ResponseReading, 'usage' | 'alsoBilled' | 'tiers'> {
  if (!usage) return { usage: null, alsoBilled: [], tiers: [] };
  return {
    usage: readAnthropicUsage(usage),
    alsoBilled: passesBeside(usage, model),
    tiers: anthropicTiers(usage),
  };
}
