import { isObject, type JsonObject, textAt } from './json-values.ts';
import type { StreamEvent } from './stream-events.ts';
import { assembleAnthropic } from './streams/anthropic-stream.ts';
import { assembleChat } from './streams/chat-stream.ts';
import { assembleCohere } from './streams/cohere-stream.ts';
import { assembleConverse } from './streams/converse-stream.ts';
import { assembleGemini } from './streams/gemini-stream.ts';
import { assembleOllama } from './streams/ollama-stream.ts';
import { assembleResponses } from './streams/responses-stream.ts';

/**
 * The answer that a stream comes to, in the shape that the same API has without streaming. Undefined: nobody here knows
 * events of this kind.
 */
export function assembleStream(events: readonly StreamEvent[]): JsonObject | undefined {
  const data = events.map((event) => event.data).filter(isObject);
  for (const { fits, assemble } of DIALECTS) if (data.some(fits)) return withError(assemble(data), data);
  const failed = data.find(({ error }) => error !== undefined && error !== null);
  return failed ? { error: failed.error } : undefined;
}

interface Dialect {
  readonly fits: (data: JsonObject) => boolean;
  readonly assemble: (data: readonly JsonObject[]) => JsonObject;
}

const DIALECTS: readonly Dialect[] = [
  { fits: ({ choices }) => Array.isArray(choices), assemble: assembleChat },
  { fits: (data) => textAt(data, 'type').startsWith('response.'), assemble: assembleResponses },
  { fits: (data) => /^(?:message|content_block)_/.test(textAt(data, 'type')), assemble: assembleAnthropic },
  { fits: ({ candidates }) => Array.isArray(candidates), assemble: assembleGemini },
  { fits: (data) => /^(?:message|content|tool-call|tool-plan)-/.test(textAt(data, 'type')), assemble: assembleCohere },
  { fits: (data) => 'messageStart' in data || 'contentBlockDelta' in data, assemble: assembleConverse },
  { fits: ({ done }) => typeof done === 'boolean', assemble: assembleOllama },
];

/** An error in the middle of a stream is the answer's, whatever came before it. */
function withError(answer: JsonObject, data: readonly JsonObject[]): JsonObject {
  const failed = data.find(({ error }) => error !== undefined && error !== null);
  return failed ? { ...answer, error: failed.error } : answer;
}
