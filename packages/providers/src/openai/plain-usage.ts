import { type ApiShape, NOTHING_READ, type StreamReader } from '../api-shape.ts';
import { boundedText, NAME_CHARS_MAX } from '../bounded-text.ts';
import { objectAt } from '../json-object.ts';
import { readError } from '../read-error.ts';
import { reportedCost } from '../reported-cost.ts';
import { chatCompletions } from './chat-completions.ts';
import { readOpenAiUsage, readResponsesUsage } from './openai-usage.ts';

/**
 * The last resort for responses of no known API: a `usage` with the names that OpenAI's APIs share with calls logged by
 * hand, or the two counts at the top level that some of the latter and Llama at Bedrock send.
 */
export const plainUsage: ApiShape = {
  id: 'plain',
  servesPath: () => false,
  fitsBody: () => true,
  fitsEvent: () => true,
  readBody(body) {
    const usage = objectAt(body, 'usage');
    const counts = usage ?? {
      input_tokens: body.prompt_token_count,
      output_tokens: body.generation_token_count,
    };
    return {
      ...NOTHING_READ,
      model: boundedText(body.model, NAME_CHARS_MAX),
      usage: readResponsesUsage(counts) ?? readOpenAiUsage(counts),
      finishReason: boundedText(body.stop_reason, NAME_CHARS_MAX),
      error: readError(body),
      ended: true,
      answered: true,
      reportedPico: usage ? reportedCost(usage) : null,
    };
  },
  openStream: (): StreamReader => chatCompletions.openStream(),
};
