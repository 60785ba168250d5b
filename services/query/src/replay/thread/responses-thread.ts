import { type EditableObject, isEditable } from '../lossless-json.ts';
import { type AnswerText, canonicalArgs, type ThreadShape, type ToolCall, textOf } from './answer-turn.ts';
import { contentText } from './chat-thread.ts';

/** OpenAI's responses: a run of items, whose `function_call` are answered by items of their `call_id`. */
export const responsesThread: ThreadShape = {
  items: (request) => (Array.isArray(request.input) ? request.input : undefined),
  turnAt(items, at) {
    let end = at;
    while (end < items.length && isAnswerItem(items[end])) end++;
    const own = items.slice(at, end).filter(isEditable);
    if (!own.some(({ type }) => type !== 'reasoning')) return undefined;
    const calls = own
      .filter(({ type }) => type === 'function_call')
      .map(
        (item): ToolCall => ({
          id: textOf(item.call_id),
          name: textOf(item.name),
          args: canonicalArgs(item.arguments),
        }),
      );
    return { at, length: end - at, turn: { text: own.map(({ content }) => contentText(content)).join(''), calls } };
  },
  answerItems: (answer) => {
    const output = responseOf(answer)?.output;
    const items = (Array.isArray(output) ? output : []).filter(isEditable).filter(isAnswerItem);
    return items.some(({ type }) => type !== 'reasoning') ? items : undefined;
  },
  withCallIds: (items, ids) => {
    let at = 0;
    return items.map((item) => (item.type === 'function_call' ? { ...item, call_id: ids[at++] } : item));
  },
};

/** The id under which the provider stores a response: what `previous_response_id` of the next one names. */
export function responseId(answer: AnswerText): string {
  return textOf(responseOf(answer)?.id);
}

function responseOf({ json, events }: AnswerText): EditableObject | undefined {
  if (json) return json;
  const last = events.findLast(({ type }) => type === 'response.completed' || type === 'response.incomplete');
  return last && isEditable(last.response) ? last.response : undefined;
}

/** What an assistant says, thinks and calls; not what tools of the provider's own did. */
function isAnswerItem(item: unknown): boolean {
  if (!isEditable(item)) return false;
  if (item.type === 'function_call' || item.type === 'reasoning') return true;
  return item.role === 'assistant' && (item.type === undefined || item.type === 'message');
}
