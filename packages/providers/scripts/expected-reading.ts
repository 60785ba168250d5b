import { documentsOf, type Json, parse, type Recording } from './recorded-answer.ts';

export interface Counts {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly reasoning: number;
}

/** What a provider's own words say about a call. */
export interface Expected {
  readonly provider: string;
  readonly model: string;
  /** Undefined: no usage anywhere, or a call that only shows usage of another one. */
  readonly counts: Counts | undefined;
  /** The parts exceed their total in the provider's own figures. */
  readonly isContradictory: boolean;
  readonly hasError: boolean;
  /** What the provider says that the call cost, USD. Undefined where it does not say, or only a part of it. */
  readonly reportedUsd: number | undefined;
}

/** The oracle: knows where the figures stand, and nothing of how the product reads them. */
export function expectedReading(recording: Recording): Expected {
  const documents = documentsOf(recording);
  const isCounted = recording.method.toUpperCase() === 'POST' && !/count.?tokens$/i.test(pathOf(recording));
  const usage = isCounted ? mergedUsage(documents) : undefined;
  const counts = usage && countsOf(usage);
  return {
    provider:
      PROVIDER_BY_HOST.find(([host]) => host.test(recording.host))?.[1] ??
      `https://${recording.host}${recording.path}`.toLowerCase(),
    model: modelOf(recording, documents),
    counts,
    isContradictory:
      counts !== undefined && (counts.cacheRead + counts.cacheWrite > counts.input || counts.reasoning > counts.output),
    hasError: recording.response.status >= 400 || documents.some(hasErrorIn),
    reportedUsd: usage && reportedUsdOf(usage),
  };
}

/** OpenRouter's `cost`; with the caller's own key that is only OpenRouter's part of it. */
function reportedUsdOf({ cost, is_byok }: Json): number | undefined {
  return typeof cost === 'number' && is_byok !== true ? cost : undefined;
}

const PROVIDER_BY_HOST: readonly (readonly [RegExp, string])[] = [
  [/^api\.openai\.com$/, 'OPENAI'],
  [/^api\.anthropic\.com$/, 'ANTHROPIC'],
  [/googleapis\.com$/, 'GOOGLE'],
  [/\.openai\.azure\.com$/, 'AZURE'],
  [/^bedrock-/, 'AWS'],
  [/^openrouter\.ai$/, 'OPENROUTER'],
  [/^api\.groq\.com$/, 'GROQ'],
  [/^api\.mistral\.ai$/, 'MISTRAL'],
  [/^api\.deepseek\.com$/, 'DEEPSEEK'],
  [/^api\.cohere\.com$/, 'COHERE'],
  [/^api\.z\.ai$/, 'ZAI'],
  [/^api\.voyageai\.com$/, 'VOYAGEAI'],
  [/^router\.huggingface\.co$/, 'HUGGINGFACE'],
];

function pathOf({ path }: Recording): string {
  return path.split('?')[0] ?? '';
}

/** Objects in which usage, model and errors may stand. */
function holders(document: Json): Json[] {
  const inner = ['x_groq', 'message', 'response', 'delta'].map((key) => document[key]);
  return [document, ...inner.filter((value): value is Json => typeof value === 'object' && value !== null)];
}

/** The last usage object counts; Anthropic's later ones lack keys of the first, so they replace it key by key. */
function mergedUsage(documents: readonly Json[]): Json | undefined {
  const isOverlaid = documents.some((document) => document.type === 'message_start');
  let merged: Json | undefined;
  for (const holder of documents.flatMap(holders)) {
    const meta = holder.meta as Json | undefined;
    const found = holder.usage ?? holder.usageMetadata ?? (meta?.billed_units === undefined ? undefined : meta);
    const counts = holder.inputTextTokenCount === undefined ? found : { inputTokens: holder.inputTextTokenCount };
    if (typeof counts !== 'object' || counts === null) continue;
    const said = Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== null));
    merged = isOverlaid ? { ...merged, ...said } : said;
  }
  return merged;
}

function countsOf(usage: Json): Counts | undefined {
  const at = (...paths: string[]): number => {
    for (const path of paths) {
      let value: unknown = usage;
      for (const key of path.split('.')) value = (value as Json | undefined)?.[key];
      if (typeof value === 'number' && value !== 0) return value;
    }
    return 0;
  };
  const has = (...keys: string[]) => keys.some((key) => usage[key] !== undefined);
  if (has('promptTokenCount', 'candidatesTokenCount')) {
    return {
      input: at('promptTokenCount') + at('toolUsePromptTokenCount'),
      output: at('candidatesTokenCount') + at('thoughtsTokenCount'),
      cacheRead: at('cachedContentTokenCount'),
      cacheWrite: 0,
      reasoning: at('thoughtsTokenCount'),
    };
  }
  if (has('billed_units')) {
    const input = at('billed_units.input_tokens') + at('billed_units.image_tokens');
    return { input, output: at('billed_units.output_tokens'), cacheRead: 0, cacheWrite: 0, reasoning: 0 };
  }
  if (has('inputTokens')) {
    const cacheRead = at('cacheReadInputTokens');
    const cacheWrite = at('cacheWriteInputTokens');
    const input = at('inputTokens') + cacheRead + cacheWrite;
    return { input, output: at('outputTokens'), cacheRead, cacheWrite, reasoning: 0 };
  }
  if (has('cache_read_input_tokens', 'cache_creation_input_tokens')) {
    const cacheRead = at('cache_read_input_tokens');
    const cacheWrite = at('cache_creation_input_tokens');
    const input = at('input_tokens') + cacheRead + cacheWrite;
    return {
      input,
      output: at('output_tokens'),
      cacheRead,
      cacheWrite,
      reasoning: at('output_tokens_details.thinking_tokens'),
    };
  }
  if (!has('prompt_tokens', 'input_tokens', 'total_tokens')) return undefined;
  const output = at('completion_tokens', 'output_tokens');
  return {
    input: at('prompt_tokens', 'input_tokens') || (output === 0 ? at('total_tokens') : 0),
    output,
    cacheRead: at(
      'prompt_tokens_details.cached_tokens',
      'input_tokens_details.cached_tokens',
      'prompt_cache_hit_tokens',
      'num_cached_tokens',
      'cached_tokens',
    ),
    cacheWrite: at('prompt_tokens_details.cache_write_tokens', 'input_tokens_details.cache_write_tokens'),
    reasoning: at('completion_tokens_details.reasoning_tokens', 'output_tokens_details.reasoning_tokens'),
  };
}

/** The response's, else the request's, else the one in the path. */
function modelOf(recording: Recording, documents: readonly Json[]): string {
  for (const holder of documents.flatMap(holders)) {
    const model = holder.model ?? holder.modelVersion;
    if (typeof model === 'string' && model !== '') return model;
  }
  const request = parse(recording.request.text ?? '');
  const asked = typeof request === 'object' && request !== null ? (request as Json).model : undefined;
  if (typeof asked === 'string' && asked !== '') return asked;
  const inPath = /\/models?\/([^/]+)/.exec(pathOf(recording))?.[1] ?? '';
  return decodeURIComponent(inPath.replace(/:[a-zA-Z]+$/, ''));
}

function hasErrorIn(document: Json): boolean {
  return holders(document).some(({ error, promptFeedback }) => {
    const isRefused = typeof promptFeedback === 'object' && promptFeedback !== null && 'blockReason' in promptFeedback;
    return isRefused || (typeof error === 'object' && error !== null) || (typeof error === 'string' && error !== '');
  });
}
