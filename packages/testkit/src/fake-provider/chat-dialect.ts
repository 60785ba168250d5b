import type { Random } from '../seed.ts';
import { fakeId } from './answer-content.ts';
import { chatUsage, requestedModel, servedModel } from './openai-usage.ts';
import type { FakeRequest, FakeUsage, JsonObject } from './reply.ts';

/** Where those who speak OpenAI's chat API differ from each other. */
export interface ChatDialect {
  /** As answers name it. */
  readonly model: string;
  readonly answerId: (random: Random) => string;
  readonly callId: (random: Random) => string;
  /** Further fields of the answer and of every event of a stream. */
  readonly fields: JsonObject;
  /** Further fields of an answer that is not streamed. */
  readonly answerFields: JsonObject;
  readonly choiceFields: JsonObject;
  readonly messageFields: JsonObject;
  /** Of the first event of a text. */
  readonly deltaFields: JsonObject;
  /** Tool calls come in one event, not argument by argument. */
  readonly wholeToolCalls: boolean;
  /** Events that come before those of the answer. */
  readonly streamBegin: readonly JsonObject[];
  /** Further fields of the first event of the answer. */
  readonly firstChunk: JsonObject;
  readonly usage: (usage: FakeUsage) => JsonObject;
  /** What the event with the finish reason says of usage, asked or not; undefined: usage is only told who asks. */
  readonly usageInLastChunk: ((usage: FakeUsage) => JsonObject) | undefined;
  /** Whoever asks for usage gets an event of its own for it. */
  readonly usageChunk: boolean;
}

/** By who the provider is, and for Azure by the path. */
export function chatDialect(request: FakeRequest): ChatDialect {
  const openai: ChatDialect = {
    model: servedModel(requestedModel(request)),
    answerId: (random) => fakeId('chatcmpl-', random),
    callId: (random) => fakeId('call_', random),
    fields: { service_tier: 'default', system_fingerprint: 'fp_44709d6fcb' },
    answerFields: {},
    choiceFields: { logprobs: null },
    messageFields: { refusal: null, annotations: [] },
    deltaFields: { refusal: null },
    wholeToolCalls: false,
    streamBegin: [],
    firstChunk: {},
    usage: chatUsage,
    usageInLastChunk: undefined,
    usageChunk: true,
  };
  if (request.path.includes('/openai/deployments/')) return azure(openai, request);
  if (request.vendor === 'groq') return groq(openai, request);
  if (request.vendor === 'mistral') return mistral(openai, request);
  return openai;
}

/** The path names a deployment, of which only the answer tells the model; filters are reported with everything. */
function azure(openai: ChatDialect, { path }: FakeRequest): ChatDialect {
  const deployment = decodeURIComponent(/\/deployments\/([^/]+)\//.exec(path)?.[1] ?? '');
  const known = servedModel(deployment);
  const filters = [{ prompt_index: 0, content_filter_results: FILTERED }];
  return {
    ...openai,
    model: known === deployment ? servedModel('gpt-4o-mini') : known,
    fields: { system_fingerprint: 'fp_44709d6fcb' },
    answerFields: { prompt_filter_results: filters },
    choiceFields: { logprobs: null, content_filter_results: FILTERED },
    streamBegin: [{ choices: [], created: 0, id: '', model: '', object: '', prompt_filter_results: filters }],
  };
}

const FILTERED = Object.fromEntries(
  ['hate', 'self_harm', 'sexual', 'violence'].map((kind) => [kind, { filtered: false, severity: 'safe' }]),
);

/** Times in seconds beside the counts, and all of it again under a name of its own. */
function groq(openai: ChatDialect, request: FakeRequest): ChatDialect {
  const usage = (counts: FakeUsage): JsonObject => {
    const { prompt_tokens, completion_tokens, total_tokens } = chatUsage(counts);
    return {
      queue_time: 0.0221,
      prompt_tokens,
      prompt_time: 0.0048,
      completion_tokens,
      completion_time: 0.0208,
      total_tokens,
      total_time: 0.0256,
    };
  };
  const id = 'req_01jx32wsk4fwf98jtfjm1agphs';
  return {
    ...openai,
    model: requestedModel(request),
    fields: { system_fingerprint: 'fp_179b0f92c9' },
    answerFields: { usage_breakdown: null, x_groq: { id }, service_tier: 'on_demand' },
    messageFields: {},
    deltaFields: {},
    wholeToolCalls: true,
    firstChunk: { x_groq: { id } },
    usage,
    usageInLastChunk: (counts) => ({ x_groq: { id, usage: usage(counts) } }),
  };
}

/** The last event counts, asked or not; ids are bare. */
function mistral(openai: ChatDialect, request: FakeRequest): ChatDialect {
  const usage = (counts: FakeUsage): JsonObject => {
    const { prompt_tokens, completion_tokens, total_tokens } = chatUsage(counts);
    return {
      prompt_tokens,
      total_tokens,
      completion_tokens,
      ...(counts.prompt_cache_read_tokens > 0 && {
        prompt_tokens_details: { cached_tokens: counts.prompt_cache_read_tokens },
      }),
    };
  };
  return {
    ...openai,
    model: requestedModel(request),
    answerId: (random) => Array.from({ length: 32 }, () => random.integer(0, 15).toString(16)).join(''),
    callId: (random) => fakeId('', random).slice(0, 9),
    fields: {},
    choiceFields: {},
    messageFields: { tool_calls: null },
    deltaFields: {},
    wholeToolCalls: true,
    usage,
    usageInLastChunk: (counts) => ({ usage: usage(counts) }),
    usageChunk: false,
  };
}
