import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  ThrottlingException,
} from '@aws-sdk/client-bedrock-runtime';
import { ApiError, GoogleGenAI, Type } from '@google/genai';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Mistral } from '@mistralai/mistralai';
import { MistralError } from '@mistralai/mistralai/models/errors';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import Groq from 'groq-sdk';
import { AzureOpenAI } from 'openai';
import { collect } from '../collect.ts';
import { shareFetchDispatcher } from '../fetch-dispatcher.ts';
import { rawCall } from '../raw-call.ts';
import { receivedHeader } from './exchange.ts';
import { type FakeProvider, startFakeProvider } from './fake-provider.ts';

// As in real-clients.test.ts: each vendor's own client says whether the fake provider is believable.

let provider: FakeProvider;
let groqProvider: FakeProvider;
let mistralProvider: FakeProvider;
beforeAll(async () => {
  provider = await startFakeProvider();
  groqProvider = await startFakeProvider({ vendor: 'groq' });
  mistralProvider = await startFakeProvider({ vendor: 'mistral' });
});
afterAll(() => Promise.all([provider, groqProvider, mistralProvider].map((each) => each?.close())));

const messages = [{ role: 'user' as const, content: 'Search for slow retrieval steps.' }];
const parameters = {
  type: 'object' as const,
  properties: { query: { type: 'string' }, limit: { type: 'integer' } },
  required: ['query', 'limit'],
};
const filled = { query: expect.any(String), limit: expect.any(Number) };
const tools = [{ type: 'function' as const, function: { name: 'search', description: 'Searches.', parameters } }];

describe('@google/genai', () => {
  const contents = 'Search for slow retrieval steps.';
  let genai: GoogleGenAI;
  beforeAll(() => {
    shareFetchDispatcher();
    genai = new GoogleGenAI({ apiKey: 'google-key', httpOptions: { baseUrl: provider.origin } });
  });

  test('reads an answer with its counts', async () => {
    const answer = await genai.models.generateContent({ model: 'gemini-2.5-pro', contents });
    expect(answer.text).toBeTruthy();
    const { usage } = provider.last();
    expect(answer.usageMetadata).toMatchObject({
      promptTokenCount: usage!.prompt_tokens,
      candidatesTokenCount: usage!.completion_tokens,
      thoughtsTokenCount: usage!.reasoning_tokens,
    });
    expect(usage!.reasoning_tokens).toBeGreaterThan(0);
    expect(receivedHeader(provider.last(), 'x-goog-api-key')).toBe('google-key');
  });

  test('streams to the counts of the last chunk', async () => {
    const stream = await genai.models.generateContentStream({ model: 'gemini-2.5-flash', contents });
    const chunks = await collect(stream);
    expect(chunks.map(({ text }) => text).join('').length).toBeGreaterThan(20);
    expect(chunks.at(-1)).toMatchObject({
      usageMetadata: { candidatesTokenCount: provider.last().usage!.completion_tokens },
      candidates: [{ finishReason: 'STOP' }],
    });
  });

  test('gets a function call, streamed and not, and a text for its result', async () => {
    const functionDeclarations = [
      {
        name: 'search',
        parameters: {
          type: Type.OBJECT,
          properties: { query: { type: Type.STRING }, limit: { type: Type.INTEGER } },
          required: ['query', 'limit'],
        },
      },
    ];
    const ask = { model: 'gemini-2.5-flash', contents, config: { tools: [{ functionDeclarations }] } };
    const answer = await genai.models.generateContent(ask);
    expect(answer.functionCalls).toMatchObject([{ name: 'search', args: filled }]);
    const chunks = await collect(await genai.models.generateContentStream(ask));
    expect(chunks.flatMap(({ functionCalls }) => functionCalls ?? [])).toMatchObject([{ name: 'search' }]);
    const after = await genai.models.generateContent({
      ...ask,
      contents: [
        { role: 'user', parts: [{ text: contents }] },
        answer.candidates![0]!.content!,
        { role: 'user', parts: [{ functionResponse: { name: 'search', response: { found: 3 } } }] },
      ],
    });
    expect(after.text).toBeTruthy();
  });

  test("throws Google's error", async () => {
    provider.enqueue({ status: 429 });
    const failed = genai.models.generateContent({ model: 'gemini-2.5-flash', contents });
    await expect(failed).rejects.toThrow(ApiError);
    await expect(failed).rejects.toMatchObject({ status: 429, message: expect.stringContaining('RESOURCE_EXHAUSTED') });
  });

  test('is one array for whoever asks for no events', async () => {
    const answer = await rawCall({
      url: `${provider.origin}/v1beta/models/gemini-2.5-flash:streamGenerateContent`,
      body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: contents }] }] }),
    });
    const chunks = JSON.parse(answer.body.toString());
    expect(chunks.length).toBeGreaterThan(3);
    expect(chunks.at(-1).usageMetadata.candidatesTokenCount).toBe(provider.last().usage!.completion_tokens);
  });
});

describe('@aws-sdk/client-bedrock-runtime', () => {
  const modelId = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
  const ask = { modelId, messages: [{ role: 'user' as const, content: [{ text: 'Search for slow steps.' }] }] };
  const toolConfig = { tools: [{ toolSpec: { name: 'search', inputSchema: { json: parameters } } }] };
  const body = JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 200, messages });
  let client: BedrockRuntimeClient;
  beforeAll(() => {
    client = new BedrockRuntimeClient({
      region: 'us-east-1',
      endpoint: provider.origin,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      requestHandler: new NodeHttpHandler(),
      maxAttempts: 1,
    });
  });
  afterAll(() => client?.destroy());

  test('converses', async () => {
    const answer = await client.send(new ConverseCommand(ask));
    const { usage } = provider.last();
    expect(answer).toMatchObject({
      stopReason: 'end_turn',
      output: { message: { role: 'assistant', content: [{ text: expect.any(String) }] } },
      usage: { inputTokens: usage!.prompt_tokens, outputTokens: usage!.completion_tokens },
    });
  });

  test('converses in a stream, with a tool', async () => {
    const { stream } = await client.send(new ConverseStreamCommand({ ...ask, toolConfig }));
    const events = await collect(stream!);
    expect(events.map((event) => Object.keys(event)[0])).toEqual(
      expect.arrayContaining(['messageStart', 'contentBlockStart', 'contentBlockDelta', 'messageStop', 'metadata']),
    );
    const input = events.map((event) => event.contentBlockDelta?.delta?.toolUse?.input ?? '').join('');
    expect(JSON.parse(input)).toEqual(filled);
    expect(events.find(({ messageStop }) => messageStop)?.messageStop?.stopReason).toBe('tool_use');
    expect(events.at(-1)?.metadata?.usage?.outputTokens).toBe(provider.last().usage!.completion_tokens);
  });

  test('takes a tool use, and a text for its result', async () => {
    const asked = await client.send(new ConverseCommand({ ...ask, toolConfig }));
    const use = asked.output!.message!.content!.find(({ toolUse }) => toolUse)!.toolUse!;
    expect([asked.stopReason, use.input]).toEqual(['tool_use', filled]);
    const result = { toolUseId: use.toolUseId, content: [{ text: 'three steps' }] };
    const answer = await client.send(
      new ConverseCommand({
        ...ask,
        toolConfig,
        messages: [...ask.messages, asked.output!.message!, { role: 'user', content: [{ toolResult: result }] }],
      }),
    );
    expect(answer.stopReason).toBe('end_turn');
  });

  test("invokes a model, whose answer is its vendor's", async () => {
    const answer = await client.send(new InvokeModelCommand({ modelId, contentType: 'application/json', body }));
    expect(JSON.parse(answer.body.transformToString())).toMatchObject({
      type: 'message',
      model: 'claude-haiku-4-5-20251001',
      usage: { output_tokens: provider.last().usage!.completion_tokens },
    });
  });

  test('invokes a model in a stream of frames', async () => {
    const answer = await client.send(
      new InvokeModelWithResponseStreamCommand({ modelId, contentType: 'application/json', body }),
    );
    const events = (await collect(answer.body!)).map(({ chunk }) => JSON.parse(Buffer.from(chunk!.bytes!).toString()));
    expect(events[0].type).toBe('message_start');
    expect(events.at(-1)).toMatchObject({
      type: 'message_stop',
      'amazon-bedrock-invocationMetrics': { outputTokenCount: provider.last().usage!.completion_tokens },
    });
  });

  test("throws Amazon's exceptions, as an answer and inside of a stream", async () => {
    provider.enqueue({ status: 429 });
    await expect(client.send(new ConverseCommand(ask))).rejects.toThrow(ThrottlingException);
    provider.enqueue({ fault: { kind: 'error-event', after: { writes: 3 } } });
    const { stream } = await client.send(new ConverseStreamCommand(ask));
    await expect(collect(stream!)).rejects.toThrow('Too many requests');
  });
});

describe('groq-sdk', () => {
  const model = 'llama-3.3-70b-versatile';
  let groq: Groq;
  beforeAll(() => {
    groq = new Groq({ apiKey: 'gsk_test', baseURL: groqProvider.origin, maxRetries: 0 });
  });

  test('reads an answer with its times', async () => {
    const answer = await groq.chat.completions.create({ model, messages });
    expect(answer.choices[0]?.message.content).toBeTruthy();
    expect(answer.usage).toMatchObject({
      completion_tokens: groqProvider.last().usage!.completion_tokens,
      total_time: expect.any(Number),
    });
    expect(groqProvider.last().url).toBe('/openai/v1/chat/completions');
  });

  test('is told the usage in the last event of the answer, asked or not', async () => {
    const stream = await groq.chat.completions.create({ model, messages, stream: true });
    const chunks = await collect(stream);
    expect(chunks[0]?.x_groq?.id).toMatch(/^req_/);
    expect(chunks.at(-1)?.x_groq?.usage?.completion_tokens).toBe(groqProvider.last().usage!.completion_tokens);
  });

  test('gets a tool call, streamed and not', async () => {
    const answer = await groq.chat.completions.create({ model, messages, tools });
    expect(answer.choices[0]?.finish_reason).toBe('tool_calls');
    expect(JSON.parse(answer.choices[0]!.message.tool_calls![0]!.function.arguments)).toEqual(filled);
    const chunks = await collect(await groq.chat.completions.create({ model, messages, tools, stream: true }));
    expect(chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? [])).toHaveLength(1);
  });

  test('throws its error of limits', async () => {
    groqProvider.enqueue({ status: 429 });
    await expect(groq.chat.completions.create({ model, messages })).rejects.toThrow(Groq.RateLimitError);
  });
});

describe('@mistralai/mistralai', () => {
  const model = 'mistral-small-latest';
  let mistral: Mistral;
  beforeAll(() => {
    mistral = new Mistral({ apiKey: 'mistral-key', serverURL: mistralProvider.origin });
  });

  test('reads an answer', async () => {
    const answer = await mistral.chat.complete({ model, messages });
    expect(answer.choices[0]?.message?.content).toBeTruthy();
    expect(answer.usage.completionTokens).toBe(mistralProvider.last().usage!.completion_tokens);
  });

  test('streams to the usage in the last event', async () => {
    const events = await collect(await mistral.chat.stream({ model, messages }));
    expect(events.at(-1)?.data).toMatchObject({
      choices: [{ finishReason: 'stop' }],
      usage: { completionTokens: mistralProvider.last().usage!.completion_tokens },
    });
  });

  test('gets a tool call, streamed and not', async () => {
    const answer = await mistral.chat.complete({ model, messages, tools });
    expect(answer.choices[0]).toMatchObject({ finishReason: 'tool_calls' });
    const [call] = answer.choices[0]!.message!.toolCalls!;
    expect(JSON.parse(call!.function.arguments as string)).toEqual(filled);
    const events = await collect(await mistral.chat.stream({ model, messages, tools }));
    expect(events.flatMap(({ data }) => data.choices[0]?.delta.toolCalls ?? [])).toHaveLength(1);
  });

  test('throws its errors', async () => {
    mistralProvider.enqueue({ status: 429 });
    const failed = mistral.chat.complete({ model, messages });
    await expect(failed).rejects.toThrow(MistralError);
    await expect(failed).rejects.toMatchObject({ statusCode: 429, body: expect.stringContaining('rate_limited') });
  });
});

describe('AzureOpenAI', () => {
  const model = 'chat-of-ours';
  let azure: AzureOpenAI;
  beforeAll(() => {
    azure = new AzureOpenAI({
      endpoint: provider.origin,
      apiKey: 'azure-key',
      apiVersion: '2024-10-21',
      deployment: model,
    });
  });

  test('reads an answer that names the model behind the deployment', async () => {
    const answer = await azure.chat.completions.create({ model, messages });
    expect(answer).toMatchObject({ model: 'gpt-4o-mini-2024-07-18', prompt_filter_results: [{ prompt_index: 0 }] });
    expect(provider.last().url).toBe(`/openai/deployments/${model}/chat/completions?api-version=2024-10-21`);
    expect(receivedHeader(provider.last(), 'api-key')).toBe('azure-key');
  });

  test('streams past the event of the filters', async () => {
    const ask = { model, messages, stream: true, stream_options: { include_usage: true } } as const;
    const chunks = await collect(await azure.chat.completions.create(ask));
    expect(chunks[0]).toMatchObject({ model: '', choices: [] });
    expect(chunks.at(-1)?.usage?.completion_tokens).toBe(provider.last().usage!.completion_tokens);
  });
});
