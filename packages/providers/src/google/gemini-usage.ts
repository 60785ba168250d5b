import { isObject, type JsonObject } from '../json-object.ts';
import { CountReader, NO_USAGE, type ReportedUsage } from '../reported-usage.ts';

/**
 * `usageMetadata` of Gemini, here and at Vertex. Cached tokens are inside `promptTokenCount`; thoughts and the prompts
 * of tools are counted beside prompt and candidates. Counts of zero are left out, as protocol buffers do.
 *
 * @returns null when it holds no count of what went in.
 */
export function readGeminiUsage(usage: JsonObject): ReportedUsage | null {
  const count = new CountReader();
  const prompt = count.optional(usage.promptTokenCount);
  const total = count.optional(usage.totalTokenCount);
  const candidates = count.optional(usage.candidatesTokenCount);
  if (prompt === null && candidates === null && !count.doubtful) return null;
  const thoughts = count.orZero(usage.thoughtsTokenCount);
  const toolPrompt = count.orZero(usage.toolUsePromptTokenCount);
  const input = (prompt ?? 0) + toolPrompt;
  // Where the candidates are left out, the total tells whether that means none.
  const output =
    candidates === null && total !== null ? Math.max(thoughts, total - input) : (candidates ?? 0) + thoughts;
  if (total !== null && total < input + output) count.doubtful = true;
  const prompted = [usage.promptTokensDetails ?? usage.promptTokenDetails, usage.toolUsePromptTokensDetails];
  const cached = [usage.cacheTokensDetails ?? usage.cacheTokenDetails];
  const answered = [usage.candidatesTokensDetails ?? usage.responseTokensDetails];
  const cacheRead = count.orZero(usage.cachedContentTokenCount);
  const isCacheSplit = Array.isArray(cached[0]);
  const notCached = (modality: string) =>
    Math.max(0, sumOf(count, prompted, modality) - sumOf(count, cached, modality));
  return {
    ...NO_USAGE,
    input,
    output,
    cacheRead,
    cacheReadAudio: isCacheSplit ? sumOf(count, cached, 'AUDIO') : null,
    cacheReadImage: isCacheSplit ? sumOf(count, cached, 'IMAGE') : null,
    reasoning: thoughts,
    inputAudio: notCached('AUDIO'),
    inputImage: notCached('IMAGE'),
    inputVideo: notCached('VIDEO'),
    outputAudio: sumOf(count, answered, 'AUDIO'),
    outputImage: sumOf(count, answered, 'IMAGE'),
    outputVideo: sumOf(count, answered, 'VIDEO'),
    doubtful: count.doubtful,
  };
}

/** Tokens of one modality in lists of `{modality, tokenCount}`. */
function sumOf(count: CountReader, lists: readonly unknown[], modality: string): number {
  let sum = 0;
  for (const list of lists) {
    if (!Array.isArray(list)) continue;
    for (const entry of list) {
      if (isObject(entry) && entry.modality === modality) sum += count.orZero(entry.tokenCount);
    }
  }
  return sum;
}

/** What changes the price: the tier of the Gemini API, and how Vertex took the call. */
export function geminiTiers(usage: JsonObject): string[] {
  const tiers: string[] = [];
  for (const term of [usage.serviceTier, usage.trafficType]) {
    if (typeof term === 'string' && term !== '') tiers.push(term.toLowerCase());
  }
  return tiers;
}
