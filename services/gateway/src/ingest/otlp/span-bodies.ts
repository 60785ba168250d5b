import { isObject } from '@throughline/providers/json-object';
import type { AttributeObject } from './attribute-value.ts';
import { type ChatMessage, COMPLETION, chatMessages, eventMessages, messagesIn, PROMPT } from './chat-messages.ts';
import type { Span } from './read-spans.ts';
import { isSecret } from './secret-attributes.ts';
import { parsed, type SpanFacts } from './span-facts.ts';
import type { SpanKind } from './span-kind.ts';
import { spanUsage } from './span-usage.ts';
import { unflatten } from './unflatten.ts';

/** The two sides of a span's step, as a log call would have them. */
export interface SpanBodies {
  readonly request: Record<string, unknown>;
  readonly response: Record<string, unknown>;
}

/** What was asked and answered, read from a span's attributes. What none of the conventions knows is kept as it came. */
export function spanBodies(span: Span, facts: SpanFacts, kind: Exclude<SpanKind, 'none'>): SpanBodies {
  const bodies = BODIES[kind](span, facts);
  const error = spanError(span, facts);
  return {
    request: { ...bodies.request, otel: provenance(span, facts) },
    response: error ? { ...bodies.response, error } : bodies.response,
  };
}

const BODIES: Record<Exclude<SpanKind, 'none'>, (span: Span, facts: SpanFacts) => SpanBodies> = {
  llm: modelBodies,
  embedding: embeddingBodies,
  tool: (span, facts) => {
    const toolName = facts.text('gen_ai.tool.name', 'tool.name', 'ai.toolCall.name', 'traceloop.entity.name');
    const id = facts.text('gen_ai.tool.call.id', 'tool_call.id', 'ai.toolCall.id');
    const given = facts.json(
      ...['gen_ai.tool.call.arguments', 'ai.toolCall.input', 'ai.toolCall.args', 'tool.parameters'],
      ...INPUT,
    );
    const output = facts.json('gen_ai.tool.call.result', 'ai.toolCall.output', 'ai.toolCall.result', ...OUTPUT);
    return {
      request: {
        _type: 'tool',
        toolName: toolName || span.name.replace(/^execute_tool /, ''),
        ...(id && { id }),
        input: given ?? null,
      },
      response: { output: output ?? null },
    };
  },
  vector_db: (_span, facts) => {
    const documents = unflatten(facts.under('retrieval.documents.'));
    const topK = facts.number('db.vector.query.top_k', 'gen_ai.request.top_k');
    return {
      request: {
        _type: 'vector_db',
        operation: facts.text('db.operation.name', 'db.operation') || 'search',
        text: facts.json('db.query.text', 'db.statement', 'gen_ai.retrieval.query.text', ...INPUT) ?? null,
        ...(topK !== undefined && { topK }),
        ...optional('databaseName', facts.text('db.system.name', 'db.system')),
        ...optional('collection', facts.text('db.collection.name', 'gen_ai.data_source.id')),
      },
      response: { matches: documents ?? facts.json('gen_ai.retrieval.documents', ...OUTPUT) ?? null },
    };
  },
  data: (span, facts) => ({
    request: { _type: 'data', name: span.name, input: facts.json(...INPUT) ?? null },
    response: { output: facts.json(...OUTPUT) ?? null },
  }),
};

/** What any kind of span was given and gave. */
const INPUT = [
  'input.value',
  'traceloop.entity.input',
  'langfuse.observation.input',
  'mlflow.spanInputs',
  'gen_ai.input.messages',
  'ai.prompt',
];
const OUTPUT = [
  'output.value',
  'traceloop.entity.output',
  'langfuse.observation.output',
  'mlflow.spanOutputs',
  'gen_ai.output.messages',
  'ai.response.text',
  'ai.response.object',
];

/** Instrumentations say things twice, in their own convention and as a whole: the longest parts of a span. */
const REPEATED: ReadonlySet<string> = new Set([
  ...INPUT,
  ...OUTPUT,
  'input.mime_type',
  'output.mime_type',
  'ai.prompt.messages',
  'ai.toolCall.args',
]);

function modelBodies(span: Span, facts: SpanFacts): SpanBodies {
  const responseModel = facts.text(...RESPONSE_MODEL);
  const model = facts.text('gen_ai.request.model') || askedModel(facts) || facts.text(...REQUEST_MODEL);
  const events = eventMessages(span.events);
  const choices = completions(facts, events.completion).map(({ finish_reason, ...message }, index) => ({
    index,
    message,
    finish_reason: finish_reason ?? finishReason(facts, index),
  }));
  const usage = spanUsage(facts, false);
  const cut = facts.text('gen_ai.response.finish_reasons');
  return {
    request: { model: model || responseModel, messages: prompts(facts, events.prompt), ...parameters(facts) },
    response: {
      ...optional('id', facts.text('gen_ai.response.id', 'ai.response.id')),
      ...optional('object', facts.text('llm.request.type')),
      model: responseModel || model,
      choices: choices.length > 0 ? choices : finishOnly(finishReason(facts, 0) ?? cut),
      ...(usage && { usage }),
    },
  };
}

function embeddingBodies(_span: Span, facts: SpanFacts): SpanBodies {
  const model = facts.text(...REQUEST_MODEL, 'embedding.model_name');
  const texts = unflatten(facts.under('embedding.embeddings.'));
  const usage = spanUsage(facts, true);
  return {
    request: {
      model,
      input: facts.json('ai.value', 'ai.values', ...INPUT) ?? embeddedTexts(texts),
      ...parameters(facts),
    },
    response: {
      object: 'list',
      model: facts.text(...RESPONSE_MODEL) || model,
      ...(usage && { usage }),
    },
  };
}

/** OpenInference overwrites the model's name with the one that answered, and keeps the parameters of the call. */
function askedModel(facts: SpanFacts): string {
  const given = facts.json('llm.invocation_parameters');
  return isObject(given) && typeof given.model === 'string' ? given.model : '';
}

const REQUEST_MODEL = ['gen_ai.request.model', 'llm.model_name', 'ai.model.id', 'langfuse.observation.model.name'];
const RESPONSE_MODEL = ['gen_ai.response.model', 'ai.response.model', 'llm.model_name'];

function prompts(facts: SpanFacts, ofEvents: readonly ChatMessage[]): readonly ChatMessage[] {
  const system = facts.json('gen_ai.system_instructions');
  const before = system === undefined ? [] : systemMessages(system);
  const messages = chatMessages(facts, PROMPT);
  if (messages.length > 0) return [...before, ...messages];
  if (ofEvents.length > 0) return [...before, ...ofEvents];
  return [...before, ...messagesIn(facts.json('gen_ai.prompt', ...INPUT), 'user')];
}

/** Instructions are parts without a message around them. */
function systemMessages(given: unknown): ChatMessage[] {
  return messagesIn(Array.isArray(given) ? [{ parts: given }] : given, 'system');
}

function completions(facts: SpanFacts, ofEvents: readonly ChatMessage[]): readonly ChatMessage[] {
  const messages = chatMessages(facts, COMPLETION);
  if (messages.length > 0) return messages;
  if (ofEvents.length > 0) return ofEvents;
  const text = facts.json('ai.response.text', 'ai.result.text', 'ai.response.object');
  const calls = facts.json('ai.response.toolCalls', 'ai.result.toolCalls');
  if (text !== undefined || Array.isArray(calls)) {
    return messagesIn([{ content: text ?? null, tool_calls: calls }], 'assistant');
  }
  return messagesIn(facts.json('gen_ai.completion', ...OUTPUT), 'assistant');
}

function finishReason(facts: SpanFacts, index: number): string | null {
  const reasons = facts.json('gen_ai.response.finish_reasons');
  const reason = Array.isArray(reasons) ? (reasons[index] ?? reasons[0]) : reasons;
  if (typeof reason === 'string' && reason !== '') return reason;
  return facts.text(...FINISH_REASON) || null;
}

const FINISH_REASON = [
  'ai.response.finishReason',
  'ai.finishReason',
  'llm.response.finish_reason',
  'llm.finish_reason',
];

/** Content is often not recorded: how the call ended stands in the same place all the same. */
function finishOnly(reason: string): object[] {
  return reason === '' ? [] : [{ index: 0, message: null, finish_reason: reason }];
}

/** Settings of the call, by the names that they have in requests. */
function parameters(facts: SpanFacts): Record<string, unknown> {
  const found = Object.create(null) as Record<string, unknown>;
  const given = facts.json('llm.invocation_parameters', 'langfuse.observation.model.parameters');
  if (isObject(given)) copyInto(found, Object.entries(given));
  // What an application attaches to its calls, which is no setting of them.
  const settings = facts.under('ai.settings.').filter(([name]) => !name.startsWith('context.'));
  copyInto(found, settings);
  copyInto(found, facts.under('gen_ai.request.'));
  const maxTokens = facts.number('gen_ai.response.max_tokens');
  if (found.max_tokens === undefined && maxTokens !== undefined) found.max_tokens = maxTokens;
  const tools = toolsOf(facts);
  if (tools !== undefined) found.tools = tools;
  const isStreaming = facts.get('llm.is_streaming') ?? facts.get('gen_ai.is_streaming');
  if (isStreaming === true) found.stream = true;
  return found;
}

function copyInto(found: Record<string, unknown>, entries: Iterable<readonly [string, unknown]>): void {
  for (const [name, value] of entries) if (!ELSEWHERE.has(name) && !isSecret(name)) found[name] = value;
}

/** Said at another place of the request, or decisive for how it is read. */
const ELSEWHERE: ReadonlySet<string> = new Set(['model', 'messages', '_type', 'user', 'otel', 'input']);

function toolsOf(facts: SpanFacts): unknown {
  const defined = facts.json('gen_ai.tool.definitions', 'gen_ai.request.tools');
  if (defined !== undefined) return defined;
  const offered = facts.get('ai.prompt.tools');
  if (Array.isArray(offered)) return offered.map(parsed);
  const tree = unflatten(facts.under('llm.request.functions.')) ?? unflatten(facts.under('llm.tools.'));
  return tree ?? undefined;
}

function embeddedTexts(tree: unknown): unknown {
  if (!Array.isArray(tree)) return null;
  return tree.map((item: unknown) =>
    isObject(item) && isObject(item.embedding) ? (item.embedding.text ?? null) : null,
  );
}

/** Of a span that says that it failed. */
function spanError(span: Span, facts: SpanFacts): { type: string; message: string } | undefined {
  const type = facts.text('error.type');
  if (!span.isError) return undefined;
  const exception = span.events.find(({ name }) => name === 'exception')?.attributes;
  return {
    type: type || String(exception?.get('exception.type') ?? '') || 'error',
    message: span.statusMessage || String(exception?.get('exception.message') ?? ''),
  };
}

/** Where the step comes from, and what of it is shown nowhere else. */
function provenance(span: Span, facts: SpanFacts): Record<string, unknown> {
  const service = span.resource.get('service.name');
  const attributes: AttributeObject | undefined = facts.rest(REPEATED);
  return {
    span: span.name,
    scope: span.scope,
    ...(typeof service === 'string' && { service }),
    ...(attributes && { attributes }),
  };
}

function optional(name: string, value: string): Record<string, string> {
  return value === '' ? {} : { [name]: value };
}
