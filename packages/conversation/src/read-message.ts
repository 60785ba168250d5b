import { isObject, type JsonObject, listAt, objectAt, printed, textAt } from './json-values.ts';
import type { Message, Part } from './message.ts';
import { joinedText, readParts, resultPart } from './read-part.ts';

/** A message, or an item as the Responses API has them. Undefined: it is none. */
export function readMessage(item: unknown): Message | undefined {
  if (typeof item === 'string') return { role: 'user', name: '', parts: readParts(item) };
  if (!isObject(item)) return undefined;
  return readItem(item) ?? readRoleMessage(item);
}

/** What somebody said, with the calls that are beside the content in chat completions. */
function readRoleMessage(item: JsonObject): Message | undefined {
  const role = ROLES.get(textAt(item, 'role').toLowerCase());
  if (role === undefined) return undefined;
  const name = textAt(item, 'name', 'tool_name');
  const content = item.content ?? item.parts ?? item.message;
  const parts = role === 'tool' ? toolParts(item, name, content) : readParts(content);
  return { role, name, parts: [...thinking(item), ...parts, ...refusal(item), ...calls(item)] };
}

/** A result stands in the content of its own message in chat completions, or is one of its parts elsewhere. */
function toolParts(item: JsonObject, name: string, content: unknown): Part[] {
  const parts = readParts(content);
  if (parts.some(({ kind }) => kind === 'result')) return parts;
  return [resultPart(textAt(item, 'tool_call_id', 'toolCallId'), name, content, item.is_error === true)];
}

function thinking(item: JsonObject): Part[] {
  const text = textAt(item, 'reasoning_content', 'reasoning', 'thinking');
  return text === '' ? [] : [{ kind: 'thinking', text }];
}

function refusal(item: JsonObject): Part[] {
  const text = textAt(item, 'refusal');
  return text === '' ? [] : [{ kind: 'refusal', text }];
}

function calls(item: JsonObject): Part[] {
  const given = [...listAt(item, 'tool_calls', 'toolCalls'), ...[objectAt(item, 'function_call') ?? []].flat()];
  return given.map((call): Part => {
    const called = objectAt(call, 'function', 'custom') ?? call;
    const args = isObject(called) ? (called.arguments ?? called.input ?? called.parameters ?? called.args) : undefined;
    return { kind: 'call', id: textAt(call, 'id'), name: textAt(called, 'name'), args: printed(args ?? {}) };
  });
}

/** Items of the Responses API that are not messages. */
function readItem(item: JsonObject): Message | undefined {
  const type = textAt(item, 'type');
  const said = (role: Message['role'], part: Part): Message => ({ role, name: '', parts: [part] });
  if (type === 'function_call' || type === 'custom_tool_call' || type === 'mcp_call') {
    const args = printed(item.arguments ?? item.input ?? {});
    const id = textAt(item, 'call_id', 'id');
    return said('assistant', { kind: 'call', id, name: textAt(item, 'name'), args });
  }
  if (type === 'function_call_output' || type === 'custom_tool_call_output') {
    return said('tool', resultPart(textAt(item, 'call_id'), '', item.output, false));
  }
  if (type === 'reasoning') {
    const text = joinedText(listAt(item, 'summary')) || joinedText(listAt(item, 'content'));
    return said('assistant', { kind: 'thinking', text: text || '(not shown by the provider)' });
  }
  if (type === 'image_generation_call') {
    const image = textAt(item, 'result');
    return said('assistant', { kind: 'image', source: image && `data:image/png;base64,${image}` });
  }
  // Searches and the like, which the provider runs itself.
  if (type.endsWith('_call')) {
    const { type: _type, id, status: _status, ...args } = item;
    return said('assistant', { kind: 'call', id: String(id ?? ''), name: type, args: printed(args) });
  }
  return undefined;
}

const ROLES: ReadonlyMap<string, Message['role']> = new Map([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['human', 'user'],
  ['assistant', 'assistant'],
  ['model', 'assistant'],
  ['ai', 'assistant'],
  ['chatbot', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
]);
