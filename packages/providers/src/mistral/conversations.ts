import { type ApiShape, NOTHING_READ, type ResponseReading, type StreamReader } from '../api-shape.ts';
import { boundedText, NAME_CHARS_MAX } from '../bounded-text.ts';
import { eventType } from '../event-type.ts';
import { isObject, type JsonObject, objectAt, parseObject, stringAt } from '../json-object.ts';
import { readOpenAiUsage } from '../openai/openai-usage.ts';
import type { CallError } from '../provider-reading.ts';
import { readFailure } from '../read-error.ts';

/** Mistral's agents and conversations. OpenAI's conversations, under the same path, only store. */
export const mistralConversations: ApiShape = {
  id: 'mistral-conversations',
  servesPath: (path) => /\/conversations(?:\/[^/]+)?$/.test(path),
  fitsBody: (body) => body.object === 'conversation.response',
  fitsEvent: (name, data) => (name || stringAt(data, 'type')).startsWith('conversation.response.'),
  readBody: (body) => ({ ...readConversation(body), ended: true, answered: Array.isArray(body.outputs) }),
  openStream: () => new ConversationStream(),
};

class ConversationStream implements StreamReader {
  #model = '';
  #last: ResponseReading | null = null;
  #error: CallError | null = null;
  #answered = false;

  take(name: string, data: string): void {
    const type = eventType(name, data);
    if (type === 'conversation.response.done') {
      const event = parseObject(data);
      if (event) this.#last = readConversation(event);
    } else if (type === 'conversation.response.error') {
      this.#error = readFailure(parseObject(data) ?? {}) ?? { type: 'error', message: '' };
    } else if (type !== 'conversation.response.started') {
      this.#answered = true;
      if (this.#model === '') this.#model = boundedText(parseObject(data)?.model, NAME_CHARS_MAX);
    }
  }

  finish(): ResponseReading {
    const ended = this.#last !== null;
    const last = this.#last ?? NOTHING_READ;
    return { ...last, model: last.model || this.#model, error: this.#error, ended, answered: this.#answered || ended };
  }
}

function readConversation(body: JsonObject): ResponseReading {
  const outputs = Array.isArray(body.outputs) ? body.outputs : [];
  const model = outputs
    .map((output) => (isObject(output) ? stringAt(output, 'model') : ''))
    .find((name) => name !== '');
  const counts = objectAt(body, 'usage');
  const usage = counts ? readOpenAiUsage(counts) : null;
  // Mistral's own tools (search, code, images) are billed by the call, each at a price of its own.
  const ranTools = Object.keys(objectAt(counts, 'connectors') ?? {}).length > 0;
  return {
    ...NOTHING_READ,
    model: boundedText(model, NAME_CHARS_MAX),
    usage: usage && ranTools ? { ...usage, unpriceable: true } : usage,
  };
}
