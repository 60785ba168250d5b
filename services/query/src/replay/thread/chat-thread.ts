import { type EditableObject, isEditable } from '../lossless-json.ts';
import { type AnswerText, canonicalArgs, type ThreadShape, type ToolCall, textOf } from './answer-turn.ts';

/** Chat completions: a message of the assistant, whose `tool_calls` are answered by messages of their ids. */
export const chatThread: ThreadShape = {
  items: (request) => (Array.isArray(request.messages) ? request.messages : undefined),
  turnAt(items, at) {
    const message = items[at];
    if (!isEditable(message) || message.role !== 'assistant') return undefined;
    return { at, length: 1, turn: { text: contentText(message.content), calls: toolCalls(message) } };
  },
  answerItems: (answer) => {
    const message = answer.json ? firstMessage(answer.json) : joinedMessage(answer);
    if (!message) return undefined;
    const { content = null, tool_calls: calls } = message;
    const hasCalls = Array.isArray(calls) && calls.length > 0;
    if (!hasCalls && content === null) return undefined;
    return [{ role: 'assistant', content, ...(hasCalls && { tool_calls: calls }) }];
  },
  withCallIds: (items, ids) =>
    items.map((message) => {
      if (!Array.isArray(message.tool_calls)) return message;
      const calls: unknown[] = message.tool_calls;
      return { ...message, tool_calls: calls.map((call, at) => (isEditable(call) ? { ...call, id: ids[at] } : call)) };
    }),
};

/** Text of a content, which is one, or parts. */
export function contentText(content: unknown): string {
  if (!Array.isArray(content)) return textOf(content);
  const parts: unknown[] = content;
  return parts.map((part) => (isEditable(part) ? textOf(part.text) : '')).join('');
}

function toolCalls({ tool_calls: calls }: EditableObject): ToolCall[] {
  if (!Array.isArray(calls)) return [];
  return calls.filter(isEditable).map((call) => {
    const called = isEditable(call.function) ? call.function : {};
    return { id: textOf(call.id), name: textOf(called.name), args: canonicalArgs(called.arguments) };
  });
}

function firstMessage({ choices }: EditableObject): EditableObject | undefined {
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  return isEditable(first) && isEditable(first.message) ? first.message : undefined;
}

/** The message that the deltas of a stream add up to. */
function joinedMessage({ events }: AnswerText): EditableObject | undefined {
  let content = '';
  let isBegun = false;
  const calls = new Map<number, { id: string; name: string; args: string }>();
  for (const { choices } of events) {
    const first: unknown = Array.isArray(choices)
      ? choices.find((choice) => isEditable(choice) && (choice.index ?? 0) === 0)
      : undefined;
    if (!isEditable(first) || !isEditable(first.delta)) continue;
    isBegun = true;
    const { delta } = first;
    content += textOf(delta.content);
    for (const part of Array.isArray(delta.tool_calls) ? delta.tool_calls.filter(isEditable) : []) {
      const index = typeof part.index === 'number' ? part.index : calls.size;
      const call = calls.get(index) ?? { id: '', name: '', args: '' };
      calls.set(index, call);
      const called = isEditable(part.function) ? part.function : {};
      call.id ||= textOf(part.id);
      call.name ||= textOf(called.name);
      call.args += textOf(called.arguments);
    }
  }
  if (!isBegun) return undefined;
  const made = [...calls.values()].map(({ id, name, args }) => ({
    id,
    type: 'function',
    function: { name, arguments: args },
  }));
  return { content: content === '' && made.length > 0 ? null : content, tool_calls: made };
}
