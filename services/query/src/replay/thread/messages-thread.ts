import { type EditableObject, isEditable, parseLossless } from '../lossless-json.ts';
import { type AnswerText, canonicalArgs, type ThreadShape, textOf } from './answer-turn.ts';
import { contentText } from './chat-thread.ts';

/** Anthropic's messages: a message of the assistant made of blocks, whose `tool_use` are answered by blocks of their ids. */
export const messagesThread: ThreadShape = {
  items: (request) => (Array.isArray(request.messages) ? request.messages : undefined),
  turnAt(items, at) {
    const message = items[at];
    if (!isEditable(message) || message.role !== 'assistant') return undefined;
    const calls = blocksOf(message)
      .filter(({ type }) => type === 'tool_use')
      .map((block) => ({ id: textOf(block.id), name: textOf(block.name), args: canonicalArgs(block.input) }));
    return { at, length: 1, turn: { text: contentText(message.content), calls } };
  },
  answerItems: (answer) => {
    const content = answer.json ? blocksOf(answer.json) : joinedBlocks(answer);
    return content.length === 0 ? undefined : [{ role: 'assistant', content }];
  },
  withCallIds: (items, ids) => {
    let at = 0;
    return items.map((message) => ({
      ...message,
      content: blocksOf(message).map((block) => (block.type === 'tool_use' ? { ...block, id: ids[at++] } : block)),
    }));
  },
};

function blocksOf({ content }: EditableObject): EditableObject[] {
  return Array.isArray(content) ? content.filter(isEditable) : [];
}

/** The blocks that the events of a stream add up to. */
function joinedBlocks({ events }: AnswerText): EditableObject[] {
  const blocks = new Map<unknown, { block: EditableObject; json: string }>();
  for (const event of events) {
    if (event.type === 'content_block_start' && isEditable(event.content_block)) {
      blocks.set(event.index, { block: { ...event.content_block }, json: '' });
    }
    const open = event.type === 'content_block_delta' ? blocks.get(event.index) : undefined;
    if (!open || !isEditable(event.delta)) continue;
    const { delta } = event;
    for (const name of ['text', 'thinking', 'signature']) {
      if (typeof delta[name] === 'string') open.block[name] = textOf(open.block[name]) + delta[name];
    }
    open.json += textOf(delta.partial_json);
  }
  return [...blocks.values()].map(({ block, json }) => {
    if (json !== '') block.input = parseLossless(json) ?? {};
    return block;
  });
}
