import { isObject, type JsonObject, objectAt, textAt } from '../json-values.ts';

/** Events of Anthropic's messages: blocks begin, grow by deltas and are known by their index. */
export function assembleAnthropic(events: readonly JsonObject[]): JsonObject {
  const blocks = new Map<number, { block: JsonObject; texts: string[]; thoughts: string[]; json: string[] }>();
  let stopReason = '';
  for (const event of events) {
    const index = typeof event.index === 'number' ? event.index : 0;
    switch (event.type) {
      case 'content_block_start':
        blocks.set(index, { block: objectAt(event, 'content_block') ?? {}, texts: [], thoughts: [], json: [] });
        break;
      case 'content_block_delta': {
        const made = blocks.get(index) ?? { block: { type: 'text' }, texts: [], thoughts: [], json: [] };
        blocks.set(index, made);
        const { delta } = event;
        if (!isObject(delta)) break;
        made.texts.push(textAt(delta, 'text'));
        made.thoughts.push(textAt(delta, 'thinking'));
        made.json.push(textAt(delta, 'partial_json'));
        break;
      }
      case 'message_delta':
        stopReason = textAt(objectAt(event, 'delta'), 'stop_reason') || stopReason;
        break;
    }
  }
  const content = Array.from(blocks)
    .sort(([a], [b]) => a - b)
    .map(([, { block, texts, thoughts, json }]) => {
      const input = json.join('');
      return {
        ...block,
        ...(block.type === 'text' && { text: textAt(block, 'text') + texts.join('') }),
        ...(block.type === 'thinking' && { thinking: textAt(block, 'thinking') + thoughts.join('') }),
        // As it was written: a stream that was cut leaves half of it.
        ...(input !== '' && { input }),
      };
    });
  return { content, stop_reason: stopReason };
}
