import { describe, expect, test } from '@jest/globals';
import { readCall } from '@throughline/providers/read-call';
import { GATEWAY_DEFAULTS } from '../../src/gateway-config.ts';
import { type LoggedFacts, loggedEvent } from '../../src/ingest/logged-event.ts';
import { readSpans } from '../../src/ingest/otlp/read-spans.ts';
import { readSpanBatch } from '../../src/ingest/otlp/span-log.ts';
import { CallHeaders } from '../../src/request/call-headers.ts';
import { type Attributes, type MadeSpan, otlpExport, otlpSpan, START_MS } from '../support/otlp-spans.ts';

function steps(spans: readonly MadeSpan[], resource?: Attributes, headers: string[] = []): (LoggedFacts | undefined)[] {
  const { spans: read, rejected } = readSpans(otlpExport(spans.map(otlpSpan), resource));
  expect(rejected).toBe(0);
  const batch = readSpanBatch(read, new CallHeaders(headers), GATEWAY_DEFAULTS);
  return Array.from({ length: batch.size }, (_, at) => batch.step(at));
}

const step = (span: MadeSpan) => steps([span])[0]!;
const json = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString());
const request = (facts: LoggedFacts) => json(facts.requestBody.bytes);
const response = (facts: LoggedFacts) => json(facts.responseBody.bytes);

/** What the aggregator reads of the step's bodies. */
function reading(facts: LoggedFacts) {
  return readCall({
    provider: facts.provider,
    targetUrl: facts.url,
    method: facts.method,
    path: facts.url,
    status: facts.status,
    requestContentType: facts.requestBody.content_type,
    responseContentType: facts.responseBody.content_type,
    requestText: Buffer.from(facts.requestBody.bytes).toString(),
    responseText: Buffer.from(facts.responseBody.bytes).toString(),
    requestBytes: undefined,
    responseBytes: undefined,
    requestTruncated: false,
    responseTruncated: false,
    modelOverride: facts.modelOverride,
    requestAt: facts.requestAt,
    responseHeaders: [],
    logged: { costUsd: facts.logged.cost_usd },
  });
}

const USER = { role: 'user', content: 'Which step was slow?' };
const ANSWER = { role: 'assistant', content: 'The third.' };
const CALLS = [{ id: 'c1', type: 'function', function: { name: 'search', arguments: '{"q":"x"}' } }];
const SEEN = {
  stepKind: 'llm',
  model: 'gpt-4o-mini-2024-07-18',
  requestModel: 'gpt-4o-mini',
  tokens: { prompt_tokens: 900, completion_tokens: 400, prompt_cache_read_tokens: 100, reasoning_tokens: 100 },
  usageComplete: true,
  finishReason: 'stop',
  error: null,
  costSource: 'table',
  // 900 × 0.15 + 100 × 0.075 + 500 × 0.60 USD per million.
  costPico: 900n * 150_000n + 100n * 75_000n + 500n * 600_000n,
};

const conventions: [string, MadeSpan][] = [
  [
    'OpenTelemetry, current',
    {
      name: 'chat gpt-4o-mini',
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-4o-mini',
        'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
        'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: USER.content }] }]),
        'gen_ai.output.messages': [
          {
            role: 'assistant',
            parts: [
              { type: 'text', content: ANSWER.content },
              { type: 'tool_call', id: 'c1', name: 'search', arguments: { q: 'x' } },
            ],
            finish_reason: 'stop',
          },
        ],
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.usage.input_tokens': 1_000,
        'gen_ai.usage.output_tokens': 500,
        'gen_ai.usage.cache_read.input_tokens': 100,
        'gen_ai.usage.reasoning.output_tokens': 100,
      },
    },
  ],
  [
    'OpenTelemetry, with a message per event',
    {
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.system': 'openai',
        'gen_ai.request.model': 'gpt-4o-mini',
        'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
        'gen_ai.usage.prompt_tokens': 1_000,
        'gen_ai.usage.completion_tokens': 500,
        'gen_ai.usage.cache_read_input_tokens': 100,
        'gen_ai.usage.reasoning_tokens': 100,
      },
      events: [
        { name: 'gen_ai.user.message', attributes: { content: USER.content } },
        {
          name: 'gen_ai.choice',
          attributes: {
            index: 0,
            finish_reason: 'stop',
            message: JSON.stringify({ ...ANSWER, tool_calls: CALLS }),
          },
        },
      ],
    },
  ],
  [
    'OpenLLMetry',
    {
      name: 'openai.chat',
      attributes: {
        'gen_ai.system': 'OpenAI',
        'llm.request.type': 'chat',
        'gen_ai.request.model': 'gpt-4o-mini',
        'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
        'gen_ai.prompt.0.role': 'user',
        'gen_ai.prompt.0.content': USER.content,
        'gen_ai.completion.0.role': 'assistant',
        'gen_ai.completion.0.content': ANSWER.content,
        'gen_ai.completion.0.finish_reason': 'stop',
        'gen_ai.completion.0.tool_calls.0.id': 'c1',
        'gen_ai.completion.0.tool_calls.0.name': 'search',
        'gen_ai.completion.0.tool_calls.0.arguments': '{"q":"x"}',
        'gen_ai.usage.input_tokens': 1_000,
        'gen_ai.usage.output_tokens': 500,
        'llm.usage.total_tokens': 1_500,
        'gen_ai.usage.cache_read_input_tokens': 100,
        'gen_ai.usage.reasoning_tokens': 100,
      },
    },
  ],
  [
    'OpenInference',
    {
      name: 'ChatCompletion',
      attributes: {
        'openinference.span.kind': 'LLM',
        'llm.provider': 'openai',
        'llm.system': 'openai',
        'llm.model_name': 'gpt-4o-mini-2024-07-18',
        'llm.invocation_parameters': '{"model":"gpt-4o-mini","temperature":0.5}',
        'input.value': 'all of it once more',
        'llm.input_messages.0.message.role': 'user',
        'llm.input_messages.0.message.contents.0.message_content.type': 'text',
        'llm.input_messages.0.message.contents.0.message_content.text': USER.content,
        'llm.output_messages.0.message.role': 'assistant',
        'llm.output_messages.0.message.content': ANSWER.content,
        'llm.output_messages.0.message.finish_reason': 'stop',
        'llm.output_messages.0.message.tool_calls.0.tool_call.id': 'c1',
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'search',
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': '{"q":"x"}',
        'llm.token_count.prompt': 1_000,
        'llm.token_count.completion': 500,
        'llm.token_count.total': 1_500,
        'llm.token_count.prompt_details.cache_read': 100,
        'llm.token_count.completion_details.reasoning': 100,
      },
    },
  ],
  [
    'the AI SDK',
    {
      name: 'ai.generateText.doGenerate',
      attributes: {
        'operation.name': 'ai.generateText.doGenerate',
        'ai.operationId': 'ai.generateText.doGenerate',
        'ai.model.id': 'gpt-4o-mini',
        'ai.model.provider': 'openai.responses',
        'ai.prompt.messages': JSON.stringify([{ role: 'user', content: [{ type: 'text', text: USER.content }] }]),
        'ai.response.text': ANSWER.content,
        'ai.response.toolCalls': JSON.stringify([{ toolCallId: 'c1', toolName: 'search', input: '{"q":"x"}' }]),
        'ai.response.finishReason': 'stop',
        'ai.response.model': 'gpt-4o-mini-2024-07-18',
        'ai.usage.inputTokens': 1_000,
        'ai.usage.outputTokens': 500,
        'ai.usage.totalTokens': 1_500,
        'ai.usage.cachedInputTokens': 100,
        'ai.usage.reasoningTokens': 100,
        'ai.settings.maxRetries': 2,
      },
    },
  ],
];

describe('a call to a model', () => {
  test.each(conventions)('by the conventions of %s is one with its usage, cost and messages', (_, span) => {
    const facts = step(span);
    expect(facts).toMatchObject({
      provider: 'OPENAI',
      status: 200,
      requestAt: START_MS,
      responseAt: START_MS + 1_500,
      logged: { by: 'otlp', cost_usd: null },
    });
    expect(reading(facts)).toMatchObject(SEEN);
    expect(request(facts).messages).toEqual([USER]);
    const [choice] = response(facts).choices;
    expect(choice).toEqual({ index: 0, message: { ...ANSWER, tool_calls: CALLS }, finish_reason: 'stop' });
  });

  test('keeps no credential, wherever an instrumentation has put it', () => {
    const canary = 'sk-canary-0123456789';
    const facts = step({
      attributes: {
        'gen_ai.system': 'openai',
        'http.request.header.authorization': [`Bearer ${canary}`],
        'http.request.header.x-api-key': [canary],
        'llm.headers': `{'Helicone-Auth': '${canary}'}`,
        'gen_ai.request.headers': canary,
        'gen_ai.request.extra_headers': canary,
        'url.full': `https://api.example.com/v1/chat?key=${canary}&a=b`,
        'url.query': `key=${canary}`,
        'other.url': `https://api.example.com/?api-key=${canary}`,
        'llm.invocation_parameters': JSON.stringify({ api_key: canary, temperature: 1, max_tokens: 5 }),
        'traceloop.association.properties.Helicone-Auth': canary,
        'traceloop.association.properties.api_key': canary,
        'gen_ai.usage.input_tokens': 1,
      },
    });
    const { url, ...rest } = facts;
    expect(JSON.stringify([rest, request(facts), response(facts)])).not.toContain(canary);
    expect(loggedEvent('', 'id', facts)).toMatchObject({ target_url: 'https://api.example.com/v1/chat?key=***&a=b' });
    expect(request(facts)).toMatchObject({
      temperature: 1,
      max_tokens: 5,
      otel: { attributes: { 'url.query': 'key=***' } },
    });
  });

  test('of an unknown convention keeps what nobody read', () => {
    const facts = step({
      attributes: { 'gen_ai.system': 'x', 'gen_ai.request.seed': 7, ['__proto__']: 'odd', other: [1] },
    });
    expect(request(facts)).toMatchObject({ seed: 7, otel: { span: 'span', scope: 'made', service: 'agent' } });
    expect(Object.entries(request(facts).otel.attributes)).toEqual([
      ['__proto__', 'odd'],
      ['other', [1]],
    ]);
    expect(({} as { odd?: unknown }).odd).toBeUndefined();
  });

  test('counts what was cached once, whether it stands inside of the input or beside it', () => {
    const usage = (input: number) =>
      reading(
        step({
          attributes: {
            'gen_ai.system': 'anthropic',
            'gen_ai.request.model': 'claude-sonnet-4-5',
            'gen_ai.usage.input_tokens': input,
            'gen_ai.usage.output_tokens': 5,
            'gen_ai.usage.cache_read_input_tokens': 1_000,
            'gen_ai.usage.cache_creation_input_tokens': 200,
          },
        }),
      ).tokens;
    const tokens = { prompt_tokens: 10, prompt_cache_read_tokens: 1_000, prompt_cache_write_tokens: 200 };
    expect(usage(1_210)).toMatchObject(tokens);
    expect(usage(10)).toMatchObject(tokens);
  });

  test.each([
    ['as JavaScript writes it', (usage: object) => ({ usageMetadata: usage })],
    [
      'as Python does',
      () => ({
        usage_metadata: {
          prompt_token_count: 100,
          candidates_token_count: 40,
          thoughts_token_count: 10,
          cached_content_token_count: 60,
          tool_use_prompt_token_count: null,
          total_token_count: 150,
          prompt_tokens_details: [{ modality: 'TEXT', token_count: 100 }],
        },
      }),
    ],
  ])('of Gemini whose span counts nothing is counted by the answer in it, %s', (_how, answer) => {
    const usageMetadata = {
      promptTokenCount: 100,
      candidatesTokenCount: 40,
      thoughtsTokenCount: 10,
      cachedContentTokenCount: 60,
      totalTokenCount: 150,
    };
    const attributes = {
      'openinference.span.kind': 'LLM',
      'llm.model_name': 'gemini-2.5-flash',
      'llm.provider': 'google',
      'output.value': JSON.stringify({ candidates: [], ...answer(usageMetadata) }),
    };
    expect(reading(step({ attributes }))).toMatchObject({
      model: 'gemini-2.5-flash',
      tokens: { prompt_tokens: 40, prompt_cache_read_tokens: 60, completion_tokens: 40, reasoning_tokens: 10 },
      usageComplete: true,
      costSource: 'table',
    });
    const counted = { ...attributes, 'llm.token_count.prompt': 7, 'llm.token_count.completion': 3 };
    expect(reading(step({ attributes: counted })).tokens).toMatchObject({ prompt_tokens: 7, completion_tokens: 3 });
    const broken = {
      ...attributes,
      'output.value': '{"usageMetadata":{"promptTokenCount":-1,"candidatesTokenCount":2}}',
    };
    expect(reading(step({ attributes: broken })).usageComplete).toBe(false);
  });

  test('of OpenInference that was cut says so', () => {
    const attributes = {
      'openinference.span.kind': 'LLM',
      'llm.model_name': 'gpt-4o-mini',
      'llm.finish_reason': 'length',
      'llm.output_messages.0.message.role': 'assistant',
      'llm.output_messages.0.message.content': 'The',
    };
    expect(reading(step({ attributes })).finishReason).toBe('length');
  });

  test('without usage has an unknown cost, with one of its own that', () => {
    const attributes = { 'gen_ai.system': 'openai', 'gen_ai.request.model': 'gpt-4o-mini' };
    expect(reading(step({ attributes }))).toMatchObject({ costPico: null, usageComplete: false });
    const priced = reading(step({ attributes: { ...attributes, 'gen_ai.usage.cost': 0.5 } }));
    expect(priced).toMatchObject({ costPico: 500_000_000_000n, costSource: 'provider' });
  });

  test('that failed says why, and costs nothing', () => {
    const facts = step({
      attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o-mini', 'error.type': 'RateLimit' },
      status: { code: 2, message: 'too fast' },
      events: [{ name: 'exception', attributes: { 'exception.message': 'no' } }],
    });
    expect(facts.status).toBe(500);
    expect(reading(facts)).toMatchObject({ error: { type: 'RateLimit', message: 'too fast' }, costPico: 0n });
  });

  test('streamed says when it began to answer', () => {
    const at = (span: MadeSpan) =>
      step({ ...span, attributes: { 'gen_ai.system': 'x', ...span.attributes } }).firstByteAt;
    expect(at({ attributes: { 'ai.response.msToFirstChunk': 120.5 } })).toBe(START_MS + 120.5);
    expect(at({ events: [{ name: 'First Token Stream Event', timeUnixNano: `${START_MS + 70}000000` }] })).toBe(
      START_MS + 70,
    );
    expect(at({})).toBeNull();
  });

  test('that makes embeddings is complete without an output', () => {
    const facts = step({
      attributes: {
        'gen_ai.operation.name': 'embeddings',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'text-embedding-3-small',
        'gen_ai.usage.input_tokens': 1_000_000,
      },
    });
    expect(reading(facts)).toMatchObject({ stepKind: 'llm', usageComplete: true, costPico: 20_000_000_000n });
  });

  test.each([
    ['aws.bedrock', 'AWS'],
    ['azure.ai.openai', 'AZURE'],
    ['gcp.vertex_ai', 'VERTEX'],
    ['Anthropic', 'ANTHROPIC'],
    ['mistral_ai', 'MISTRAL'],
    ['anthropic.messages', 'ANTHROPIC'],
    ['x_ai', 'X'],
    ['my-own', 'MY-OWN'],
    ['constructor', 'CONSTRUCTOR'],
  ])('of %s is stored as %s', (named, stored) => {
    expect(step({ attributes: { 'gen_ai.system': named } }).provider).toBe(stored);
  });
});

describe('a step that is no call to a model', () => {
  test.each<[string, MadeSpan, object]>([
    [
      'a tool of OpenTelemetry',
      {
        name: 'execute_tool search',
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.call.arguments': '{"q":"x"}',
          'gen_ai.tool.call.result': 'found',
        },
      },
      { stepKind: 'tool', model: 'tool:search' },
    ],
    [
      'a tool of OpenInference',
      { attributes: { 'openinference.span.kind': 'TOOL', 'tool.name': 'search', 'input.value': '{"q":"x"}' } },
      { stepKind: 'tool', model: 'tool:search' },
    ],
    [
      'a tool of OpenLLMetry',
      { attributes: { 'traceloop.span.kind': 'tool', 'traceloop.entity.name': 'search' } },
      { stepKind: 'tool', model: 'tool:search' },
    ],
    [
      'a tool of the AI SDK',
      { name: 'ai.toolCall', attributes: { 'ai.operationId': 'ai.toolCall', 'ai.toolCall.name': 'search' } },
      { stepKind: 'tool', model: 'tool:search' },
    ],
    [
      'a retriever',
      { attributes: { 'openinference.span.kind': 'RETRIEVER', 'retrieval.documents.0.document.id': '7' } },
      { stepKind: 'vector_db', model: 'vector_db' },
    ],
    [
      'a vector database',
      { attributes: { 'db.system': 'pinecone', 'db.operation': 'query' } },
      { stepKind: 'vector_db', model: 'vector_db' },
    ],
    [
      'an agent, also where it repeats what its models used',
      {
        name: 'plan',
        attributes: {
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.usage.input_tokens': 9,
          'gen_ai.system': 'openai',
        },
      },
      { stepKind: 'data', model: 'data:plan' },
    ],
    [
      'a function of the AI SDK around its calls',
      { name: 'ai.generateText', attributes: { 'ai.operationId': 'ai.generateText', 'ai.usage.promptTokens': 9 } },
      { stepKind: 'data', model: 'data:ai.generateText' },
    ],
    ['a workflow', { name: 'w', attributes: { 'traceloop.span.kind': 'workflow' } }, { stepKind: 'data' }],
    ['anything in a session', { name: 'GET /', attributes: { 'session.id': 's' } }, { stepKind: 'data' }],
  ])('is %s', (_, span, expected) => {
    expect(reading(step(span))).toMatchObject({ ...expected, costPico: 0n, usageComplete: true });
  });

  test('is the one around a call, though it repeats what the call used', () => {
    const attributes = { 'gen_ai.operation.name': 'agent_step', 'gen_ai.usage.input_tokens': 3, 'session.id': 's' };
    expect(reading(step({ attributes }))).toMatchObject({ stepKind: 'data', costPico: 0n });
  });

  test('is not any other span', () => {
    expect(steps([{ name: 'GET /', attributes: { 'http.request.method': 'GET', 'db.system': 'postgresql' } }])).toEqual(
      [undefined],
    );
  });
});

describe('whose a span is', () => {
  const LLM = { 'gen_ai.system': 'openai' };
  test.each([
    ['traceloop.association.properties.Helicone-Session-Id', 'otlp-helicone-session-id'],
    ['ai.telemetry.metadata.helicone-session-id', 'otlp-helicone-session-id'],
    ['Helicone-Session-Id', 'otlp-helicone-session-id'],
    ['session.id', 'otlp-session-id'],
    ['gen_ai.conversation.id', 'otlp-gen-ai-conversation-id'],
    ['langfuse.session.id', 'otlp-langfuse-session-id'],
    ['mlflow.trace.session', 'otlp-mlflow-trace-session'],
    ['traceloop.association.properties.session_id', 'otlp-traceloop-session-id'],
  ])('%s names its session by the rule %s', (key, rule) => {
    const facts = step({ attributes: { ...LLM, [key]: 's-1' } });
    expect(facts.session).toMatchObject({ id: 's-1', rule });
    expect(facts.properties).toEqual([]);
  });

  test('the first rule that matches wins, and one that is switched off names nothing', () => {
    const all = { 'session.id': 'b', 'gen_ai.conversation.id': 'c', 'Helicone-Session-Id': 'a' };
    expect(step({ attributes: { ...LLM, ...all } }).session?.id).toBe('a');
    const { spans } = readSpans(otlpExport([otlpSpan({ attributes: { ...LLM, ...all } })]));
    const config = { ...GATEWAY_DEFAULTS, sessionRules: ['otlp-gen-ai-conversation-id' as const] };
    expect(readSpanBatch(spans, new CallHeaders([]), config).step(0)?.session?.id).toBe('c');
  });

  test('properties and user come from what applications attach, their names as they are', () => {
    const facts = step({
      attributes: {
        ...LLM,
        'traceloop.association.properties.Helicone-Property-Tier': 'gold',
        'traceloop.association.properties.Helicone-Session-Name': 'Plan',
        'traceloop.association.properties.Helicone-User-Id': 'ada',
        'traceloop.association.properties.Helicone-Auth': 'sk-canary',
        'traceloop.association.properties.chat': 7,
        'ai.telemetry.metadata.__proto__': 'odd',
        metadata: '{"a":{"b":1}}',
        'session.id': 's',
      },
    });
    expect(facts.properties).toEqual([
      ['Tier', 'gold'],
      ['chat', '7'],
      ['__proto__', 'odd'],
      ['a', '{"b":1}'],
    ]);
    expect(facts).toMatchObject({ userId: 'ada', session: { id: 's', name: 'Plan' } });
    expect(JSON.stringify(facts) + JSON.stringify(request(facts))).not.toContain('sk-canary');
  });

  test('spans of one export share a session that one above them names, and their names make the path', () => {
    const [agent, chat, tool, http, late, stray] = steps([
      {
        id: '0000000000000001',
        name: 'agent/run',
        attributes: { 'gen_ai.operation.name': 'invoke_agent', 'session.id': 's', 'user.id': 'ada' },
      },
      { id: '0000000000000002', parent: '0000000000000001', name: 'chat', attributes: LLM },
      {
        id: '0000000000000003',
        parent: '0000000000000001',
        name: 'search',
        attributes: { 'gen_ai.operation.name': 'execute_tool' },
      },
      { id: '0000000000000004', parent: '0000000000000003', name: 'GET' },
      { id: '0000000000000005', parent: '0000000000000004', name: 'summarise', attributes: LLM },
      { id: '0000000000000006', parent: '00000000000000ff', name: 'stray', attributes: LLM },
    ]);
    expect(http).toBeUndefined();
    const places = [agent, chat, tool, late, stray].map((facts) => [
      facts!.session?.id,
      facts!.session?.path,
      facts!.userId,
    ]);
    expect(places).toEqual([
      ['s', '/agent-run', 'ada'],
      ['s', '/agent-run/chat', 'ada'],
      ['s', '/agent-run/search', 'ada'],
      ['s', '/agent-run/search/summarise', 'ada'],
      // Its parent is not here; its trace has one session only.
      ['s', '/stray', ''],
    ]);
  });

  test('a path that is given goes before names, and those below it follow', () => {
    const path = 'traceloop.association.properties.Helicone-Session-Path';
    const [outer, inner] = steps([
      { id: '0000000000000001', name: 'a', attributes: { ...LLM, 'session.id': 's', [path]: '/given/' } },
      { id: '0000000000000002', parent: '0000000000000001', name: 'b', attributes: LLM },
    ]);
    expect([outer!.session?.path, inner!.session?.path]).toEqual(['/given/', '/given/b']);
    const far = step({
      parent: '00000000000000ff',
      name: 'openai.chat',
      attributes: {
        ...LLM,
        'session.id': 's',
        'traceloop.workflow.name': 'outline',
        'traceloop.entity.path': 'plan.draft',
      },
    });
    expect(far.session?.path).toBe('/outline/plan/draft/openai.chat');
  });

  test('a trace of two sessions lends neither to a span of none', () => {
    const [a, b, none] = steps([
      { attributes: { ...LLM, 'session.id': 'a' } },
      { attributes: { ...LLM, 'session.id': 'b' } },
      { attributes: LLM },
    ]);
    expect([a!.session?.id, b!.session?.id, none!.session]).toEqual(['a', 'b', null]);
  });

  test('what the process or the export says holds for spans that say nothing', () => {
    const headers = ['Helicone-Session-Id', 'h', 'Helicone-Property-Env', 'test', 'Helicone-User-Id', 'eve'];
    expect(steps([{ attributes: LLM }], {}, headers)[0]).toMatchObject({
      session: { id: 'h', rule: 'helicone-session-id', path: '/span' },
      properties: [['env', 'test']],
      userId: 'eve',
    });
    expect(steps([{ attributes: LLM }], { 'session.id': 'p' }, headers)[0]!.session?.id).toBe('p');
    expect(steps([{ attributes: { ...LLM, 'session.id': 'own' } }], { 'session.id': 'p' })[0]!.session?.id).toBe('own');
  });

  test('a circle of parents ends', () => {
    const [one] = steps([
      { id: '0000000000000001', parent: '0000000000000002', name: 'a', attributes: LLM },
      { id: '0000000000000002', parent: '0000000000000001', name: 'b', attributes: { ...LLM, 'session.id': 's' } },
    ]);
    expect(one!.session).toMatchObject({ id: 's', path: '/b/a' });
  });

  test('its own ids and its parent’s are kept, and are the id of its step', () => {
    const span = { id: '00f067aa0ba902b7', parent: 'b7ad6b7169203331', attributes: LLM };
    const [first, again, root, other] = steps([
      span,
      span,
      { ...span, parent: '' },
      { ...span, trace: 'f'.repeat(32) },
    ]);
    expect(first!.trace).toEqual({
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-b7ad6b7169203331-01',
      tracestate: '',
      span: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    });
    expect(root!.trace.traceparent).toBe('');
    expect(first!.requestId).toBe('4bf92f35-77b3-84da-80f0-67aa0ba902b7');
    expect(again!.requestId).toBe(first!.requestId);
    expect(other!.requestId).not.toBe(first!.requestId);
  });
});
