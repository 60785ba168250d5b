import { isObject } from '@throughline/providers/json-object';
import type { SpanEvent } from './read-spans.ts';
import { parsed, type SpanFacts } from './span-facts.ts';
import { type Tree, unflatten } from './unflatten.ts';

/** A message as chat completions have it; further fields as they came. */
export interface ChatMessage {
  readonly role: string;
  readonly content: unknown;
  readonly tool_calls?: readonly unknown[];
  readonly tool_call_id?: string;
  readonly finish_reason?: string;
}

/** Attributes that hold the messages of one direction, in the order in which they are looked for. */
export interface MessageSources {
  /** JSON of messages in parts: current OpenTelemetry conventions; messages as the AI SDK has them. */
  readonly json: readonly string[];
  /** Numbered attributes: OpenLLMetry, OpenInference. */
  readonly numbered: readonly string[];
  readonly role: string;
}

export const PROMPT: MessageSources = {
  json: ['gen_ai.input.messages', 'ai.prompt.messages'],
  numbered: ['gen_ai.prompt.', 'llm.input_messages.', 'llm.prompts.'],
  role: 'user',
};

export const COMPLETION: MessageSources = {
  json: ['gen_ai.output.messages'],
  numbered: ['gen_ai.completion.', 'llm.output_messages.', 'llm.completions.'],
  role: 'assistant',
};

/** The messages of a span in one direction, `[]` when it has none. */
export function chatMessages(facts: SpanFacts, sources: MessageSources): ChatMessage[] {
  for (const key of sources.json) {
    const value = facts.json(key);
    if (Array.isArray(value)) return value.map((message) => chatMessage(message, sources.role));
  }
  for (const prefix of sources.numbered) {
    const tree = unflatten(facts.under(prefix));
    if (tree === undefined) continue;
    const list = Array.isArray(tree) ? (tree as readonly Tree[]) : [tree];
    return list.map((message) => chatMessage(message, sources.role));
  }
  return [];
}

/** Older OpenTelemetry conventions: each message is an event. */
export function eventMessages(events: readonly SpanEvent[]): { prompt: ChatMessage[]; completion: ChatMessage[] } {
  const prompt: ChatMessage[] = [];
  const completion: ChatMessage[] = [];
  for (const { name, attributes } of events) {
    const role = EVENT_ROLES.get(name);
    if (role !== undefined) {
      const said = Object.fromEntries([...attributes].map(([key, value]) => [key, parsed(value)]));
      (name === 'gen_ai.choice' ? completion : prompt).push(chatMessage(said, role));
      continue;
    }
    const inPrompt = attributes.get('gen_ai.prompt');
    if (inPrompt !== undefined) prompt.push(...messagesIn(parsed(inPrompt), 'user'));
    const inCompletion = attributes.get('gen_ai.completion');
    if (inCompletion !== undefined) completion.push(...messagesIn(parsed(inCompletion), 'assistant'));
  }
  return { prompt, completion };
}

const EVENT_ROLES: ReadonlyMap<string, string> = new Map([
  ['gen_ai.system.message', 'system'],
  ['gen_ai.user.message', 'user'],
  ['gen_ai.assistant.message', 'assistant'],
  ['gen_ai.tool.message', 'tool'],
  ['gen_ai.choice', 'assistant'],
]);

/** What a span says it was given or gave, of whatever form: messages, an object that has some, or anything else as text. */
export function messagesIn(value: unknown, role: string): ChatMessage[] {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value.map((item) => chatMessage(item, role));
  if (isObject(value) && Array.isArray(value.messages)) {
    const system = value.system ? [{ role: 'system', content: value.system }] : [];
    return [...system, ...value.messages.map((item: unknown) => chatMessage(item, role))];
  }
  if (isObject(value) && typeof value.prompt === 'string') {
    const system = value.system ? [{ role: 'system', content: value.system }] : [];
    return [...system, { role, content: value.prompt }];
  }
  return [chatMessage(value, role)];
}

function chatMessage(given: unknown, role: string): ChatMessage {
  if (!isObject(given)) return { role, content: given ?? '' };
  // OpenInference puts each one below a key of its own; so do events of choices.
  const wrapped = isObject(given.message) ? given.message : given;
  const parts = Array.isArray(wrapped.parts) ? readParts(wrapped.parts) : undefined;
  const calls = parts?.toolCalls.length ? parts.toolCalls : toolCalls(wrapped.tool_calls);
  const id = wrapped.tool_call_id ?? (wrapped.role === 'tool' ? wrapped.id : undefined) ?? parts?.toolCallId;
  const finish = given.finish_reason ?? wrapped.finish_reason;
  return {
    role: typeof wrapped.role === 'string' && wrapped.role !== '' ? wrapped.role : role,
    content: parts ? parts.content : contentOf(wrapped),
    ...(calls && { tool_calls: calls }),
    ...(typeof id === 'string' && { tool_call_id: id }),
    ...(typeof finish === 'string' && finish !== '' && { finish_reason: finish }),
  };
}

function contentOf(message: Record<string, unknown>): unknown {
  if (Array.isArray(message.contents)) {
    const contents = message.contents.map((item) =>
      isObject(item) && isObject(item.message_content) ? item.message_content : item,
    );
    return joinedTexts(contents) ?? contents;
  }
  const content = message.content ?? message.text;
  if (content === undefined) return null;
  const said = typeof content === 'string' ? parsed(content) : content;
  return Array.isArray(said) ? (joinedTexts(said) ?? said) : said;
}

/** The one text of parts that are nothing but texts. */
function joinedTexts(parts: readonly unknown[]): string | undefined {
  const texts = parts.map((part) => {
    if (!isObject(part) || (part.type !== undefined && part.type !== 'text')) return undefined;
    return part.text ?? part.content;
  });
  return texts.length > 0 && texts.every((text) => typeof text === 'string') ? texts.join('\n') : undefined;
}

interface Parts {
  readonly content: unknown;
  readonly toolCalls: readonly unknown[];
  readonly toolCallId: unknown;
}

/** Messages in parts, as current OpenTelemetry conventions have them. */
function readParts(parts: readonly unknown[]): Parts {
  const toolCallParts = parts.filter((part) => isObject(part) && part.type === 'tool_call');
  const others = parts.filter((part) => !isObject(part) || part.type !== 'tool_call');
  const answers = others.filter((part) => isObject(part) && part.type === 'tool_call_response');
  const answer = answers.length === 1 && others.length === 1 ? (answers[0] as Record<string, unknown>) : undefined;
  return {
    content: answer
      ? (answer.response ?? answer.result ?? null)
      : others.length === 0
        ? null
        : (joinedTexts(others) ?? others),
    toolCalls: toolCallParts.map((part) => toolCall(part as Record<string, unknown>)),
    toolCallId: answer?.id,
  };
}

function toolCalls(given: unknown): readonly unknown[] | undefined {
  if (!Array.isArray(given) || given.length === 0) return undefined;
  return given.map((call) => {
    if (!isObject(call)) return call;
    return toolCall(isObject(call.tool_call) ? call.tool_call : call);
  });
}

function toolCall(call: Record<string, unknown>): unknown {
  const named = isObject(call.function) ? call.function : call;
  const given = named.arguments ?? named.args ?? named.input ?? '';
  return {
    id: call.id ?? call.toolCallId,
    type: 'function',
    function: {
      name: named.name ?? named.toolName,
      arguments: typeof given === 'string' ? given : JSON.stringify(given),
    },
  };
}
