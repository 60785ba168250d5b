/**
 * One provider: everything that only differs between providers as data. To add one, add a row here; only an API of a
 * new shape needs code (README.md).
 */
export interface Provider {
  /** As stored and returned, e.g. `OPENAI`; also the NAME of `PROVIDER_<NAME>_URL`. */
  readonly name: string;
  /**
   * What selects it in `/v1/gateway/<label>` and as the first label of a Host name, lower case. The lower-cased `name`
   * always works as well.
   */
  readonly labels: readonly string[];
  /** Where calls go that name no target; null where the target depends on the account or the region. */
  readonly origin: string | null;
  /** Host names that are this provider: exact, or `*.suffix` for any name below the suffix, or `prefix.*.suffix`. */
  readonly hosts: readonly string[];
  /**
   * Its id in the price table; null where nobody publishes prices for it. `*` stands for the first segment of the path:
   * a router that puts the provider that it routes to there.
   */
  readonly priceId: string | null;
  /** What the path of a call by label begins with; `''` where any path is the provider's. */
  readonly pathPrefix: string;
}

const row = (
  name: string,
  labels: readonly string[],
  origin: string | null,
  hosts: readonly string[],
  priceId: string | null,
  pathPrefix = '',
): Provider => ({ name, labels, origin, hosts, priceId, pathPrefix });

/** In order of precedence: the first row whose host test is true wins. */
export const PROVIDERS: readonly Provider[] = [
  row(
    'OPENAI',
    ['oai'],
    'https://api.openai.com',
    ['api.openai.com', 'us.api.openai.com', 'api.us.openai.com', 'eu.api.openai.com', 'api.eu.openai.com'],
    'openai',
  ),
  row('ANTHROPIC', [], 'https://api.anthropic.com', ['api.anthropic.com'], 'anthropic'),
  row(
    'AZURE',
    [],
    null,
    ['*.openai.azure.com', '*.azure-api.net', '*.cognitiveservices.azure.com', '*.services.ai.azure.com'],
    'azure',
  ),
  row('GOOGLE', ['gemini'], 'https://generativelanguage.googleapis.com', ['*.googleapis.com'], 'google'),
  // Its hosts are Google's: only its label and its setting tell it apart.
  row('VERTEX', [], 'https://aiplatform.googleapis.com', [], 'google'),
  row('OPENROUTER', [], 'https://openrouter.ai', ['openrouter.ai', 'api.openrouter.ai'], 'openrouter'),
  row('GROQ', [], 'https://api.groq.com', ['api.groq.com'], 'groq'),
  row('TOGETHER', ['togetherai'], 'https://api.together.xyz', ['api.together.xyz', 'api.together.ai'], 'together'),
  row('FIREWORKS', [], 'https://api.fireworks.ai', ['api.fireworks.ai'], 'fireworks'),
  row('PERPLEXITY', [], 'https://api.perplexity.ai', ['api.perplexity.ai'], 'perplexity'),
  row('COHERE', [], 'https://api.cohere.com', ['api.cohere.ai', 'api.cohere.com'], 'cohere'),
  row('MISTRAL', [], 'https://api.mistral.ai', ['api.mistral.ai'], 'mistral'),
  row('DEEPSEEK', [], 'https://api.deepseek.com', ['api.deepseek.com'], 'deepseek'),
  row('X', ['xai'], 'https://api.x.ai', ['api.x.ai'], 'x-ai'),
  row('AWS', ['bedrock'], null, ['bedrock-runtime.*.amazonaws.com', 'bedrock-mantle.*.api.aws'], 'aws'),
  row('DEEPINFRA', [], 'https://api.deepinfra.com', ['api.deepinfra.com'], null),
  row('LLAMA', [], 'https://api.llama.com', ['api.llama.com'], null),
  row('NVIDIA', [], 'https://integrate.api.nvidia.com', ['integrate.api.nvidia.com'], null),
  row('ANYSCALE', [], 'https://api.endpoints.anyscale.com', ['api.endpoints.anyscale.com'], null),
  row('CLOUDFLARE', [], 'https://gateway.ai.cloudflare.com', ['gateway.ai.cloudflare.com'], 'cloudflare'),
  row('VERCEL', [], 'https://ai-gateway.vercel.sh', ['ai-gateway.vercel.sh'], null),
  row('CEREBRAS', [], 'https://api.cerebras.ai', ['api.cerebras.ai'], 'cerebras'),
  row('HYPERBOLIC', [], 'https://api.hyperbolic.xyz', ['api.hyperbolic.xyz'], null),
  row(
    'NEBIUS',
    [],
    'https://api.tokenfactory.nebius.com',
    ['api.tokenfactory.nebius.com', 'api.studio.nebius.com', 'api.studio.nebius.ai'],
    null,
  ),
  row('NOVITA', [], 'https://api.novita.ai', ['api.novita.ai'], 'novita'),
  row('PREDIBASE', [], 'https://api.app.predibase.com', ['api.app.predibase.com'], null),
  // A message queue: only what it passes on to a model is a call to a provider (wire contract 2.1).
  row('QSTASH', [], 'https://qstash.upstash.io', ['qstash.upstash.io'], null, '/llm'),
  row('FIRECRAWL', [], 'https://api.firecrawl.dev', ['api.firecrawl.dev'], null),
  row('HUGGINGFACE', [], 'https://router.huggingface.co', ['router.huggingface.co'], 'huggingface_*'),
  row('ZAI', ['z'], 'https://api.z.ai', ['api.z.ai'], 'zai'),
  row('VOYAGEAI', ['voyage'], 'https://api.voyageai.com', ['api.voyageai.com'], 'voyageai'),
  row('BASETEN', [], 'https://inference.baseten.co', ['inference.baseten.co'], 'baseten'),
  row('AVIAN', [], 'https://api.avian.io', ['api.avian.io'], 'avian'),
  row('CHUTES', [], 'https://llm.chutes.ai', ['llm.chutes.ai'], null),
  row('LEMONFOX', [], 'https://api.lemonfox.ai', ['api.lemonfox.ai'], null),
  row('CANOPYWAVE', [], 'https://inference.canopywave.io', ['inference.canopywave.io'], null),
  row('OPENPIPE', [], 'https://api.openpipe.ai', ['api.openpipe.ai', 'app.openpipe.ai'], null),
  row('AMDBARTEK', [], null, [], null),
  row('2YFV', [], null, [], null),
  row('WISDOMINANUTSHELL', [], null, [], null),
  row('HELICONE', [], null, [], null),
  row('BEDROCK', [], null, [], 'aws'),
  // A server on this machine: recognised by the whole URL (`find-provider.ts`), priced by nobody.
  row('LOCAL', [], null, [], null),
  // Calls logged by hand without naming a provider: priced by the model's name alone (`prices/price-call.ts`).
  row('CUSTOM', [], null, [], null),
];
