import { countPromptTokens } from './answer-content.ts';
import type { FakeRequest, FakeUsage } from './reply.ts';

/** From this many prompt tokens on OpenAI caches prompts, in steps of 128. */
const CACHED_PROMPT_TOKENS_MIN = 1024;

/** Usage of an OpenAI call: long prompts are partly read from the cache, reasoning models think first. */
export function openaiUsage(request: FakeRequest, prompt: unknown, answerTokens: number): FakeUsage {
  const model = requestedModel(request);
  const promptTokens = countPromptTokens(prompt) + 3;
  const cached = promptTokens < CACHED_PROMPT_TOKENS_MIN ? 0 : Math.floor(promptTokens / 256) * 128;
  const reasoning = /^(o\d|gpt-5)/.test(model) ? 64 * request.random.integer(1, 4) : 0;
  return {
    model: servedModel(model),
    prompt_tokens: promptTokens - cached,
    completion_tokens: answerTokens,
    reasoning_tokens: reasoning,
    prompt_cache_read_tokens: cached,
    prompt_cache_write_tokens: 0,
  };
}

/** The same in the words of chat completions and completions, where cached and reasoning tokens are contained. */
export function chatUsage(usage: FakeUsage) {
  const prompt = usage.prompt_tokens! + usage.prompt_cache_read_tokens;
  const completion = usage.completion_tokens! + usage.reasoning_tokens;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: usage.prompt_cache_read_tokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoning_tokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

/** The same in the words of the Responses API. */
export function responsesUsage(usage: FakeUsage) {
  const input = usage.prompt_tokens! + usage.prompt_cache_read_tokens;
  const output = usage.completion_tokens! + usage.reasoning_tokens;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage.prompt_cache_read_tokens },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage.reasoning_tokens },
    total_tokens: input + output,
  };
}

/** What a silent answer tells: the model, no counts. */
export function untold(usage: FakeUsage): FakeUsage {
  return {
    model: usage.model,
    prompt_tokens: null,
    completion_tokens: null,
    reasoning_tokens: 0,
    prompt_cache_read_tokens: 0,
    prompt_cache_write_tokens: 0,
  };
}

export function requestedModel({ json }: FakeRequest): string {
  return typeof json?.model === 'string' ? json.model : 'gpt-4o-mini';
}

/** Providers answer an alias with the dated model behind it. */
export function servedModel(model: string): string {
  return SERVED[model] ?? model;
}

const SERVED: Readonly<Record<string, string>> = {
  'gpt-4o-mini': 'gpt-4o-mini-2024-07-18',
  'gpt-4o': 'gpt-4o-2024-08-06',
  'gpt-4.1': 'gpt-4.1-2025-04-14',
  'gpt-4.1-mini': 'gpt-4.1-mini-2025-04-14',
  'claude-haiku-4-5': 'claude-haiku-4-5-20251001',
};
