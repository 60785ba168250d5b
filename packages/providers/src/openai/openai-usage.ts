import { type JsonObject, objectAt } from '../json-object.ts';
import { CountReader, type ReportedUsage } from '../reported-usage.ts';

/**
 * `usage` of chat completions, completions and embeddings, as OpenAI and the many hosts that speak its API write it.
 * Cached and audio tokens are inside `prompt_tokens`, reasoning and audio inside `completion_tokens`.
 *
 * @returns null when it holds no count at all.
 */
export function readOpenAiUsage(usage: JsonObject): ReportedUsage | null {
  const count = new CountReader();
  const total = count.optional(usage.total_tokens);
  const prompt = count.optional(usage.prompt_tokens);
  const completion = count.optional(usage.completion_tokens);
  const promptDetails = objectAt(usage, 'prompt_tokens_details');
  const completionDetails = objectAt(usage, 'completion_tokens_details');
  const reasoning = count.orZero(completionDetails?.reasoning_tokens);
  // Embeddings have a total and no completion, and at some hosts nothing but a total.
  const input = prompt ?? (completion === null ? total : null);
  const beside = completion === null && total !== null && input !== null && total >= input ? total - input : null;
  if (input === null && completion === null && !count.doubtful) return null;
  // xAI counts reasoning beside completion_tokens; the total tells.
  const reasoningIsExtra =
    reasoning > 0 &&
    total !== null &&
    prompt !== null &&
    completion !== null &&
    total === prompt + completion + reasoning;
  return {
    input,
    output: completion === null ? beside : reasoningIsExtra ? completion + reasoning : completion,
    cacheRead: count.orZero(
      promptDetails?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? usage.num_cached_tokens ?? usage.cached_tokens,
    ),
    cacheWrite: count.orZero(promptDetails?.cache_write_tokens),
    cacheWrite1h: 0,
    reasoning,
    inputAudio: count.orZero(promptDetails?.audio_tokens),
    outputAudio: count.orZero(completionDetails?.audio_tokens),
    inputImage: count.orZero(promptDetails?.image_tokens),
    outputImage: count.orZero(completionDetails?.image_tokens),
    webSearches: 0,
    fileSearches: 0,
    doubtful: count.doubtful,
  };
}

/**
 * `usage` of the Responses API and of those that name their totals alike (images, transcription, manual logs):
 * `input_tokens` and `output_tokens` include their parts.
 *
 * @param searches fees beside tokens, counted from the output.
 * @returns null when it holds no count at all.
 */
export function readResponsesUsage(
  usage: JsonObject,
  searches: { readonly web: number; readonly file: number },
): ReportedUsage | null {
  const count = new CountReader();
  const input = count.optional(usage.input_tokens);
  const output = count.optional(usage.output_tokens);
  if (input === null && output === null && !count.doubtful) return null;
  const inputDetails = objectAt(usage, 'input_tokens_details') ?? objectAt(usage, 'input_token_details');
  const outputDetails = objectAt(usage, 'output_tokens_details') ?? objectAt(usage, 'output_token_details');
  return {
    input,
    output,
    cacheRead: count.orZero(inputDetails?.cached_tokens),
    cacheWrite: count.orZero(inputDetails?.cache_write_tokens),
    cacheWrite1h: 0,
    reasoning: count.orZero(outputDetails?.reasoning_tokens),
    inputAudio: count.orZero(inputDetails?.audio_tokens),
    outputAudio: count.orZero(outputDetails?.audio_tokens),
    inputImage: count.orZero(inputDetails?.image_tokens),
    outputImage: count.orZero(outputDetails?.image_tokens),
    webSearches: searches.web,
    fileSearches: searches.file,
    doubtful: count.doubtful,
  };
}
