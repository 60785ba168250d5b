import type { TokenCounts } from '@throughline/contracts/request-row';

/**
 * Usage as a provider reports it, brought to one convention: `input` and `output` are totals that include every other
 * kind. Null: not reported.
 */
export interface ReportedUsage {
  readonly input: number | null;
  readonly output: number | null;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** The part of `cacheWrite` kept for one hour. */
  readonly cacheWrite1h: number;
  readonly reasoning: number;
  /** Without what of it came from the cache, where the provider tells the two apart. */
  readonly inputAudio: number;
  readonly outputAudio: number;
  /** Counted as prompt and completion tokens, but priced on their own; without what of them came from the cache. */
  readonly inputImage: number;
  readonly outputImage: number;
  readonly inputVideo: number;
  readonly outputVideo: number;
  /** Parts of `cacheRead` that have a price of their own; null: the provider does not say. */
  readonly cacheReadAudio: number | null;
  readonly cacheReadImage: number | null;
  /** Tokens billed beside `output`, which no kind that is stored holds: Perplexity's citations. */
  readonly citations: number;
  readonly webSearches: number;
  readonly fileSearches: number;
  /** Audio that was listened to and is billed by its length, seconds, fractions included. */
  readonly audioSeconds: number;
  /** Pages of documents that were read, and of those the annotated ones, which cost more. */
  readonly pages: number;
  readonly annotatedPages: number;
  /** Work that is billed beside all of these, at a price that the response does not tell: the cost is unknown. */
  readonly unpriceable: boolean;
  /** A count was negative, fractional or no number at all: nothing is computed from these figures. */
  readonly doubtful: boolean;
}

export const NO_USAGE: ReportedUsage = {
  input: null,
  output: null,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  reasoning: 0,
  inputAudio: 0,
  outputAudio: 0,
  inputImage: 0,
  outputImage: 0,
  inputVideo: 0,
  outputVideo: 0,
  cacheReadAudio: null,
  cacheReadImage: null,
  citations: 0,
  webSearches: 0,
  fileSearches: 0,
  audioSeconds: 0,
  pages: 0,
  annotatedPages: 0,
  unpriceable: false,
  doubtful: false,
};

/** Whether anything but tokens is what this call is counted in: then counts of tokens are not missing. */
export function hasOtherUnits({ audioSeconds, pages, webSearches, input, output }: ReportedUsage): boolean {
  return audioSeconds > 0 || pages > 0 || (webSearches > 0 && input === null && output === null);
}

/** Reads counts out of someone else's JSON and remembers whether one of them was none. */
export class CountReader {
  doubtful = false;

  /** A whole number ≥ 0, null when absent. */
  optional(value: unknown): number | null {
    if (value === undefined || value === null) return null;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    this.doubtful = true;
    return null;
  }

  /** A whole number ≥ 0, 0 when absent. */
  orZero(value: unknown): number {
    return this.optional(value) ?? 0;
  }

  /** A number ≥ 0 that may have a fraction, 0 when absent. */
  amount(value: unknown): number {
    if (value === undefined || value === null) return 0;
    if (typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER) return value;
    this.doubtful = true;
    return 0;
  }
}

/** Nothing was used. */
export const NO_TOKENS: TokenCounts = {
  prompt_tokens: null,
  completion_tokens: null,
  reasoning_tokens: 0,
  prompt_cache_read_tokens: 0,
  prompt_cache_write_tokens: 0,
  prompt_cache_write_1h_tokens: 0,
  prompt_audio_tokens: 0,
  completion_audio_tokens: 0,
};

/**
 * Split the totals into the kinds that are stored, which do not overlap.
 *
 * @returns `consistent` false when the parts exceed their total (some hosts count a part beside the total instead of
 * inside it): then the totals are kept as reported and no cost may be computed.
 */
export function splitUsage(usage: ReportedUsage): { readonly tokens: TokenCounts; readonly consistent: boolean } {
  const promptRest = usage.input === null ? null : usage.input - usage.cacheRead - usage.cacheWrite - usage.inputAudio;
  const completionRest = usage.output === null ? null : usage.output - usage.reasoning - usage.outputAudio;
  const consistent =
    !usage.doubtful &&
    (promptRest === null || (promptRest >= 0 && usage.inputImage + usage.inputVideo <= promptRest)) &&
    (completionRest === null || (completionRest >= 0 && usage.outputImage + usage.outputVideo <= completionRest)) &&
    (usage.cacheReadAudio ?? 0) + (usage.cacheReadImage ?? 0) <= usage.cacheRead &&
    usage.cacheWrite1h <= usage.cacheWrite &&
    usage.annotatedPages <= usage.pages;
  return {
    consistent,
    tokens: {
      prompt_tokens: promptRest !== null && promptRest < 0 ? usage.input : promptRest,
      completion_tokens: completionRest !== null && completionRest < 0 ? usage.output : completionRest,
      reasoning_tokens: usage.reasoning,
      prompt_cache_read_tokens: usage.cacheRead,
      prompt_cache_write_tokens: usage.cacheWrite,
      prompt_cache_write_1h_tokens: usage.cacheWrite1h,
      prompt_audio_tokens: usage.inputAudio,
      completion_audio_tokens: usage.outputAudio,
    },
  };
}
