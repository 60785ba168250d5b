import { callTool, countPromptTokens, fakeId, writeText } from './answer-content.ts';
import { requestedModel, servedModel, untold } from './openai-usage.ts';
import {
  type FakeReply,
  type FakeRequest,
  type FakeUsage,
  isJsonObject,
  type JsonObject,
  jsonReply,
  type StreamEvent,
  streamReply,
} from './reply.ts';

/** `POST /v1/messages`: text, followed by a tool use where tools are offered and the last message holds no result. */
export function answerMessages(request: FakeRequest): FakeReply {
  const { message, events, usage } = composeMessage(request, servedModel(requestedModel(request)));
  if (request.json?.stream !== true) return jsonReply(200, message, usage);
  return streamReply(request, events.map(named), named(OVERLOADED), usage);
}

/** An answer of Claude's, whoever serves it. */
export interface ClaudeAnswer {
  /** As one body. */
  readonly message: JsonObject;
  /** As the events of a stream, in order. */
  readonly events: readonly ClaudeEvent[];
  readonly usage: FakeUsage;
}

export type ClaudeEvent = { readonly type: string; readonly [key: string]: unknown };

/** @param model as the answer names it. */
export function composeMessage(request: FakeRequest, model: string): ClaudeAnswer {
  const json = request.json ?? {};
  const tool = wantedTool(request);
  const text = writeText(request, json.max_tokens);
  const call = tool ? callTool(request, tool.name, tool.input_schema) : null;
  const usage = anthropicUsage(request, model, text.tokenCount + (call?.tokenCount ?? 0));
  const told = request.script.usage !== false;
  const toolBlock = call && {
    type: 'tool_use',
    id: fakeId('toolu_', request.random),
    name: call.name,
    input: JSON.parse(call.arguments),
  };
  const stopReason = call ? 'tool_use' : text.limited ? 'max_tokens' : 'end_turn';
  const message = {
    id: fakeId('msg_', request.random),
    type: 'message',
    role: 'assistant',
    model: usage.model,
    content: [{ type: 'text', text: text.text }, ...(toolBlock ? [toolBlock] : [])],
    stop_reason: stopReason,
    stop_sequence: null,
    ...(told && { usage: usageBody(usage) }),
  };
  const events: ClaudeEvent[] = [
    {
      type: 'message_start',
      message: {
        ...message,
        content: [],
        stop_reason: null,
        // The count of a stream's start is what was made so far, not the whole.
        ...(told && { usage: { ...usageBody(usage), output_tokens: 1 } }),
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'ping' },
    ...text.deltas.map((part) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: part },
    })),
    { type: 'content_block_stop', index: 0 },
    ...(call && toolBlock
      ? [
          { type: 'content_block_start', index: 1, content_block: { ...toolBlock, input: {} } },
          ...call.deltas.map((part) => ({
            type: 'content_block_delta',
            index: 1,
            delta: { type: 'input_json_delta', partial_json: part },
          })),
          { type: 'content_block_stop', index: 1 },
        ]
      : []),
    {
      type: 'message_delta',
      delta: { stop_reason: stopReason, stop_sequence: null },
      usage: told ? { output_tokens: usage.completion_tokens } : {},
    },
    { type: 'message_stop' },
  ];
  return { message, events, usage: told ? usage : untold(usage) };
}

/** What Anthropic says when it has no capacity: status 529, or an event inside a stream that began with 200. */
export const OVERLOADED = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };

function named(data: ClaudeEvent): StreamEvent {
  return { name: data.type, data };
}

/** Prompts with `cache_control` anywhere write their system and messages to the cache, as on a first use. */
function anthropicUsage(request: FakeRequest, model: string, answerTokens: number): FakeUsage {
  const json = request.json ?? {};
  const prompt = countPromptTokens(json.system) + countPromptTokens(json.messages) + 3;
  const written = request.body.includes('"cache_control"') ? prompt - 3 : 0;
  return {
    model,
    prompt_tokens: prompt - written,
    completion_tokens: answerTokens,
    reasoning_tokens: 0,
    prompt_cache_read_tokens: 0,
    prompt_cache_write_tokens: written,
  };
}

function usageBody(usage: FakeUsage) {
  return {
    input_tokens: usage.prompt_tokens,
    cache_creation_input_tokens: usage.prompt_cache_write_tokens,
    cache_read_input_tokens: usage.prompt_cache_read_tokens,
    cache_creation: { ephemeral_5m_input_tokens: usage.prompt_cache_write_tokens, ephemeral_1h_input_tokens: 0 },
    output_tokens: usage.completion_tokens,
    service_tier: 'standard',
  };
}

function wantedTool({ json, script }: FakeRequest): { name: string; input_schema: unknown } | undefined {
  if (script.tools === false || !Array.isArray(json?.tools)) return undefined;
  const last: unknown = Array.isArray(json.messages) ? json.messages.at(-1) : undefined;
  const content: unknown = isJsonObject(last) ? last.content : undefined;
  const answered = Array.isArray(content) && content.some((part) => isJsonObject(part) && part.type === 'tool_result');
  const first: unknown = json.tools[0];
  if (answered || !isJsonObject(first)) return undefined;
  return { name: String(first.name), input_schema: first.input_schema };
}
