import { crc32 } from 'node:zlib';
import type { CapturedCall } from '@throughline/providers/provider-reading';

/** One answer of a family of APIs, whole and as a stream of the same. */
export interface FamilyAnswer {
  readonly family: string;
  readonly body: CapturedCall;
  /** Text or, for frames, bytes; `events` are the JSON texts in it, to parse for comparison. */
  readonly stream: CapturedCall;
  readonly events: readonly string[];
}

/** Bytes of a JSON body, about: what an answer of two paragraphs with its usage takes. */
const BODY_BYTES = 2_000;
const EVENTS = 300;
const WORDS = 'the river rises in the mountains, bends twice and meets the sea behind the old harbour ';

const text = (bytes: number) => WORDS.repeat(Math.ceil(bytes / WORDS.length)).slice(0, bytes);
const prose = text(BODY_BYTES - 600);

/** Streams have 300 events of a few words each, as models send them. */
export function familyAnswers(): FamilyAnswer[] {
  return [chat(), responses(), messages(), gemini(), converse()];
}

function chat(): FamilyAnswer {
  const usage = {
    prompt_tokens: 900,
    completion_tokens: 300,
    total_tokens: 1200,
    prompt_tokens_details: { cached_tokens: 256, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 64, audio_tokens: 0 },
  };
  const base = { id: 'chatcmpl-1', created: 1_781_524_800, model: 'gpt-4o-2024-08-06', service_tier: 'default' };
  const chunk = (delta: object, finish: string | null) => ({
    ...base,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    usage: null,
  });
  const events = [
    ...words((content) => chunk({ content }, null)),
    chunk({}, 'stop'),
    { ...base, object: 'chat.completion.chunk', choices: [], usage },
  ];
  return sse({
    family: 'OpenAI chat',
    call: { provider: 'OPENAI', path: '/v1/chat/completions', requestText: '{"model":"gpt-4o","messages":[]}' },
    body: {
      ...base,
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content: prose }, finish_reason: 'stop' }],
      usage,
    },
    events,
    named: false,
  });
}

function responses(): FamilyAnswer {
  const whole = {
    id: 'resp_1',
    object: 'response',
    status: 'completed',
    model: 'gpt-5-2025-08-07',
    output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: prose, annotations: [] }] }],
    usage: {
      input_tokens: 900,
      input_tokens_details: { cached_tokens: 256 },
      output_tokens: 300,
      output_tokens_details: { reasoning_tokens: 64 },
      total_tokens: 1200,
    },
    service_tier: 'default',
  };
  return sse({
    family: 'OpenAI responses',
    call: { provider: 'OPENAI', path: '/v1/responses', requestText: '{"model":"gpt-5","input":"x"}' },
    body: whole,
    events: [
      { type: 'response.created', response: { ...whole, status: 'in_progress', output: [], usage: null } },
      ...words((delta) => ({
        type: 'response.output_text.delta',
        item_id: 'msg_1',
        output_index: 0,
        content_index: 0,
        delta,
      })),
      { type: 'response.completed', response: whole },
    ],
    named: true,
  });
}

function messages(): FamilyAnswer {
  const whole = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5-20250929',
    content: [{ type: 'text', text: prose }],
    stop_reason: 'end_turn',
    usage: {
      input_tokens: 100,
      cache_read_input_tokens: 800,
      cache_creation_input_tokens: 40,
      cache_creation: { ephemeral_5m_input_tokens: 40, ephemeral_1h_input_tokens: 0 },
      output_tokens: 300,
      service_tier: 'standard',
    },
  };
  return sse({
    family: 'Anthropic messages',
    call: { provider: 'ANTHROPIC', path: '/v1/messages', requestText: '{"model":"claude-sonnet-4-5","messages":[]}' },
    body: whole,
    events: [
      { type: 'message_start', message: { ...whole, content: [], stop_reason: null } },
      ...words((part) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: part } })),
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 300 } },
      { type: 'message_stop' },
    ],
    named: true,
  });
}

function gemini(): FamilyAnswer {
  const usageMetadata = {
    promptTokenCount: 900,
    candidatesTokenCount: 300,
    thoughtsTokenCount: 64,
    totalTokenCount: 1264,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: 900 }],
  };
  const chunk = (part: string, finish?: string) => ({
    candidates: [
      { content: { parts: [{ text: part }], role: 'model' }, index: 0, ...(finish && { finishReason: finish }) },
    ],
    usageMetadata,
    modelVersion: 'gemini-2.5-flash',
    responseId: 'r1',
  });
  return sse({
    family: 'Gemini',
    call: {
      provider: 'GOOGLE',
      path: '/v1beta/models/gemini-2.5-flash:streamGenerateContent',
      requestText: '{"contents":[]}',
    },
    body: chunk(prose, 'STOP'),
    events: [...words((part) => chunk(part)), chunk('', 'STOP')],
    named: false,
  });
}

function converse(): FamilyAnswer {
  const usage = {
    inputTokens: 100,
    outputTokens: 300,
    totalTokens: 1200,
    cacheReadInputTokens: 800,
    cacheWriteInputTokens: 0,
  };
  const call = {
    provider: 'AWS',
    path: '/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream',
    requestText: '{}',
  };
  const events: [type: string, payload: string][] = [
    ['messageStart', JSON.stringify({ role: 'assistant' })],
    ...words(
      (part) =>
        ['contentBlockDelta', JSON.stringify({ contentBlockIndex: 0, delta: { text: part } })] as [string, string],
    ),
    ['messageStop', JSON.stringify({ stopReason: 'end_turn' })],
    ['metadata', JSON.stringify({ usage, metrics: { latencyMs: 900 } })],
  ];
  const bytes = Buffer.concat(events.map(([type, payload]) => frame(type, payload)));
  const body = {
    output: { message: { role: 'assistant', content: [{ text: prose }] } },
    stopReason: 'end_turn',
    usage,
    metrics: { latencyMs: 900 },
  };
  return {
    family: 'Bedrock Converse',
    body: captured({ ...call, responseText: JSON.stringify(body) }),
    stream: captured({
      ...call,
      responseContentType: 'application/vnd.amazon.eventstream',
      responseText: undefined,
      responseBytes: bytes,
    }),
    events: events.map(([, payload]) => payload),
  };
}

function words<T>(make: (part: string) => T): T[] {
  return Array.from({ length: EVENTS }, (_, at) => make(WORDS.slice((at * 5) % 60, ((at * 5) % 60) + 12)));
}

function sse(answer: {
  readonly family: string;
  readonly call: Pick<CapturedCall, 'provider' | 'path' | 'requestText'>;
  readonly body: unknown;
  readonly events: readonly object[];
  /** Each event has an `event:` field equal to its type. */
  readonly named: boolean;
}): FamilyAnswer {
  const events = answer.events.map((event) => JSON.stringify(event));
  const lines = events.map(
    (data, at) => `${answer.named ? `event: ${typeOf(answer.events[at]!)}\n` : ''}data: ${data}\n\n`,
  );
  return {
    family: answer.family,
    body: captured({ ...answer.call, responseText: JSON.stringify(answer.body) }),
    stream: captured({ ...answer.call, responseContentType: 'text/event-stream', responseText: lines.join('') }),
    events,
  };
}

function typeOf(event: object): string {
  return 'type' in event ? String(event.type) : '';
}

function captured(changes: Partial<CapturedCall>): CapturedCall {
  return {
    provider: '',
    targetUrl: '',
    method: 'POST',
    path: '',
    status: 200,
    requestContentType: 'application/json',
    responseContentType: 'application/json',
    requestText: undefined,
    responseText: undefined,
    requestBytes: undefined,
    responseBytes: undefined,
    requestTruncated: false,
    responseTruncated: false,
    modelOverride: '',
    requestAt: Date.parse('2026-06-15T12:00:00Z'),
    responseHeaders: [],
    ...changes,
  };
}

/** One frame of an AWS event stream: lengths, their checksum, headers of type string, payload, checksum of all. */
function frame(type: string, payload: string): Buffer {
  const headers = Buffer.concat(
    [
      [':event-type', type] as const,
      [':content-type', 'application/json'] as const,
      [':message-type', 'event'] as const,
    ].map(([name, value]) =>
      Buffer.concat([
        Buffer.from([name.length]),
        Buffer.from(name),
        Buffer.from([7, value.length >> 8, value.length & 255]),
        Buffer.from(value),
      ]),
    ),
  );
  const body = Buffer.from(payload);
  const bytes = Buffer.alloc(16 + headers.length + body.length);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(headers.length, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  headers.copy(bytes, 12);
  body.copy(bytes, 12 + headers.length);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, bytes.length - 4)), bytes.length - 4);
  return bytes;
}
