import { ChatAnthropic } from '@langchain/anthropic';
import { ChatOpenAI } from '@langchain/openai';
import { type ClientUnderTest, QUESTION, type SessionHeaders, TOOL, thrownBy } from './client-under-test.ts';

const { description, name, schema } = TOOL;

/**
 * `ChatOpenAI`: a model of its own for each step, since headers of a call (`options.headers`) are sent by `invoke` and
 * forgotten by `stream`.
 */
export const langchainOpenai: ClientUnderTest = {
  name: '@langchain/openai',
  provider: 'OPENAI',
  model: 'gpt-4o-mini-2024-07-18',
  rates: [0.15, 0.6],
  finish: ['stop', 'tool_calls'],
  connect(origin, secret) {
    const modelWith = (headers: SessionHeaders) =>
      new ChatOpenAI({
        model: 'gpt-4o-mini',
        apiKey: secret,
        maxRetries: 0,
        configuration: { baseURL: `${origin}/v1/gateway/oai/v1`, defaultHeaders: headers },
      });
    const tools = [{ type: 'function' as const, function: { name, description, parameters: schema } }];
    return {
      plain: async (headers) => (await modelWith(headers).invoke(QUESTION)).text,
      async streamed(headers) {
        let text = '';
        for await (const chunk of await modelWith(headers).stream(QUESTION)) text += chunk.text;
        return text;
      },
      async toolCall(headers) {
        return (await modelWith(headers).bindTools(tools).invoke(QUESTION)).tool_calls?.[0]?.args;
      },
      limited: async (headers) => ownError(await thrownBy(modelWith(headers).invoke(QUESTION))),
    };
  },
};

/** `ChatAnthropic`: headers of a call beside its options. */
export const langchainAnthropic: ClientUnderTest = {
  name: '@langchain/anthropic',
  provider: 'ANTHROPIC',
  model: 'claude-haiku-4-5-20251001',
  rates: [1, 5],
  finish: ['end_turn', 'tool_use'],
  connect(origin, secret) {
    const anthropicApiUrl = `${origin}/v1/gateway/anthropic`;
    const model = new ChatAnthropic({ model: 'claude-haiku-4-5', apiKey: secret, maxRetries: 0, anthropicApiUrl });
    const tools = [{ name, description, input_schema: schema }];
    return {
      plain: async (headers) => (await model.invoke(QUESTION, { headers })).text,
      async streamed(headers) {
        let text = '';
        for await (const chunk of await model.stream(QUESTION, { headers })) text += chunk.text;
        return text;
      },
      async toolCall(headers) {
        return (await model.bindTools(tools).invoke(QUESTION, { headers })).tool_calls?.[0]?.args;
      },
      async limited(headers) {
        return ownError(await thrownBy(model.invoke(QUESTION, { headers })));
      },
    };
  },
};

/** The error is that of the SDK beneath, with a code of LangChain's. */
function ownError(error: unknown) {
  const { status, lc_error_code } = error as { status?: unknown; lc_error_code?: unknown };
  return { isOwn: lc_error_code === 'MODEL_RATE_LIMIT', status };
}
