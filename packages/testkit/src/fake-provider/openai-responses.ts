import { callTool, FAKE_CREATED_AT, fakeId, writeText } from './answer-content.ts';
import { openaiUsage, responsesUsage, untold } from './openai-usage.ts';
import { type FakeReply, type FakeRequest, isJsonObject, jsonReply, type StreamEvent, streamReply } from './reply.ts';

/** `POST /v1/responses`: named events when streamed, usage always in the last of them, no `[DONE]`. */
export function answerResponse(request: FakeRequest): FakeReply {
  const json = request.json ?? {};
  const tool = wantedTool(request);
  const text = tool ? null : writeText(request, json.max_output_tokens);
  const call = tool ? callTool(request, tool.name, tool.parameters) : null;
  const usage = openaiUsage(request, json.input, (text ?? call)!.tokenCount);
  const itemId = fakeId(call ? 'fc_' : 'msg_', request.random);
  const finished = call
    ? {
        id: itemId,
        type: 'function_call',
        status: 'completed',
        call_id: fakeId('call_', request.random),
        name: call.name,
        arguments: call.arguments,
      }
    : { id: itemId, type: 'message', status: 'completed', role: 'assistant', content: [textPart(text!.text)] };
  const started = call
    ? { ...finished, status: 'in_progress', arguments: '' }
    : { ...finished, status: 'in_progress', content: [] };

  const told = request.script.usage !== false;
  const incomplete = text?.limited === true;
  const base = responseBase(request, usage.model);
  const whole = {
    ...base,
    status: incomplete ? 'incomplete' : 'completed',
    incomplete_details: incomplete ? { reason: 'max_output_tokens' } : null,
    output: [finished],
    usage: told ? responsesUsage(usage) : null,
  };
  const says = told ? usage : untold(usage);
  if (json.stream !== true) return jsonReply(200, whole, says);

  const pending = { ...base, status: 'in_progress', incomplete_details: null, output: [], usage: null };
  const at = { item_id: itemId, output_index: 0 };
  const inText = { ...at, content_index: 0 };
  const content: StreamEvent['data'][] = call
    ? [
        ...call.deltas.map((delta) => ({ type: 'response.function_call_arguments.delta', ...at, delta })),
        { type: 'response.function_call_arguments.done', ...at, name: call.name, arguments: call.arguments },
      ]
    : [
        { type: 'response.content_part.added', ...inText, part: textPart('') },
        ...text!.deltas.map((delta) => ({ type: 'response.output_text.delta', ...inText, delta, logprobs: [] })),
        { type: 'response.output_text.done', ...inText, text: text!.text, logprobs: [] },
        { type: 'response.content_part.done', ...inText, part: textPart(text!.text) },
      ];
  const events = [
    { type: 'response.created', response: pending },
    { type: 'response.in_progress', response: pending },
    { type: 'response.output_item.added', output_index: 0, item: started },
    ...content,
    { type: 'response.output_item.done', output_index: 0, item: finished },
    { type: incomplete ? 'response.incomplete' : 'response.completed', response: whole },
  ].map((event, index) => named({ ...(event as { type: string }), sequence_number: index }));
  const failed = named({
    type: 'error',
    code: 'server_error',
    message: 'The server had an error while processing your request.',
    param: null,
    sequence_number: events.length,
  });
  return streamReply(request, events, failed, says);
}

function named(data: { readonly type: string; readonly sequence_number: number; readonly [key: string]: unknown }) {
  return { name: data.type, data };
}

function textPart(text: string) {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

function responseBase(request: FakeRequest, model: string) {
  const json = request.json ?? {};
  return {
    id: fakeId('resp_', request.random),
    object: 'response',
    created_at: FAKE_CREATED_AT,
    model,
    error: null,
    instructions: json.instructions ?? null,
    max_output_tokens: json.max_output_tokens ?? null,
    metadata: isJsonObject(json.metadata) ? json.metadata : {},
    parallel_tool_calls: true,
    previous_response_id: json.previous_response_id ?? null,
    reasoning: { effort: null, summary: null },
    temperature: 1,
    tool_choice: 'auto',
    tools: Array.isArray(json.tools) ? json.tools : [],
    top_p: 1,
  };
}

function wantedTool({ json, script }: FakeRequest): { name: string; parameters: unknown } | undefined {
  if (script.tools === false || !Array.isArray(json?.tools)) return undefined;
  const last: unknown = Array.isArray(json.input) ? json.input.at(-1) : undefined;
  if (isJsonObject(last) && last.type === 'function_call_output') return undefined;
  const first: unknown = json.tools.find((tool: unknown) => isJsonObject(tool) && tool.type === 'function');
  return isJsonObject(first) ? { name: String(first.name), parameters: first.parameters } : undefined;
}
