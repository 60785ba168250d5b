import { type ApiShape, NOTHING_READ, type ResponseReading, type StreamReader } from '../api-shape.ts';
import { boundedText, NAME_CHARS_MAX } from '../bounded-text.ts';
import { eventType } from '../event-type.ts';
import { isObject, type JsonObject, objectAt, parseObject, stringAt } from '../json-object.ts';
import type { CallError } from '../provider-reading.ts';
import { readError, readFailure } from '../read-error.ts';
import { reportedCost } from '../reported-cost.ts';
import { readResponsesUsage } from './openai-usage.ts';

/** The Responses API. A failed response is an error that comes with HTTP 200. */
export const responses: ApiShape = {
  id: 'openai-responses',
  servesPath: (path) => path.endsWith('/responses') || path.includes('/responses/'),
  fitsBody: (body) =>
    body.object === 'response' ||
    body.object === 'response.compaction' ||
    objectAt(objectAt(body, 'usage'), 'input_tokens_details') !== undefined,
  fitsEvent: (name, data) => (name || stringAt(data, 'type')).startsWith('response.'),
  readBody: (body) => readResponse(body),
  openStream: () => new ResponsesStream(),
};

/** The last event holds the whole response; those before it matter only when it never comes. */
class ResponsesStream implements StreamReader {
  /** The first event, parsed only if no later one names the model: it repeats instructions and tools. */
  #opening = '';
  #final: ResponseReading | null = null;
  #error: CallError | null = null;
  #answered = false;

  take(name: string, data: string): void {
    const type = eventType(name, data);
    if (OPENING_EVENTS.has(type)) {
      this.#opening ||= data;
    } else if (FINAL_EVENTS.has(type)) {
      const response = objectAt(parseObject(data), 'response');
      if (response) this.#final = readResponse(response);
    } else if (type === 'error') {
      const event = parseObject(data);
      if (event) this.#error = readErrorEvent(event);
    } else {
      this.#answered = true;
    }
  }

  finish(): ResponseReading {
    if (this.#final) return { ...this.#final, error: this.#final.error ?? this.#error };
    const opening = objectAt(parseObject(this.#opening), 'response');
    const model = boundedText(opening?.model, NAME_CHARS_MAX);
    return { ...NOTHING_READ, model, error: this.#error, ended: this.#error !== null, answered: this.#answered };
  }
}

const OPENING_EVENTS: ReadonlySet<string> = new Set(['response.created', 'response.queued', 'response.in_progress']);

const FINAL_EVENTS: ReadonlySet<string> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.cancelled',
]);

function readResponse(response: JsonObject): ResponseReading {
  const usage = objectAt(response, 'usage');
  const status = boundedText(response.status, NAME_CHARS_MAX);
  const tier = boundedText(response.service_tier, NAME_CHARS_MAX);
  return {
    ...NOTHING_READ,
    model: boundedText(response.model, NAME_CHARS_MAX),
    usage: usage ? readResponsesUsage(usage, countSearches(response.output)) : null,
    alsoBilled: imagesDrawn(response),
    finishReason: boundedText(objectAt(response, 'incomplete_details')?.reason, NAME_CHARS_MAX) || status,
    error: readError(response) ?? (status === 'failed' ? { type: 'failed', message: '' } : null),
    // `queued` and `in_progress` answer before the work is done.
    ended: status !== 'queued' && status !== 'in_progress',
    answered: Array.isArray(response.output) && response.output.length > 0,
    tiers: tier === '' ? [] : [tier],
    reportedPico: usage ? reportedCost(usage) : null,
  };
}

/** Images that a tool drew are another model's work, counted beside `usage`. */
function imagesDrawn(response: JsonObject): ResponseReading['alsoBilled'] {
  const counts = objectAt(objectAt(response, 'tool_usage'), 'image_gen');
  const usage = counts ? readResponsesUsage(counts) : null;
  if (!usage || (usage.input === 0 && usage.output === 0)) return [];
  const tools = Array.isArray(response.tools) ? response.tools : [];
  const tool = tools.find((one) => isObject(one) && one.type === 'image_generation');
  return [{ model: boundedText(isObject(tool) ? tool.model : '', NAME_CHARS_MAX), usage }];
}

/** An `error` event holds its parts at the top, or in `error`. */
function readErrorEvent(event: JsonObject): CallError {
  return readError(event) ?? readFailure({ ...event, type: event.code ?? 'error' }) ?? { type: 'error', message: '' };
}

/** Searches are billed by the call. Opening a page that a search found is not a search. */
function countSearches(output: unknown): { web: number; file: number } {
  const counts = { web: 0, file: 0 };
  if (!Array.isArray(output)) return counts;
  for (const item of output) {
    if (!isObject(item)) continue;
    if (item.type === 'file_search_call') counts.file++;
    if (item.type !== 'web_search_call') continue;
    const action = objectAt(item, 'action')?.type;
    if (action === undefined || action === 'search') counts.web++;
  }
  return counts;
}
