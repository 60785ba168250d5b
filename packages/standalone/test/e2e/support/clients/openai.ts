import OpenAI, { AzureOpenAI } from 'openai';
import {
  type ClientCalls,
  type ClientUnderTest,
  QUESTION,
  type SessionHeaders,
  TOOL,
  thrownBy,
} from './client-under-test.ts';

const MODEL = 'gpt-4o-mini';

const base = {
  model: 'gpt-4o-mini-2024-07-18',
  rates: [0.15, 0.6],
  finish: ['stop', 'tool_calls'],
} as const;

/** `openai`, by chat completions. */
export const openai: ClientUnderTest = {
  ...base,
  name: 'openai',
  provider: 'OPENAI',
  connect(origin, secret) {
    const client = new OpenAI({ baseURL: `${origin}/v1/gateway/oai/v1`, apiKey: secret, maxRetries: 0 });
    return chatCalls(client, {});
  },
};

/** `AzureOpenAI` of `openai`: by deployment, its key in `api-key`. */
export const azureOpenai: ClientUnderTest = {
  ...base,
  name: 'AzureOpenAI',
  provider: 'AZURE',
  connect(origin, secret) {
    const client = new AzureOpenAI({
      endpoint: `${origin}/v1/gateway/azure`,
      apiKey: secret,
      apiVersion: '2024-10-21',
      deployment: 'chat-of-ours',
      maxRetries: 0,
    });
    return chatCalls(client, { 'Helicone-OpenAI-Api-Base': 'https://resource-of-ours.openai.azure.com' });
  },
};

function chatCalls(client: OpenAI, more: SessionHeaders): ClientCalls {
  const ask = { model: MODEL, messages: [{ role: 'user' as const, content: QUESTION }] };
  const parameters = TOOL.schema;
  const tools = [
    { type: 'function' as const, function: { name: TOOL.name, description: TOOL.description, parameters } },
  ];
  return {
    async plain(headers) {
      const answer = await client.chat.completions.create(ask, { headers: { ...more, ...headers } });
      return answer.choices[0]?.message.content ?? '';
    },
    async streamed(headers) {
      const stream = await client.chat.completions.create(
        { ...ask, stream: true, stream_options: { include_usage: true } },
        { headers: { ...more, ...headers } },
      );
      let text = '';
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
      return text;
    },
    async toolCall(headers) {
      const answer = await client.chat.completions.create({ ...ask, tools }, { headers: { ...more, ...headers } });
      const [call] = answer.choices[0]?.message.tool_calls ?? [];
      return call?.type === 'function' ? JSON.parse(call.function.arguments) : undefined;
    },
    async limited(headers) {
      const error = await thrownBy(client.chat.completions.create(ask, { headers: { ...more, ...headers } }));
      const isOwn = error instanceof OpenAI.RateLimitError && error.code === 'rate_limit_exceeded';
      return { isOwn, status: (error as { status?: unknown }).status };
    },
  };
}
