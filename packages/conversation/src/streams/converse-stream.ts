import { type JsonObject, objectAt, textAt } from '../json-values.ts';

/** Frames of `converse-stream`, each `{<event>: data}`. */
export function assembleConverse(frames: readonly JsonObject[]): JsonObject {
  const blocks = new Map<
    number,
    { tool: JsonObject | undefined; texts: string[]; thoughts: string[]; input: string[] }
  >();
  let stopReason = '';
  const blockOf = (data: JsonObject) => {
    const index = typeof data.contentBlockIndex === 'number' ? data.contentBlockIndex : 0;
    const made = blocks.get(index) ?? { tool: undefined, texts: [], thoughts: [], input: [] };
    blocks.set(index, made);
    return made;
  };
  for (const frame of frames) {
    const start = objectAt(frame, 'contentBlockStart');
    if (start) blockOf(start).tool = objectAt(objectAt(start, 'start'), 'toolUse');
    const delta = objectAt(frame, 'contentBlockDelta');
    if (delta) {
      const made = blockOf(delta);
      const grown = objectAt(delta, 'delta');
      made.texts.push(textAt(grown, 'text'));
      made.thoughts.push(textAt(objectAt(grown, 'reasoningContent'), 'text'));
      made.input.push(textAt(objectAt(grown, 'toolUse'), 'input'));
    }
    stopReason = textAt(objectAt(frame, 'messageStop'), 'stopReason') || stopReason;
  }
  const content = Array.from(blocks)
    .sort(([a], [b]) => a - b)
    .flatMap(([, { tool, texts, thoughts, input }]): JsonObject[] => {
      const [text, thought] = [texts.join(''), thoughts.join('')];
      return [
        ...(thought === '' ? [] : [{ reasoningContent: { reasoningText: { text: thought } } }]),
        ...(text === '' ? [] : [{ text }]),
        ...(tool ? [{ toolUse: { ...tool, input: input.join('') } }] : []),
      ];
    });
  return { output: { message: { role: 'assistant', content } }, stopReason };
}
