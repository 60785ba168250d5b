import { isObject, type JsonObject, listAt, objectAt, textAt } from './json-values.ts';
import type { Message, Tool } from './message.ts';
import { readMessage } from './read-message.ts';
import { readParts } from './read-part.ts';

export interface RequestReading {
  readonly messages: readonly Message[];
  readonly tools: readonly Tool[];
  /** What was asked for beside the messages, `temperature` for one, by name. */
  readonly settings: readonly (readonly [name: string, value: unknown])[];
}

/** What a request said to a model. Undefined: it is no request that is read here. */
export function readRequest(body: unknown): RequestReading | undefined {
  if (!isObject(body)) return undefined;
  const messages = [...systemOf(body), ...saidIn(body)];
  if (messages.length === 0) return undefined;
  return { messages, tools: toolsOf(body), settings: Object.entries(body).filter(([name]) => !READ.has(name)) };
}

/** Outside of the messages, as all but chat completions have it. */
function systemOf(body: JsonObject): Message[] {
  const given = body.system ?? body.instructions ?? body.preamble ?? body.systemInstruction ?? body.system_instruction;
  const parts = readParts(isObject(given) && Array.isArray(given.parts) ? given.parts : given);
  return parts.length === 0 ? [] : [{ role: 'system', name: '', parts }];
}

function saidIn(body: JsonObject): Message[] {
  const list = listAt(body, 'messages', 'contents', 'input', 'chat_history');
  const said = isTexts(list) ? [] : list.flatMap((item) => readMessage(withRole(item)) ?? []);
  const { prompt, input, inputText, texts, inputs, message, contents } = body;
  // Cohere's history goes on with `message`; elsewhere there is a list, or one text.
  const alone = said.length === 0 ? (prompt ?? input ?? inputText ?? texts ?? inputs ?? message ?? contents) : message;
  const parts = typeof alone === 'string' || isTexts(alone) ? readParts(alone) : [];
  return parts.length === 0 ? said : [...said, { role: 'user', name: '', parts }];
}

/** Gemini's contents need not say whose they are. */
function withRole(item: unknown): unknown {
  return isObject(item) && Array.isArray(item.parts) && item.role === undefined ? { ...item, role: 'user' } : item;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

function toolsOf(body: JsonObject): Tool[] {
  const given = [...listAt(body, 'tools', 'functions'), ...listAt(objectAt(body, 'toolConfig'), 'tools')];
  return given.flatMap((tool) => {
    const declared = listAt(tool, 'functionDeclarations', 'function_declarations');
    return (declared.length > 0 ? declared : [tool]).flatMap((one): Tool[] => {
      const named = objectAt(one, 'function', 'toolSpec', 'custom') ?? one;
      const name = textAt(named, 'name', 'type');
      return name === '' ? [] : [{ name, description: textAt(named, 'description') }];
    });
  });
}

const READ = new Set(
  'messages contents input chat_history system instructions preamble systemInstruction system_instruction prompt message inputText texts inputs tools functions toolConfig model'.split(
    ' ',
  ),
);
