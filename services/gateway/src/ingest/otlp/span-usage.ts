import { readGeminiUsage } from '@throughline/providers/google/gemini-usage';
import { isObject, type JsonObject } from '@throughline/providers/json-object';
import type { SpanFacts } from './span-facts.ts';

/** Usage as chat completions report it: totals include their parts. */
export interface SpanUsage {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly total_tokens?: number;
  readonly prompt_tokens_details?: Readonly<Record<string, number>>;
  readonly completion_tokens_details?: Readonly<Record<string, number>>;
}

/** The usage that a span of a model's call reports; undefined when it reports none. */
export function spanUsage(facts: SpanFacts, isEmbedding: boolean): SpanUsage | undefined {
  const input = facts.number(...INPUT);
  const output = facts.number(...OUTPUT) ?? (isEmbedding && input !== undefined ? 0 : undefined);
  const total = facts.number(...TOTAL);
  if (input === undefined && output === undefined && total === undefined) return geminiUsage(facts);
  const cacheRead = facts.number(...CACHE_READ) ?? 0;
  const cacheWrite = facts.number(...CACHE_WRITE) ?? 0;
  const inputAudio = facts.number('llm.token_count.prompt_details.audio') ?? 0;
  const reasoning = facts.number(...REASONING) ?? 0;
  const outputAudio = facts.number('llm.token_count.completion_details.audio') ?? 0;
  const isBeside = input !== undefined && cacheRead + cacheWrite > input;
  return {
    // Conventions say that the input includes what was cached; some instrumentations pass on a provider's own figures, in
    // which it stands beside. More cached than given is only possible there.
    ...(input !== undefined && { prompt_tokens: isBeside ? input + cacheRead + cacheWrite : input }),
    ...(output !== undefined && { completion_tokens: output }),
    ...(total !== undefined && !isBeside && { total_tokens: total }),
    ...details('prompt_tokens_details', {
      cached_tokens: cacheRead,
      cache_write_tokens: cacheWrite,
      audio_tokens: inputAudio,
    }),
    ...details('completion_tokens_details', { reasoning_tokens: reasoning, audio_tokens: outputAudio }),
  };
}

/** The whole answer of a model, as instrumentations keep it. */
const ANSWERS = ['output.value', 'langfuse.observation.output', 'mlflow.spanOutputs', 'traceloop.entity.output'];

/** Gemini's own counts, out of an answer of it that the span holds: instrumentations of it often count nothing themselves. */
function geminiUsage(facts: SpanFacts): SpanUsage | undefined {
  const answer = facts.json(...ANSWERS);
  if (!isObject(answer)) return undefined;
  const metadata = answer.usageMetadata ?? answer.usage_metadata;
  const usage = isObject(metadata) ? readGeminiUsage(inCamelCase(metadata)) : null;
  if (!usage || usage.doubtful) return undefined;
  return {
    ...(usage.input !== null && { prompt_tokens: usage.input }),
    ...(usage.output !== null && { completion_tokens: usage.output }),
    ...details('prompt_tokens_details', { cached_tokens: usage.cacheRead, audio_tokens: usage.inputAudio }),
    ...details('completion_tokens_details', { reasoning_tokens: usage.reasoning, audio_tokens: usage.outputAudio }),
  };
}

/** Python writes its names in snake case, down to the lists of modalities, and `null` for what is not there. */
function inCamelCase(given: JsonObject): JsonObject {
  const entries = Object.entries(given).map(([name, value]): [string, unknown] => [
    name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    Array.isArray(value) ? value.map((one) => (isObject(one) ? inCamelCase(one) : one)) : (value ?? undefined),
  ]);
  return Object.fromEntries(entries);
}

function details(name: string, counts: Readonly<Record<string, number>>): object {
  const known = Object.entries(counts).filter(([, count]) => count > 0);
  return known.length === 0 ? {} : { [name]: Object.fromEntries(known) };
}

/** USD, where a span says what its call cost; null where it does not. */
export function spanCost(facts: SpanFacts): number | null {
  const said = facts.number('gen_ai.usage.cost', 'llm.usage.cost', 'llm.cost.total');
  if (said !== undefined) return said >= 0 ? said : null;
  const langfuse = facts.json('langfuse.observation.cost_details');
  const total = isObject(langfuse) ? langfuse.total : undefined;
  return typeof total === 'number' && total >= 0 ? total : null;
}

// Each list: OpenTelemetry now and formerly, OpenInference, the AI SDK now and formerly.
const INPUT = [
  'gen_ai.usage.input_tokens',
  'gen_ai.usage.prompt_tokens',
  'llm.token_count.prompt',
  'llm.usage.prompt_tokens',
  'ai.usage.inputTokens',
  'ai.usage.promptTokens',
  'ai.usage.tokens',
];
const OUTPUT = [
  'gen_ai.usage.output_tokens',
  'gen_ai.usage.completion_tokens',
  'llm.token_count.completion',
  'llm.usage.completion_tokens',
  'ai.usage.outputTokens',
  'ai.usage.completionTokens',
];
const TOTAL = ['llm.usage.total_tokens', 'gen_ai.usage.total_tokens', 'llm.token_count.total', 'ai.usage.totalTokens'];
const CACHE_READ = [
  'gen_ai.usage.cache_read.input_tokens',
  'gen_ai.usage.cache_read_input_tokens',
  'gen_ai.usage.input_tokens.cached',
  'gen_ai.usage.details.cache_read_tokens',
  'llm.usage.cache_read_input_tokens',
  'llm.token_count.prompt_details.cache_read',
  'ai.usage.inputTokenDetails.cacheReadTokens',
  'ai.usage.cachedInputTokens',
];
const CACHE_WRITE = [
  'gen_ai.usage.cache_creation.input_tokens',
  'gen_ai.usage.cache_creation_input_tokens',
  'gen_ai.usage.details.cache_write_tokens',
  'llm.usage.cache_creation_input_tokens',
  'llm.token_count.prompt_details.cache_write',
  'ai.usage.inputTokenDetails.cacheWriteTokens',
];
const REASONING = [
  'gen_ai.usage.reasoning.output_tokens',
  'gen_ai.usage.reasoning_tokens',
  'gen_ai.usage.output_tokens.reasoning',
  'llm.usage.reasoning_tokens',
  'llm.token_count.completion_details.reasoning',
  'ai.usage.outputTokenDetails.reasoningTokens',
  'ai.usage.reasoningTokens',
];
