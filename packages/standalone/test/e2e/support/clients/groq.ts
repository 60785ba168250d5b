import Groq from 'groq-sdk';
import { type ClientUnderTest, QUESTION, TOOL, thrownBy } from './client-under-test.ts';

/** `groq-sdk`: the rest of the path is its own. */
export const groq: ClientUnderTest = {
  name: 'groq-sdk',
  provider: 'GROQ',
  model: 'llama-3.3-70b-versatile',
  rates: [0.59, 0.79],
  finish: ['stop', 'tool_calls'],
  connect(origin, secret) {
    const client = new Groq({ baseURL: `${origin}/v1/gateway/groq`, apiKey: secret, maxRetries: 0 });
    const ask = { model: 'llama-3.3-70b-versatile', messages: [{ role: 'user' as const, content: QUESTION }] };
    const { name, description, schema } = TOOL;
    const tools = [{ type: 'function' as const, function: { name, description, parameters: schema } }];
    return {
      async plain(headers) {
        const answer = await client.chat.completions.create(ask, { headers });
        return answer.choices[0]?.message.content ?? '';
      },
      async streamed(headers) {
        let text = '';
        const stream = await client.chat.completions.create({ ...ask, stream: true }, { headers });
        for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
        return text;
      },
      async toolCall(headers) {
        const answer = await client.chat.completions.create({ ...ask, tools }, { headers });
        return JSON.parse(answer.choices[0]?.message.tool_calls?.[0]?.function.arguments ?? 'null');
      },
      async limited(headers) {
        const error = await thrownBy(client.chat.completions.create(ask, { headers }));
        return { isOwn: error instanceof Groq.RateLimitError, status: (error as { status?: unknown }).status };
      },
    };
  },
};
