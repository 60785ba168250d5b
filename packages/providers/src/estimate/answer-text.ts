import { NOTHING_READ } from '../api-shape.ts';
import { readEventStream } from '../bedrock/read-event-stream.ts';
import { isObject, type JsonObject, objectAt, parseObject } from '../json-object.ts';
import { jsonLines } from '../json-pieces.ts';
import type { CapturedCall } from '../provider-reading.ts';
import { looksLikeEvents, readEvents } from '../sse.ts';

/**
 * What a model wrote, as far as it was seen: text, visible thoughts, refusals, names and arguments of the tools that it
 * calls; of a body or of whole events of a stream. The pieces of a stream are put together, so that it makes no difference
 * how it was cut.
 *
 * @returns null where nothing of the kind was found, or something that is no text (audio, images).
 */
export function answerText(call: CapturedCall): string | null {
  const written = new WrittenText();
  forEachPart(call, (part) => written.take(part));
  return written.text;
}

function forEachPart(call: CapturedCall, take: (part: JsonObject) => void): void {
  const takeJson = (json: string) => {
    const part = parseObject(json);
    if (part) take(part);
  };
  const { responseText: text, responseBytes: bytes } = call;
  if (bytes !== undefined && call.responseContentType.toLowerCase().startsWith('application/vnd.amazon.eventstream')) {
    readEventStream(bytes, { take: (_name, data) => takeJson(data), finish: () => NOTHING_READ });
    return;
  }
  if (text === undefined) return;
  if (looksLikeEvents(text)) {
    readEvents(text, (_name, data) => takeJson(data));
    return;
  }
  const body = parseObject(text);
  if (!body) {
    for (const line of jsonLines(text)) takeJson(line);
  } else if (call.logged && Array.isArray(body.streamed_data)) {
    for (const chunk of body.streamed_data) {
      if (isObject(chunk)) take(chunk);
      else if (typeof chunk === 'string') takeJson(chunk.replace(/^\s*(?:data:\s*)?/, ''));
    }
  } else take(body);
}

class WrittenText {
  readonly #texts = new Map<string, string[]>();
  #isMoreThanText = false;

  get text(): string | null {
    if (this.#isMoreThanText || this.#texts.size === 0) return null;
    return [...this.#texts.values()].map((pieces) => pieces.join('')).join('');
  }

  take(part: JsonObject): void {
    if (Array.isArray(part.choices)) this.#takeChoices(part.choices);
    else if (typeof part.type === 'string' && part.type.startsWith('response.')) this.#takeResponseEvent(part);
    else if (part.object === 'response' && Array.isArray(part.output))
      for (const item of part.output) this.#takeItem(item);
    else if (typeof part.done === 'boolean')
      this.#takeMessage('', objectAt(part, 'message') ?? { content: part.response });
    else if (part.type === 'message' && Array.isArray(part.content)) this.#takeMessage('', part);
    else this.#takeBlock(part);
  }

  #takeChoices(choices: readonly unknown[]): void {
    for (const choice of choices) {
      if (!isObject(choice)) continue;
      const key = String(choice.index ?? 0);
      this.#add(key, choice.text);
      const message = objectAt(choice, 'delta') ?? objectAt(choice, 'message');
      if (message) this.#takeMessage(key, message);
    }
  }

  #takeMessage(key: string, message: JsonObject): void {
    if (isObject(message.audio) || Array.isArray(message.images)) this.#isMoreThanText = true;
    if (Array.isArray(message.content)) for (const block of message.content) this.#takeContent(key, block);
    else this.#add(key, message.content);
    this.#add(`${key} thought`, message.reasoning_content ?? message.reasoning ?? message.thinking);
    this.#add(`${key} refusal`, message.refusal);
    this.#takeFunction(`${key} function`, message.function_call);
    if (!Array.isArray(message.tool_calls)) return;
    for (const [at, tool] of message.tool_calls.entries()) {
      if (isObject(tool)) this.#takeFunction(`${key} tool ${String(tool.index ?? at)}`, tool.function);
    }
  }

  #takeFunction(key: string, called: unknown): void {
    if (!isObject(called)) return;
    this.#add(`${key} name`, called.name);
    this.#add(key, typeof called.arguments === 'object' ? jsonText(called.arguments) : called.arguments);
  }

  /** A part of a message's content: OpenAI's and Anthropic's. */
  #takeContent(key: string, block: unknown): void {
    if (!isObject(block)) return;
    if (typeof block.type === 'string' && /image|audio/.test(block.type)) this.#isMoreThanText = true;
    this.#add(key, block.text);
    this.#add(key, block.thinking);
    if (block.type !== 'tool_use') return;
    this.#add(key, block.name);
    this.#add(key, jsonText(block.input));
  }

  /** An event of a stream of blocks: Anthropic's, Converse's, Cohere's. */
  #takeBlock(event: JsonObject): void {
    const key = `block ${String(event.index ?? event.contentBlockIndex ?? 0)}`;
    const started = objectAt(event, 'content_block');
    if (started) {
      this.#add(key, started.text);
      this.#add(key, started.name);
    }
    this.#add(key, objectAt(objectAt(event, 'start'), 'toolUse')?.name);
    const delta = objectAt(event, 'delta');
    if (!delta) return;
    this.#add(key, delta.text);
    this.#add(key, delta.partial_json);
    this.#add(key, delta.thinking);
    this.#add(key, objectAt(delta, 'toolUse')?.input);
    this.#add(key, objectAt(delta, 'reasoningContent')?.text);
    this.#add(key, objectAt(objectAt(delta, 'message'), 'content')?.text);
  }

  #takeResponseEvent(event: JsonObject): void {
    const { type, delta } = event;
    const key = `item ${String(event.output_index ?? 0)} ${String(event.content_index ?? event.summary_index ?? '')}`;
    if (/audio|image/.test(String(type))) this.#isMoreThanText = true;
    if (String(type).endsWith('.delta')) this.#add(key, delta);
    else if (type === 'response.output_item.added') this.#add(`${key} name`, objectAt(event, 'item')?.name);
  }

  #takeItem(item: unknown): void {
    if (!isObject(item)) return;
    if (item.type === 'image_generation_call') this.#isMoreThanText = true;
    this.#takeFunction('function', item);
    for (const list of [item.content, item.summary]) {
      if (Array.isArray(list)) for (const part of list) this.#takeContent('item', part);
    }
  }

  #add(key: string, text: unknown): void {
    if (typeof text !== 'string') return;
    const pieces = this.#texts.get(key);
    if (pieces) pieces.push(text);
    else this.#texts.set(key, [text]);
  }
}

function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // Nested deeper than the stack.
    return undefined;
  }
}
