import { isObject, parseObject } from '@throughline/providers/json-object';

/**
 * The text of the latest user message of a chat.
 *
 * @returns its parts that are text, joined by lines; undefined where there is none: no such message, one of images alone, or
 *   no chat at all.
 */
export function latestUserText(body: string): string | undefined {
  const messages = parseObject(body)?.messages;
  if (!Array.isArray(messages)) return undefined;
  const latest = messages.findLast((message) => isObject(message) && message.role === 'user');
  const text = textOf((latest as { content?: unknown } | undefined)?.content);
  return text === '' ? undefined : text;
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : ''))
    .filter((text) => text !== '')
    .join('\n');
}
