import { ApiError, GoogleGenAI } from '@google/genai';
import { shareFetchDispatcher } from '@throughline/testkit/fetch-dispatcher';
import { type ClientUnderTest, QUESTION, type SessionHeaders, TOOL, thrownBy } from './client-under-test.ts';

/** `@google/genai`, for Gemini. */
export const googleGenai: ClientUnderTest = {
  name: '@google/genai',
  provider: 'GOOGLE',
  model: 'gemini-2.5-flash',
  rates: [0.3, 2.5],
  finish: ['STOP', 'STOP'],
  connect(origin, secret) {
    shareFetchDispatcher();
    const { models } = new GoogleGenAI({
      apiKey: secret,
      httpOptions: { baseUrl: `${origin}/v1/gateway/google` },
    });
    const ask = (headers: SessionHeaders, config = {}) => ({
      model: 'gemini-2.5-flash',
      contents: QUESTION,
      config: { ...config, httpOptions: { headers: { ...headers } } },
    });
    const { name, description, schema } = TOOL;
    const tools = [{ functionDeclarations: [{ name, description, parametersJsonSchema: schema }] }];
    return {
      plain: async (headers) => (await models.generateContent(ask(headers))).text ?? '',
      async streamed(headers) {
        let text = '';
        for await (const chunk of await models.generateContentStream(ask(headers))) text += chunk.text ?? '';
        return text;
      },
      toolCall: async (headers) => (await models.generateContent(ask(headers, { tools }))).functionCalls?.[0]?.args,
      async limited(headers) {
        const error = await thrownBy(models.generateContent(ask(headers)));
        const isOwn = error instanceof ApiError && error.message.includes('RESOURCE_EXHAUSTED');
        return { isOwn, status: (error as { status?: unknown }).status };
      },
    };
  },
};
