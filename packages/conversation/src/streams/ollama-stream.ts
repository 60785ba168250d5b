import { type JsonObject, listAt, objectAt, textAt } from '../json-values.ts';

/** Lines of Ollama's chat, or of its `generate`. */
export function assembleOllama(lines: readonly JsonObject[]): JsonObject {
  const messages = lines.map((line) => objectAt(line, 'message'));
  const message = {
    role: 'assistant',
    content: lines.map((line, index) => textAt(messages[index], 'content') + textAt(line, 'response')).join(''),
    thinking: messages.map((one) => textAt(one, 'thinking')).join(''),
    tool_calls: messages.flatMap((one) => listAt(one, 'tool_calls')),
  };
  return { message, done_reason: textAt(lines.at(-1), 'done_reason') };
}
