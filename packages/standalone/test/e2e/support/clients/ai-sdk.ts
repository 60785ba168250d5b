import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { APICallError, generateText, jsonSchema, type LanguageModel, streamText, tool } from 'ai';
import { type ClientUnderTest, QUESTION, TOOL, thrownBy } from './client-under-test.ts';

/** `ai` with `@ai-sdk/openai`: OpenAI's Responses API, unless asked otherwise. */
export const aiSdkOpenai = aiSdk(
  {
    name: 'ai with @ai-sdk/openai',
    provider: 'OPENAI',
    model: 'gpt-4o-mini-2024-07-18',
    rates: [0.15, 0.6],
    finish: ['completed', 'completed'],
  },
  (origin, apiKey) => createOpenAI({ baseURL: `${origin}/v1/gateway/oai/v1`, apiKey })('gpt-4o-mini'),
);

/** `ai` with `@ai-sdk/anthropic`: a base URL with `/v1`. */
export const aiSdkAnthropic = aiSdk(
  {
    name: 'ai with @ai-sdk/anthropic',
    provider: 'ANTHROPIC',
    model: 'claude-haiku-4-5-20251001',
    rates: [1, 5],
    finish: ['end_turn', 'tool_use'],
  },
  (origin, apiKey) => createAnthropic({ baseURL: `${origin}/v1/gateway/anthropic/v1`, apiKey })('claude-haiku-4-5'),
);

/** `ai` with `@ai-sdk/google`: a base URL with `/v1beta`. */
export const aiSdkGoogle = aiSdk(
  {
    name: 'ai with @ai-sdk/google',
    provider: 'GOOGLE',
    model: 'gemini-2.5-flash',
    rates: [0.3, 2.5],
    finish: ['STOP', 'STOP'],
  },
  (origin, apiKey) =>
    createGoogleGenerativeAI({ baseURL: `${origin}/v1/gateway/google/v1beta`, apiKey })('gemini-2.5-flash'),
);

function aiSdk(
  about: Omit<ClientUnderTest, 'connect'>,
  modelOf: (origin: string, apiKey: string) => LanguageModel,
): ClientUnderTest {
  return {
    ...about,
    connect(origin, secret) {
      const ask = { model: modelOf(origin, secret), prompt: QUESTION, maxRetries: 0 };
      const { description, name, schema } = TOOL;
      const tools = { [name]: tool({ description, inputSchema: jsonSchema(schema) }) };
      return {
        plain: async (headers) => (await generateText({ ...ask, headers })).text,
        streamed: async (headers) => streamText({ ...ask, headers }).text,
        toolCall: async (headers) => (await generateText({ ...ask, tools, headers })).toolCalls[0]?.input,
        async limited(headers) {
          const error = await thrownBy(generateText({ ...ask, headers }));
          return { isOwn: APICallError.isInstance(error), status: (error as { statusCode?: unknown }).statusCode };
        },
      };
    },
  };
}
