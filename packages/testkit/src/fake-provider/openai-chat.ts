import { callTool, FAKE_CREATED_AT, fakeId, writeText } from './answer-content.ts';
import { chatUsage, openaiUsage, untold } from './openai-usage.ts';
import { type FakeReply, type FakeRequest, isJsonObject, jsonReply, type StreamEvent, streamReply } from './reply.ts';

/** `POST /v1/chat/completions`: text, or a tool call where tools are offered and the user spoke last. */
export function answerChat(request: FakeRequest): FakeReply {
  const json = request.json ?? {};
  const tool = wantedTool(request);
  const text = tool ? null : writeText(request, json.max_completion_tokens ?? json.max_tokens);
  const call = tool ? callTool(request, tool.name, tool.parameters) : null;
  const usage = openaiUsage(request, json.messages, (text ?? call)!.tokenCount);
  const finish = call ? 'tool_calls' : text!.limited ? 'length' : 'stop';
  const base = {
    id: fakeId('chatcmpl-', request.random),
    created: FAKE_CREATED_AT,
    model: usage.model,
    service_tier: 'default',
    system_fingerprint: 'fp_44709d6fcb',
  };
  const callId = fakeId('call_', request.random);

  if (json.stream !== true) {
    const message = {
      role: 'assistant',
      content: text?.text ?? null,
      refusal: null,
      annotations: [],
      ...(call && {
        tool_calls: [{ id: callId, type: 'function', function: { name: call.name, arguments: call.arguments } }],
      }),
    };
    const told = request.script.usage !== false;
    return jsonReply(
      200,
      {
        ...base,
        object: 'chat.completion',
        choices: [{ index: 0, message, logprobs: null, finish_reason: finish }],
        ...(told && { usage: chatUsage(usage) }),
      },
      told ? usage : untold(usage),
    );
  }

  const told = isJsonObject(json.stream_options) && json.stream_options.include_usage === true;
  const chunk = (delta: object, finishReason: string | null = null): StreamEvent => ({
    data: {
      ...base,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      // While usage is to come, every chunk before it says null.
      ...(told && { usage: null }),
    },
  });
  const events: StreamEvent[] = call
    ? [
        chunk({
          role: 'assistant',
          content: null,
          tool_calls: [{ index: 0, id: callId, type: 'function', function: { name: call.name, arguments: '' } }],
        }),
        ...call.deltas.map((part) => chunk({ tool_calls: [{ index: 0, function: { arguments: part } }] })),
      ]
    : [
        chunk({ role: 'assistant', content: '', refusal: null }),
        ...text!.deltas.map((part) => chunk({ content: part })),
      ];
  events.push(chunk({}, finish));
  const says = told && request.script.usage !== false;
  if (says) {
    events.push({ data: { ...base, object: 'chat.completion.chunk', choices: [], usage: chatUsage(usage) } });
  }
  events.push({ data: '[DONE]' });
  return streamReply(request, events, { data: SERVER_ERROR }, says ? usage : untold(usage));
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

function wantedTool({ json, script }: FakeRequest): { name: string; parameters: unknown } | undefined {
  if (script.tools === false || !Array.isArray(json?.tools) || json.tool_choice === 'none') return undefined;
  const last: unknown = Array.isArray(json.messages) ? json.messages.at(-1) : undefined;
  if (!isJsonObject(last) || last.role !== 'user') return undefined;
  const first: unknown = json.tools[0];
  if (!isJsonObject(first) || !isJsonObject(first.function)) return undefined;
  return { name: String(first.function.name), parameters: first.function.parameters };
}
