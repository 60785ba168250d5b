import { type AnswerText, type AnswerToolCall, callTool, FAKE_CREATED_AT, writeText } from './answer-content.ts';
import { type ChatDialect, chatDialect } from './chat-dialect.ts';
import { openaiUsage, untold } from './openai-usage.ts';
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

/**
 * `POST /v1/chat/completions`, also as Azure, Groq and Mistral speak it: text, or a tool call where tools are offered and
 * the user spoke last.
 */
export function answerChat(request: FakeRequest): FakeReply {
  const json = request.json ?? {};
  const dialect = chatDialect(request);
  const tool = wantedTool(request);
  const text = tool ? null : writeText(request, json.max_completion_tokens ?? json.max_tokens);
  const call = tool ? callTool(request, tool.name, tool.parameters) : null;
  const content = (text ?? call)!;
  const usage = { ...openaiUsage(request, json.messages, content.tokenCount), model: dialect.model };
  const answer: ChatAnswer = {
    base: {
      id: dialect.answerId(request.random),
      created: FAKE_CREATED_AT,
      model: usage.model,
      ...dialect.fields,
    },
    callId: dialect.callId(request.random),
    text,
    call,
    finish: call ? 'tool_calls' : text!.limited ? 'length' : 'stop',
    usage,
  };
  if (json.stream === true) return streamed(request, dialect, answer);

  const told = request.script.usage !== false;
  return jsonReply(
    200,
    {
      ...answer.base,
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: text?.text ?? null,
            ...dialect.messageFields,
            ...(call && { tool_calls: [{ id: answer.callId, ...toolCall(call, call.arguments) }] }),
          },
          ...dialect.choiceFields,
          finish_reason: answer.finish,
        },
      ],
      ...(told && { usage: dialect.usage(usage) }),
      ...dialect.answerFields,
    },
    told ? usage : untold(usage),
  );
}

/** What OpenAI says when it fails, as a body or as an event inside a stream. */
export const SERVER_ERROR = {
  error: {
    message: 'The server had an error while processing your request. Sorry about that!',
    type: 'server_error',
    param: null,
    code: null,
  },
};

interface ChatAnswer {
  /** Fields of the answer and of every event. */
  readonly base: JsonObject;
  readonly callId: string;
  readonly text: AnswerText | null;
  readonly call: AnswerToolCall | null;
  readonly finish: string;
  readonly usage: FakeUsage;
}

function streamed(request: FakeRequest, dialect: ChatDialect, answer: ChatAnswer): FakeReply {
  const { base, call, callId, finish, text, usage } = answer;
  const asked = isJsonObject(request.json?.stream_options) && request.json.stream_options.include_usage === true;
  const says = request.script.usage !== false && (asked || dialect.usageInLastChunk !== undefined);
  const chunk = (delta: JsonObject, finishReason: string | null = null, more: JsonObject = {}): StreamEvent => ({
    data: {
      ...base,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, ...dialect.choiceFields, finish_reason: finishReason }],
      // While usage is to come, every chunk before it says null.
      ...(asked && dialect.usageInLastChunk === undefined && { usage: null }),
      ...more,
    },
  });
  const events: StreamEvent[] = dialect.streamBegin.map((data) => ({ data }));
  const [first, ...rest] = call
    ? dialect.wholeToolCalls
      ? [{ role: 'assistant', tool_calls: [{ index: 0, id: callId, ...toolCall(call, call.arguments) }] }]
      : [
          { role: 'assistant', content: null, tool_calls: [{ index: 0, id: callId, ...toolCall(call, '') }] },
          ...call.deltas.map((part) => ({ tool_calls: [{ index: 0, function: { arguments: part } }] })),
        ]
    : [{ role: 'assistant', content: '', ...dialect.deltaFields }, ...text!.deltas.map((part) => ({ content: part }))];
  events.push(chunk(first!, null, dialect.firstChunk), ...rest.map((delta) => chunk(delta)));
  events.push(chunk({}, finish, says ? (dialect.usageInLastChunk?.(usage) ?? {}) : {}));
  if (says && asked && dialect.usageChunk) {
    events.push({ data: { ...base, object: 'chat.completion.chunk', choices: [], usage: dialect.usage(usage) } });
  }
  events.push({ data: '[DONE]' });
  return streamReply(request, events, { data: SERVER_ERROR }, says ? usage : untold(usage));
}

function toolCall(call: AnswerToolCall, text: string): JsonObject {
  return { type: 'function', function: { name: call.name, arguments: text } };
}

function wantedTool({ json, script }: FakeRequest): { name: string; parameters: unknown } | undefined {
  if (script.tools === false || !Array.isArray(json?.tools) || json.tool_choice === 'none') return undefined;
  const last: unknown = Array.isArray(json.messages) ? json.messages.at(-1) : undefined;
  if (!isJsonObject(last) || last.role !== 'user') return undefined;
  const first: unknown = json.tools[0];
  if (!isJsonObject(first) || !isJsonObject(first.function)) return undefined;
  return { name: String(first.function.name), parameters: first.function.parameters };
}
