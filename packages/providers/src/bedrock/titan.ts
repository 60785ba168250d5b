import { type ApiShape, NOTHING_READ, type StreamReader } from '../api-shape.ts';
import { boundedText, NAME_CHARS_MAX } from '../bounded-text.ts';
import { isObject, type JsonObject } from '../json-object.ts';
import { chatCompletions } from '../openai/chat-completions.ts';
import { readError } from '../read-error.ts';
import { CountReader, NO_USAGE } from '../reported-usage.ts';

/** Amazon Titan, text and embeddings, by `invoke`: counts stand at the top level and in each result. */
export const titan: ApiShape = {
  id: 'bedrock-titan',
  servesPath: () => false,
  fitsBody: (body) => body.inputTextTokenCount !== undefined,
  fitsEvent: () => false,
  readBody(body) {
    const count = new CountReader();
    const input = count.optional(body.inputTextTokenCount);
    const results = Array.isArray(body.results) ? body.results.filter(isObject) : [];
    // Embeddings have no output.
    let output = 0;
    for (const result of results) output += count.orZero(result.tokenCount);
    return {
      ...NOTHING_READ,
      usage: { ...NO_USAGE, input, output, doubtful: count.doubtful },
      finishReason: boundedText(results[0]?.completionReason, NAME_CHARS_MAX),
      error: readError(body),
      ended: true,
      answered: hasAnswer(body),
    };
  },
  openStream: (): StreamReader => chatCompletions.openStream(),
};

function hasAnswer(body: JsonObject): boolean {
  return body.results !== undefined || body.embedding !== undefined || body.embeddingsByType !== undefined;
}
