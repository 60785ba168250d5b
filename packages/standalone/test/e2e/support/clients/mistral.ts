import { Mistral } from '@mistralai/mistralai';
import { MistralError } from '@mistralai/mistralai/models/errors';
import { type ClientUnderTest, QUESTION, TOOL, thrownBy } from './client-under-test.ts';

/** `@mistralai/mistralai`: the rest of the path, `/v1` too, is its own. */
export const mistral: ClientUnderTest = {
  name: '@mistralai/mistralai',
  provider: 'MISTRAL',
  model: 'mistral-small-latest',
  rates: [0.1, 0.3],
  finish: ['stop', 'tool_calls'],
  connect(origin, secret) {
    const { chat } = new Mistral({ serverURL: `${origin}/v1/gateway/mistral`, apiKey: secret });
    const ask = { model: 'mistral-small-latest', messages: [{ role: 'user' as const, content: QUESTION }] };
    const { name, description, schema } = TOOL;
    const tools = [{ type: 'function' as const, function: { name, description, parameters: schema } }];
    return {
      async plain(headers) {
        const answer = await chat.complete(ask, { headers });
        return String(answer.choices[0]?.message?.content ?? '');
      },
      async streamed(headers) {
        let text = '';
        for await (const { data } of await chat.stream(ask, { headers })) text += data.choices[0]?.delta.content ?? '';
        return text;
      },
      async toolCall(headers) {
        const answer = await chat.complete({ ...ask, tools }, { headers });
        return JSON.parse(String(answer.choices[0]?.message?.toolCalls?.[0]?.function.arguments));
      },
      async limited(headers) {
        const error = await thrownBy(chat.complete(ask, { headers }));
        const isOwn = error instanceof MistralError && error.body.includes('rate_limited');
        return { isOwn, status: (error as { statusCode?: unknown }).statusCode };
      },
    };
  },
};
