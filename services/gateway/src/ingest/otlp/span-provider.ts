import { loggedProvider } from '../logged-provider.ts';
import type { SpanFacts } from './span-facts.ts';

/** Whose model a span's call went to, as it is stored; `CUSTOM` when it does not say. */
export function spanProvider(facts: SpanFacts): string {
  const named = facts.text('gen_ai.provider.name', 'gen_ai.system', 'llm.provider', 'ai.model.provider', 'llm.system');
  if (named === '') return 'CUSTOM';
  const name = named.toLowerCase();
  // The AI SDK names the API as well: `openai.responses`.
  const known = ALIASES.get(name) ?? ALIASES.get(name.split('.')[0]!);
  return known ?? loggedProvider(name.split('.')[0]) ?? 'CUSTOM';
}

/** Names of OpenTelemetry, OpenLLMetry, OpenInference and the AI SDK that are not the stored one. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['amazon-bedrock', 'AWS'],
  ['aws.bedrock', 'AWS'],
  ['aws_bedrock', 'AWS'],
  ['az.ai.inference', 'AZURE'],
  ['az.ai.openai', 'AZURE'],
  ['azure.ai.inference', 'AZURE'],
  ['azure.ai.openai', 'AZURE'],
  ['azure-openai', 'AZURE'],
  ['azure_openai', 'AZURE'],
  ['gcp.gemini', 'GOOGLE'],
  ['gcp.gen_ai', 'GOOGLE'],
  ['gcp.vertex_ai', 'VERTEX'],
  ['google-generative-ai', 'GOOGLE'],
  ['google_genai', 'GOOGLE'],
  ['google-vertex', 'VERTEX'],
  ['google_vertexai', 'VERTEX'],
  ['vertex_ai', 'VERTEX'],
  ['vertexai', 'VERTEX'],
  ['fireworks_ai', 'FIREWORKS'],
  ['mistral_ai', 'MISTRAL'],
  ['mistralai', 'MISTRAL'],
  ['together_ai', 'TOGETHER'],
  ['x_ai', 'X'],
]);
