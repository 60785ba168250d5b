import { priceCall } from '@throughline/providers/prices/price-call';
import { NO_USAGE } from '@throughline/providers/reported-usage';
import type { RecordedStep } from './recorded-steps.ts';

/**
 * What a step would cost with the tokens that it was recorded with. Of one that failed without any nothing is known: it cost
 * nothing, and may be answered this time.
 *
 * @param nowMs epoch ms: prices are today's. @returns picodollars; null where tokens or prices are not known.
 */
export function estimateStep(
  step: RecordedStep,
  as: { readonly provider: string; readonly path: string; readonly model: string },
  nowMs: number,
): bigint | null {
  const { prompt_tokens: prompt, completion_tokens: completion } = step;
  if (step.isFromCache) return null;
  if (prompt === null && completion === null) {
    // It was free, and the same call is asked for again.
    return step.costPico === 0n && as.model === step.model && !step.isError ? 0n : null;
  }
  return priceCall({
    provider: as.provider,
    path: as.path.split('?', 1)[0]!,
    models: [as.model],
    usage: {
      ...NO_USAGE,
      input:
        prompt === null
          ? null
          : prompt + step.prompt_cache_read_tokens + step.prompt_cache_write_tokens + step.prompt_audio_tokens,
      output: completion === null ? null : completion + step.reasoning_tokens + step.completion_audio_tokens,
      cacheRead: step.prompt_cache_read_tokens,
      cacheWrite: step.prompt_cache_write_tokens,
      cacheWrite1h: step.prompt_cache_write_1h_tokens,
      reasoning: step.reasoning_tokens,
      inputAudio: step.prompt_audio_tokens,
      outputAudio: step.completion_audio_tokens,
    },
    alsoBilled: [],
    billedAs: null,
    tiers: [],
    requestAt: nowMs,
  }).costPico;
}
