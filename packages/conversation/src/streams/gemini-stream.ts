import { isObject, type JsonObject, listAt, objectAt, textAt } from '../json-values.ts';

/** Chunks of `streamGenerateContent`, each with the next parts of a candidate. Texts that follow each other are one. */
export function assembleGemini(chunks: readonly JsonObject[]): JsonObject {
  const candidates = new Map<number, { parts: JsonObject[]; finishReason: string }>();
  for (const chunk of chunks) {
    listAt(chunk, 'candidates').forEach((candidate, at) => {
      if (!isObject(candidate)) return;
      const place = typeof candidate.index === 'number' ? candidate.index : at;
      const made = candidates.get(place) ?? { parts: [], finishReason: '' };
      candidates.set(place, made);
      made.finishReason = textAt(candidate, 'finishReason') || made.finishReason;
      for (const part of listAt(objectAt(candidate, 'content'), 'parts')) if (isObject(part)) addPart(made.parts, part);
    });
  }
  const ordered = Array.from(candidates).sort(([a], [b]) => a - b);
  return {
    candidates: ordered.map(([, { parts, finishReason }]) => ({ content: { parts }, finishReason })),
  };
}

function addPart(parts: JsonObject[], part: JsonObject): void {
  const last = parts.at(-1);
  const isText = (one: JsonObject | undefined) => typeof one?.text === 'string';
  if (isText(last) && isText(part) && last!.thought === part.thought) {
    parts[parts.length - 1] = { ...last, text: `${last!.text}${part.text}` };
  } else parts.push(part);
}
