import { assembleStream } from './assemble-stream.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt } from './json-values.ts';
import type { Message, Part } from './message.ts';
import { readMessage } from './read-message.ts';
import { readParts } from './read-part.ts';
import { streamEvents } from './stream-events.ts';

export interface ResponseReading {
  readonly messages: readonly Message[];
  /** Why it ended, as the provider says it; empty where it does not. */
  readonly finish: string;
  /** What the provider says went wrong. */
  readonly error: string;
  /** It came as a stream, and is put together from its events. */
  readonly wasStream: boolean;
}

/** What came back from a model: JSON, or a stream as it was recorded. Undefined: nothing of it is read here. */
export function readResponse(body: unknown): ResponseReading | undefined {
  const events = streamEvents(body);
  const whole = events ? assembleStream(events) : body;
  const wasStream = events !== undefined;
  if (!isObject(whole)) return undefined;
  const error = errorOf(whole);
  const messages = answersIn(whole);
  if (messages.length === 0 && error === '') return undefined;
  return { messages, finish: finishOf(whole), error, wasStream };
}

/** Whether an answer of a form that is read here says nothing, not even that something went wrong. */
export function isEmptyAnswer(body: unknown): boolean {
  const events = streamEvents(body);
  const whole = events ? assembleStream(events) : body;
  if (!isObject(whole) || errorOf(whole) !== '') return false;
  return recognised(whole)?.every(({ parts }) => parts.length === 0) ?? false;
}

function answersIn(body: JsonObject): Message[] {
  return (recognised(body) ?? []).filter(({ parts }) => parts.length > 0);
}

/** Undefined: in no form that is read here. */
function recognised(body: JsonObject): Message[] | undefined {
  return (
    fromChoices(body) ??
    fromItems(listAt(body, 'output')) ??
    fromCandidates(body) ??
    fromContent(body) ??
    fromMessage(body) ??
    fromTexts(body) ??
    fromImages(body)
  );
}

/** Chat completions, and completions before them. */
function fromChoices(body: JsonObject): Message[] | undefined {
  const choices = listAt(body, 'choices');
  if (choices.length === 0) return undefined;
  return choices.flatMap((choice) => {
    const message = objectAt(choice, 'message');
    if (message) return readMessage({ role: 'assistant', ...message }) ?? [];
    return assistant(readParts(textAt(choice, 'text')));
  });
}

/** The Responses API. */
function fromItems(items: readonly unknown[]): Message[] | undefined {
  return items.length === 0 ? undefined : items.flatMap((item) => readMessage(item) ?? []);
}

/** Gemini. */
function fromCandidates(body: JsonObject): Message[] | undefined {
  const candidates = listAt(body, 'candidates');
  if (candidates.length === 0) return undefined;
  return candidates.map((candidate) => assistant(readParts(listAt(objectAt(candidate, 'content'), 'parts'))));
}

/** Anthropic. */
function fromContent(body: JsonObject): Message[] | undefined {
  return Array.isArray(body.content) ? [assistant(readParts(body.content))] : undefined;
}

/** Converse, Cohere and Ollama. */
function fromMessage(body: JsonObject): Message[] | undefined {
  const message = objectAt(objectAt(body, 'output') ?? body, 'message');
  if (!message) return undefined;
  const plan = textAt(message, 'tool_plan');
  const read = readMessage({ role: 'assistant', ...message });
  if (!read) return undefined;
  return [plan === '' ? read : { ...read, parts: [{ kind: 'thinking', text: plan }, ...read.parts] }];
}

/** Models that only write on. */
function fromTexts(body: JsonObject): Message[] | undefined {
  const text = textAt(body, 'text', 'response', 'generation', 'completion', 'output_text', 'outputText');
  const results = listAt(body, 'results', 'generations', 'outputs').map((one) => textAt(one, 'outputText', 'text'));
  const texts = [text, ...results].filter((one) => one !== '');
  return texts.length === 0 ? undefined : texts.map((one) => assistant(readParts(one)));
}

/** Drawn images; vectors are only counted. */
function fromImages(body: JsonObject): Message[] | undefined {
  const data = listAt(body, 'data', 'embeddings');
  if (data.length === 0) return undefined;
  const images = data.flatMap((one): Part[] => {
    const drawn = textAt(one, 'b64_json');
    const source = drawn === '' ? textAt(one, 'url') : `data:image/png;base64,${drawn}`;
    return source === '' ? [] : [{ kind: 'image', source }];
  });
  if (images.length > 0) return [assistant(images)];
  const vector = isObject(data[0]) ? listAt(data[0], 'embedding') : Array.isArray(data[0]) ? data[0] : [];
  if (vector.length === 0 || typeof vector[0] !== 'number') return undefined;
  const about = `${data.length === 1 ? 'a vector' : `${data.length} vectors`} of ${vector.length} numbers`;
  return [assistant([{ kind: 'file', about }])];
}

function assistant(parts: readonly Part[]): Message {
  return { role: 'assistant', name: '', parts };
}

function finishOf(body: JsonObject): string {
  const first = listAt(body, 'choices', 'candidates')[0];
  return (
    textAt(first, 'finish_reason', 'finishReason') ||
    textAt(body, 'stop_reason', 'stopReason', 'finish_reason', 'done_reason')
  );
}

function errorOf(body: JsonObject): string {
  const { error } = body;
  if (typeof error === 'string') return error;
  if (isObject(error)) return textAt(error, 'message', 'code', 'type') || JSON.stringify(error);
  return '';
}
