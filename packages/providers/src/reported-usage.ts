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
  readonly inputAudio: number;
  readonly outputAudio: number;
  /** Counted as prompt and completion tokens, but priced on their own. */
  readonly inputImage: number;
  readonly outputImage: number;
  readonly webSearches: number;
  readonly fileSearches: number;
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
  webSearches: 0,
  fileSearches: 0,
  doubtful: false,
};

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
    (promptRest === null || (promptRest >= 0 && usage.inputImage <= promptRest)) &&
    (completionRest === null || (completionRest >= 0 && usage.outputImage <= completionRest)) &&
    usage.cacheWrite1h <= usage.cacheWrite;
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
