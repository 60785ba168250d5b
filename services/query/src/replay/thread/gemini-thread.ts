import { type EditableObject, isEditable } from '../lossless-json.ts';
import { canonicalArgs, type ThreadShape, textOf } from './answer-turn.ts';

/** Gemini: a content of the model made of parts, whose `functionCall` are answered by name. */
export const geminiThread: ThreadShape = {
  items: (request) => (Array.isArray(request.contents) ? request.contents : undefined),
  turnAt(items, at) {
    const content = items[at];
    if (!isEditable(content) || content.role !== 'model') return undefined;
    const parts = partsOf(content);
    const calls = parts
      .map(({ functionCall }) => functionCall)
      .filter(isEditable)
      .map((call) => ({ id: textOf(call.id), name: textOf(call.name), args: canonicalArgs(call.args) }));
    return { at, length: 1, turn: { text: parts.map(({ text }) => textOf(text)).join(''), calls } };
  },
  answerItems: ({ json, events }) => {
    const parts = (json ? [json] : events).flatMap(({ candidates }) => {
      const first: unknown = Array.isArray(candidates) ? candidates[0] : undefined;
      return isEditable(first) && isEditable(first.content) ? partsOf(first.content) : [];
    });
    return parts.length === 0 ? undefined : [{ role: 'model', parts: joinTexts(parts) }];
  },
  withCallIds: (items, ids) => {
    let at = 0;
    return items.map((content) => ({
      ...content,
      parts: partsOf(content).map((part) => {
        if (!isEditable(part.functionCall)) return part;
        const id = ids[at++];
        return id === '' ? part : { ...part, functionCall: { ...part.functionCall, id } };
      }),
    }));
  },
};

function partsOf({ parts }: EditableObject): EditableObject[] {
  return Array.isArray(parts) ? parts.filter(isEditable) : [];
}

/** Pieces of one text of a stream as one part. */
function joinTexts(parts: readonly EditableObject[]): EditableObject[] {
  const joined: EditableObject[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const isPlain = (one: EditableObject) => Object.keys(one).length === 1 && typeof one.text === 'string';
    if (last && isPlain(last) && isPlain(part)) last.text = textOf(last.text) + textOf(part.text);
    else joined.push({ ...part });
  }
  return joined;
}
