import { isObject, type JsonObject } from '@throughline/providers/json-object';

/** A text of a prompt that may be shortened. */
export interface PromptText {
  readonly text: string;
  put(text: string): void;
}

/** Of the members of a request, those that a model reads. */
const READ = [
  'system',
  'instructions',
  'systemInstruction',
  'system_instruction',
  'messages',
  'input',
  'contents',
  'prompt',
  'tools',
  'functions',
] as const;

/**
 * The texts of a prompt that may be shortened, in their order: of messages and items, those of the system and earlier thoughts
 * apart, a plain prompt or input, results of tools. What a model calls tools with is no text: it has to stay JSON.
 *
 * @param request is changed by `put`.
 */
export function promptTexts(request: JsonObject): PromptText[] {
  const texts: PromptText[] = [];
  for (const name of ['messages', 'input', 'contents', 'prompt']) {
    const asked = request[name];
    if (typeof asked === 'string') texts.push(textAt(request, name, asked));
    else if (Array.isArray(asked)) for (const [at, message] of asked.entries()) takeMessage(asked, at, message, texts);
  }
  return texts;
}

/** What else the model is given to read, as JSON: system messages, tools and their calls, roles. Media is left out. */
export function otherText(request: JsonObject, texts: readonly PromptText[]): string {
  for (const { put } of texts) put('');
  const read = READ.map((name) => request[name]).filter((value) => value !== undefined);
  const json = JSON.stringify(read, (_key, value: unknown) => (isMedia(value) ? '' : value));
  for (const { text, put } of texts) put(text);
  return json;
}

const UNTOUCHED: ReadonlySet<unknown> = new Set(['system', 'developer']);
const THOUGHTS: ReadonlySet<unknown> = new Set(['thinking', 'redacted_thinking', 'reasoning']);

function takeMessage(list: unknown[], at: number, message: unknown, texts: PromptText[]): void {
  if (typeof message === 'string') {
    texts.push({
      text: message,
      put: (text) => {
        list[at] = text;
      },
    });
  } else if (isObject(message) && !UNTOUCHED.has(message.role) && !THOUGHTS.has(message.type)) {
    for (const name of ['content', 'output', 'parts']) takeContent(message, name, texts);
  }
}

function takeContent(owner: JsonObject, name: string, texts: PromptText[]): void {
  const content = owner[name];
  if (typeof content === 'string') texts.push(textAt(owner, name, content));
  if (!Array.isArray(content)) return;
  for (const part of content) {
    if (!isObject(part) || THOUGHTS.has(part.type) || part.thought === true) continue;
    if (typeof part.text === 'string') texts.push(textAt(part, 'text', part.text));
    // What a tool answered, within a message of Anthropic's.
    else if (part.type === 'tool_result') takeContent(part, 'content', texts);
  }
}

function textAt(owner: JsonObject, name: string, text: string): PromptText {
  return {
    text,
    put: (shorter) => {
      (owner as Record<string, unknown>)[name] = shorter;
    },
  };
}

/** Longer than words and ids are. */
const UNBROKEN_CHARS = 2_000;

/** Images, audio and files within JSON: models do not read them as text. */
function isMedia(value: unknown): boolean {
  return (
    typeof value === 'string' && (value.startsWith('data:') || (value.length > UNBROKEN_CHARS && !/\s/.test(value)))
  );
}
