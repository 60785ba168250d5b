/** What OpenTelemetry's conventions for generative AI call a call, as far as its path and provider tell. */
export interface GenAiNames {
  readonly operation: string | undefined;
  readonly provider: string | undefined;
  /** Only where the path names it. */
  readonly model: string | undefined;
}

/**
 * Reads the names of a call from where it goes; bodies are not looked into.
 *
 * @param path of the call to the provider, with or without its query.
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/
 */
export function genAiNames(provider: string, path: string): GenAiNames {
  const [bare] = path.split('?', 1);
  const operation = OPERATIONS.find(([ending]) => ending.test(bare!))?.[1];
  return {
    operation,
    provider: PROVIDER_NAMES.get(provider) ?? (STORED_NAME.test(provider) ? provider.toLowerCase() : undefined),
    model: operation && MODEL.exec(bare!)?.[1],
  };
}

const OPERATIONS: readonly (readonly [ending: RegExp, operation: string])[] = [
  [/\/chat\/completions$|\/messages$|\/responses$|\/chat$|\/converse(?:-stream)?$/, 'chat'],
  [/:(?:streamG|g)enerateContent$/, 'generate_content'],
  [/\/completions$/, 'text_completion'],
  [/\/embeddings$|\/embed$|:(?:batchE|e)mbedContents?$/, 'embeddings'],
];

/** Gemini's `/models/<model>:generateContent`, Bedrock's `/model/<model>/converse`, Azure's `/deployments/<name>/…`. */
const MODEL = /\/(?:models?|deployments)\/([^/:]+)/;

/** Where the conventions have another name than the lower-cased one. */
const PROVIDER_NAMES: ReadonlyMap<string, string> = new Map([
  ['AWS', 'aws.bedrock'],
  ['AZURE', 'azure.ai.openai'],
  ['GOOGLE', 'gcp.gemini'],
  ['VERTEX', 'gcp.vertex_ai'],
  ['MISTRAL', 'mistral_ai'],
  ['X', 'x_ai'],
]);

/** A provider of the table; anything else is the target's origin, which `server.address` holds. */
const STORED_NAME = /^[A-Z0-9_]{1,40}$/;
