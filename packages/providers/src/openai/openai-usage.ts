import { type JsonObject, objectAt } from '../json-object.ts';
import { CountReader, NO_USAGE, type ReportedUsage } from '../reported-usage.ts';

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
  // Embeddings have a total and no completion, and at some hosts nothing but a total.
  const input = prompt ?? (completion === null ? total : null);
  const beside = completion === null && total !== null && input !== null && total >= input ? total - input : null;
  if (input === null && completion === null && !count.doubtful) return null;
  // Perplexity's research models count reasoning and citations beside the completion, and say so by naming the latter.
  const isResearch = typeof usage.citation_tokens === 'number';
  const reasoning = count.orZero(completionDetails?.reasoning_tokens ?? (isResearch ? usage.reasoning_tokens : 0));
  // xAI counts reasoning beside completion_tokens; the total tells.
  const reasoningIsExtra =
    isResearch ||
    (reasoning > 0 &&
      total !== null &&
      prompt !== null &&
      completion !== null &&
      total === prompt + completion + reasoning);
  return {
    ...NO_USAGE,
    ...readInputDetails(count, promptDetails),
    input,
    output: completion === null ? beside : reasoningIsExtra ? completion + reasoning : completion,
    cacheRead: count.orZero(
      promptDetails?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? usage.num_cached_tokens ?? usage.cached_tokens,
    ),
    reasoning,
    ...readOutputDetails(count, completionDetails),
    citations: isResearch ? count.orZero(usage.citation_tokens) : 0,
    // Perplexity bills the searches of its research models one by one, xAI the sources that were read.
    webSearches: count.orZero(isResearch ? usage.num_search_queries : usage.num_sources_used),
    // Mistral writes an object where it counted none.
    audioSeconds: typeof usage.prompt_audio_seconds === 'number' ? count.amount(usage.prompt_audio_seconds) : 0,
    // The table has Perplexity's fee of a request for the largest context only; its answers tell the whole cost instead.
    unpriceable: usage.search_context_size === 'low' || usage.search_context_size === 'medium',
    doubtful: count.doubtful,
  };
}

/**
 * `usage` of the Responses API and of those that name their totals alike (images, transcription, realtime, manual
 * logs): `input_tokens` and `output_tokens` include their parts. Transcriptions may count seconds instead.
 *
 * @param searches fees beside tokens, counted from the output.
 * @returns null when it holds no count at all.
 */
export function readResponsesUsage(
  usage: JsonObject,
  searches: { readonly web: number; readonly file: number } = NO_SEARCHES,
): ReportedUsage | null {
  const count = new CountReader();
  const input = count.optional(usage.input_tokens);
  const output = count.optional(usage.output_tokens);
  const audioSeconds = usage.type === 'duration' ? count.amount(usage.seconds) : 0;
  if (input === null && output === null && audioSeconds === 0 && !count.doubtful) return null;
  const inputDetails = objectAt(usage, 'input_tokens_details') ?? objectAt(usage, 'input_token_details');
  const outputDetails = objectAt(usage, 'output_tokens_details') ?? objectAt(usage, 'output_token_details');
  return {
    ...NO_USAGE,
    ...readInputDetails(count, inputDetails),
    input,
    output,
    cacheRead: count.orZero(inputDetails?.cached_tokens),
    reasoning: count.orZero(outputDetails?.reasoning_tokens),
    ...readOutputDetails(count, outputDetails),
    webSearches: searches.web,
    fileSearches: searches.file,
    audioSeconds,
    doubtful: count.doubtful,
  };
}

const NO_SEARCHES = { web: 0, file: 0 };

type InputDetails = Pick<
  ReportedUsage,
  'cacheWrite' | 'inputAudio' | 'inputImage' | 'inputVideo' | 'cacheReadAudio' | 'cacheReadImage'
>;

function readInputDetails(count: CountReader, details: JsonObject | undefined): InputDetails {
  const cached = objectAt(details, 'cached_tokens_details');
  const cachedAudio = cached ? count.orZero(cached.audio_tokens) : null;
  const cachedImage = cached ? count.orZero(cached.image_tokens) : null;
  return {
    cacheWrite: count.orZero(details?.cache_write_tokens),
    inputAudio: without(count, count.orZero(details?.audio_tokens), cachedAudio),
    inputImage: without(count, count.orZero(details?.image_tokens), cachedImage),
    inputVideo: count.orZero(details?.video_tokens),
    cacheReadAudio: cachedAudio,
    cacheReadImage: cachedImage,
  };
}

function readOutputDetails(
  count: CountReader,
  details: JsonObject | undefined,
): Pick<ReportedUsage, 'outputAudio' | 'outputImage'> {
  return { outputAudio: count.orZero(details?.audio_tokens), outputImage: count.orZero(details?.image_tokens) };
}

function without(count: CountReader, all: number, cached: number | null): number {
  if (cached === null) return all;
  if (cached > all) count.doubtful = true;
  return Math.max(0, all - cached);
}
