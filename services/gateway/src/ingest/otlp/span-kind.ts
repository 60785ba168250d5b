import type { Span } from './read-spans.ts';
import type { SpanFacts } from './span-facts.ts';

/** What a span tells of; `none`: nothing of a session's steps, such as a query of some database. */
export type SpanKind = 'llm' | 'embedding' | 'tool' | 'vector_db' | 'data' | 'none';

/**
 * The kind of a span, by whichever conventions it follows.
 *
 * A span around others, such as an agent's, is `data` even where it repeats what the models below it used: counting that
 * again would double it.
 */
export function spanKind(span: Span, facts: SpanFacts): SpanKind {
  const openInference = KINDS.get(facts.text('openinference.span.kind').toUpperCase());
  if (openInference) return openInference;
  const vercel = vercelKind(facts.text('ai.operationId') || aiName(span.name));
  if (vercel) return vercel;
  const operation = facts.text('gen_ai.operation.name');
  if (operation !== '') return OPERATIONS.get(operation) ?? (hasUsage(facts) ? 'llm' : 'data');
  const langfuse = KINDS.get(facts.text('langfuse.observation.type').toUpperCase());
  if (langfuse) return langfuse;
  const mlflow = KINDS.get(facts.text('mlflow.spanType').replaceAll('"', '').toUpperCase());
  if (mlflow) return mlflow;
  const traceloop = facts.text('traceloop.span.kind');
  if (traceloop !== '') return traceloop === 'tool' ? 'tool' : 'data';
  const request = facts.text('llm.request.type');
  if (request !== '') return request === 'embedding' ? 'embedding' : request === 'rerank' ? 'data' : 'llm';
  if (VECTOR_STORES.has(facts.text('db.system', 'db.system.name').toLowerCase())) return 'vector_db';
  if (facts.text('gen_ai.tool.name') !== '') return 'tool';
  const names = ['gen_ai.request.model', 'gen_ai.response.model', 'llm.model_name', 'gen_ai.system'];
  return facts.text(...names) !== '' || hasUsage(facts) ? 'llm' : 'none';
}

/** OpenInference, Langfuse and MLflow, in capitals. */
const KINDS: ReadonlyMap<string, SpanKind> = new Map<string, SpanKind>([
  ...['LLM', 'GENERATION', 'CHAT_MODEL'].map((kind): [string, SpanKind] => [kind, 'llm']),
  ['EMBEDDING', 'embedding'],
  ['TOOL', 'tool'],
  ['RETRIEVER', 'vector_db'],
  ...['CHAIN', 'AGENT', 'RERANKER', 'GUARDRAIL', 'EVALUATOR', 'PROMPT', 'SPAN', 'EVENT', 'PARSER', 'UNKNOWN'].map(
    (kind): [string, SpanKind] => [kind, 'data'],
  ),
]);

/** `gen_ai.operation.name` of OpenTelemetry. */
const OPERATIONS: ReadonlyMap<string, SpanKind> = new Map([
  ['chat', 'llm'],
  ['text_completion', 'llm'],
  ['generate_content', 'llm'],
  ['embeddings', 'embedding'],
  ['execute_tool', 'tool'],
  ['retrieval', 'vector_db'],
  ['invoke_agent', 'data'],
  ['create_agent', 'data'],
  ['invoke_workflow', 'data'],
  // The AI SDK: a call to a model and the tools that it asked for.
  ['agent_step', 'data'],
]);

/** Names of `db.system`. */
const VECTOR_STORES: ReadonlySet<string> = new Set([
  'chroma',
  'lancedb',
  'marqo',
  'milvus',
  'pinecone',
  'qdrant',
  'turbopuffer',
  'weaviate',
]);

function aiName(name: string): string {
  return name.startsWith('ai.') ? name : '';
}

/** The AI SDK: a call to a model is within the span of the function that was called. */
function vercelKind(operation: string): SpanKind | undefined {
  if (operation === '') return undefined;
  if (operation === 'ai.toolCall') return 'tool';
  if (/\.do(?:Generate|Stream)$/.test(operation)) return 'llm';
  if (/\.doEmbed$/.test(operation)) return 'embedding';
  return 'data';
}

function hasUsage(facts: SpanFacts): boolean {
  return (
    facts.number('gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'llm.token_count.prompt') !== undefined
  );
}
