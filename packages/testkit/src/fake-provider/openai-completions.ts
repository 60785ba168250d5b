import { FAKE_CREATED_AT, fakeId, writeText } from './answer-content.ts';
import { SERVER_ERROR } from './openai-chat.ts';
import { chatUsage, openaiUsage, untold } from './openai-usage.ts';
import { type FakeReply, type FakeRequest, isJsonObject, jsonReply, type StreamEvent, streamReply } from './reply.ts';

/** `POST /v1/completions`, the older API of prompts. */
export function answerCompletion(request: FakeRequest): FakeReply {
  const json = request.json ?? {};
  const text = writeText(request, json.max_tokens);
  const usage = openaiUsage(request, json.prompt, text.tokenCount);
  const base = {
    id: fakeId('cmpl-', request.random),
    object: 'text_completion',
    created: FAKE_CREATED_AT,
    model: usage.model,
  };
  const choice = (part: string, finish: string | null) => ({
    text: part,
    index: 0,
    logprobs: null,
    finish_reason: finish,
  });
  const finish = text.limited ? 'length' : 'stop';
  if (json.stream !== true) {
    const told = request.script.usage !== false;
    const body = { ...base, choices: [choice(text.text, finish)], ...(told && { usage: chatUsage(usage) }) };
    return jsonReply(200, body, told ? usage : untold(usage));
  }
  const told =
    request.script.usage !== false && isJsonObject(json.stream_options) && json.stream_options.include_usage === true;
  const events: StreamEvent[] = [
    ...text.deltas.map((part) => ({ data: { ...base, choices: [choice(part, null)] } })),
    { data: { ...base, choices: [choice('', finish)] } },
    ...(told ? [{ data: { ...base, choices: [], usage: chatUsage(usage) } }] : []),
    { data: '[DONE]' },
  ];
  return streamReply(request, events, { data: SERVER_ERROR }, told ? usage : untold(usage));
}
