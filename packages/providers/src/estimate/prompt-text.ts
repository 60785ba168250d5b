import { isObject, type JsonObject, parseObject } from '../json-object.ts';

export interface PromptText {
  readonly text: string;
  /** Tokens beside the text: what chat models put around each message, as OpenAI's cookbook counts it. */
  readonly extraTokens: number;
  /** The model was asked not to think. */
  readonly isUnthinking: boolean;
}

/** Before each message and behind it, its role included; and before the answer. */
const PER_MESSAGE_TOKENS = 4;
const PER_ANSWER_TOKENS = 3;

/**
 * What a request gives a model to read: messages with what tools said, a plain prompt or input, instructions, and the
 * tools as they are described.
 *
 * @returns null where not all of that is text, or is in the request: images, audio, files, token ids, a conversation that
 *   the provider keeps, a body that was cut, or one that was logged without what was asked.
 */
export function promptText(requestText: string | undefined): PromptText | null {
  const request = requestText === undefined ? undefined : parseObject(requestText);
  if (!request || KEPT_ELSEWHERE.some((name) => request[name] !== undefined && request[name] !== null)) return null;
  const asked = request.messages ?? request.input ?? request.prompt;
  // An object is the name of a template that the provider has.
  if (asked === undefined || isObject(request.prompt)) return null;
  const read = new ReadText();
  if (Array.isArray(request.messages)) for (const message of request.messages) read.takeMessage(message);
  else if (Array.isArray(request.input)) for (const item of request.input) read.takeMessage(item);
  else read.takeContent(asked);
  read.takeContent(request.instructions ?? request.system ?? '');
  for (const tools of [request.tools, request.functions]) if (Array.isArray(tools)) read.takeJson(tools);
  if (read.isMoreThanText || read.texts.length === 0) return null;
  return {
    text: read.texts.join('\n'),
    extraTokens: read.messages === 0 ? 0 : read.messages * PER_MESSAGE_TOKENS + PER_ANSWER_TOKENS,
    isUnthinking:
      request.reasoning_effort === 'none' || (isObject(request.reasoning) && request.reasoning.effort === 'none'),
  };
}

const KEPT_ELSEWHERE = ['previous_response_id', 'conversation', 'cachedContent'];

class ReadText {
  readonly texts: string[] = [];
  messages = 0;
  isMoreThanText = false;

  /** A message, or an item of a Responses input. */
  takeMessage(message: unknown): void {
    if (!isObject(message)) {
      this.isMoreThanText = true;
      return;
    }
    // Earlier thoughts are not read again.
    if (message.type === 'reasoning') return;
    this.messages++;
    const said = message.content ?? message.output;
    if (said !== undefined && said !== null) this.takeContent(said);
    if (Array.isArray(message.images) && message.images.length > 0) this.isMoreThanText = true;
    this.#take(message.name);
    this.#take(message.arguments);
    this.#takeFunction(message.function_call);
    if (!Array.isArray(message.tool_calls)) return;
    for (const call of message.tool_calls) if (isObject(call)) this.#takeFunction(call.function);
  }

  takeContent(content: unknown): void {
    if (typeof content === 'string') this.#take(content);
    else if (Array.isArray(content)) for (const part of content) this.#takePart(part);
    else this.isMoreThanText = true;
  }

  takeJson(value: unknown): void {
    try {
      this.#take(JSON.stringify(value));
    } catch {
      // Nested deeper than the stack.
      this.isMoreThanText = true;
    }
  }

  #takePart(part: unknown): void {
    if (typeof part === 'string') this.#take(part);
    else if (!isObject(part)) this.isMoreThanText = true;
    else if (typeof part.text === 'string') this.#take(part.text);
    else if (typeof part.refusal === 'string') this.#take(part.refusal);
    else this.#takeBlock(part);
  }

  /** Anthropic's blocks beside text. */
  #takeBlock(block: JsonObject): void {
    switch (block.type) {
      case 'tool_use':
        this.#take(block.name);
        this.takeJson(block.input);
        break;
      case 'tool_result':
        if (block.content !== undefined) this.takeContent(block.content);
        break;
      case 'thinking':
      case 'redacted_thinking':
        break;
      default:
        this.isMoreThanText = true;
    }
  }

  #takeFunction(called: unknown): void {
    if (!isObject(called)) return;
    this.#take(called.name);
    if (isObject(called.arguments)) this.takeJson(called.arguments);
    else this.#take(called.arguments);
  }

  #take(text: unknown): void {
    if (typeof text === 'string' && text !== '') this.texts.push(text);
  }
}
