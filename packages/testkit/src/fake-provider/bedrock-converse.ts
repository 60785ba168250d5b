import { callTool, countPromptTokens, fakeId, writeText } from './answer-content.ts';
import { type FrameEvent, frameReply, padding } from './bedrock-frames.ts';
import { untold } from './openai-usage.ts';
import { type FakeReply, type FakeRequest, type FakeUsage, isJsonObject, type JsonObject, jsonReply } from './reply.ts';

/**
 * `POST /model/{id}/converse` and `/converse-stream`: text, followed by a tool use where tools are offered and the last
 * message holds no result. Answers name no model.
 */
export function answerConverse(request: FakeRequest): FakeReply {
  const json = request.json ?? {};
  const tool = wantedTool(request);
  const config = isJsonObject(json.inferenceConfig) ? json.inferenceConfig : {};
  const text = writeText(request, config.maxTokens);
  const call = tool ? callTool(request, tool.name, tool.schema) : null;
  const answered = text.tokenCount + (call?.tokenCount ?? 0);
  const usage = converseUsage(modelOfPath(request.path), json, answered);
  const told = request.script.usage !== false;
  const says = told ? usage : untold(usage);
  const toolUse = call && { toolUseId: fakeId('tooluse_', request.random), name: call.name };
  const stopReason = call ? 'tool_use' : text.limited ? 'max_tokens' : 'end_turn';
  const end = { ...(told && { usage: usageBody(usage) }), metrics: { latencyMs: 420 } };

  if (request.path.endsWith('/converse')) {
    const blocks: JsonObject[] = [{ text: text.text }];
    if (call) blocks.push({ toolUse: { ...toolUse, input: JSON.parse(call.arguments) } });
    return jsonReply(200, { output: { message: { role: 'assistant', content: blocks } }, stopReason, ...end }, says);
  }

  const events: FrameEvent[] = [
    event('messageStart', { role: 'assistant' }),
    ...text.deltas.map((part) => event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: part } })),
    event('contentBlockStop', { contentBlockIndex: 0 }),
  ];
  if (call) {
    events.push(
      event('contentBlockStart', { contentBlockIndex: 1, start: { toolUse } }),
      ...call.deltas.map((part) =>
        event('contentBlockDelta', { contentBlockIndex: 1, delta: { toolUse: { input: part } } }),
      ),
      event('contentBlockStop', { contentBlockIndex: 1 }),
    );
  }
  events.push(event('messageStop', { stopReason }), event('metadata', end));
  return frameReply(events, says);
}

/** The model as a path to Bedrock names it, decoded. */
export function modelOfPath(path: string): string {
  return decodeURIComponent(/\/model\/([^/]+)\//.exec(path)?.[1] ?? '');
}

function event(type: string, payload: JsonObject): FrameEvent {
  return { type, payload: { ...payload, p: padding(JSON.stringify(payload).length) } };
}

function converseUsage(model: string, json: JsonObject, answerTokens: number): FakeUsage {
  return {
    model,
    prompt_tokens: countPromptTokens(json.system) + countPromptTokens(json.messages) + 3,
    completion_tokens: answerTokens,
    reasoning_tokens: 0,
    prompt_cache_read_tokens: 0,
    prompt_cache_write_tokens: 0,
  };
}

function usageBody(usage: FakeUsage): JsonObject {
  return {
    inputTokens: usage.prompt_tokens,
    outputTokens: usage.completion_tokens,
    totalTokens: usage.prompt_tokens! + usage.completion_tokens!,
    cacheReadInputTokens: 0,
    cacheWriteInputTokens: 0,
    serverToolUsage: {},
  };
}

function wantedTool({ json, script }: FakeRequest): { name: string; schema: unknown } | undefined {
  const tools: unknown = isJsonObject(json?.toolConfig) ? json.toolConfig.tools : undefined;
  if (script.tools === false || !Array.isArray(tools)) return undefined;
  const last: unknown = Array.isArray(json?.messages) ? json.messages.at(-1) : undefined;
  const content: unknown = isJsonObject(last) ? last.content : undefined;
  if (Array.isArray(content) && content.some((part) => isJsonObject(part) && part.toolResult)) return undefined;
  const first: unknown = tools[0];
  if (!isJsonObject(first) || !isJsonObject(first.toolSpec)) return undefined;
  const { name, inputSchema } = first.toolSpec;
  return { name: String(name), schema: isJsonObject(inputSchema) ? inputSchema.json : undefined };
}
