import AnthropicNow from '@anthropic-ai/sdk';
import AnthropicZero from '@anthropic-ai/sdk-0';
import { type ClientUnderTest, QUESTION, TOOL, thrownBy } from './client-under-test.ts';

/** `@anthropic-ai/sdk` 1.x: its key is a bearer token. */
export const anthropic1 = anthropicClient('@anthropic-ai/sdk 1.x', AnthropicNow);

/** `@anthropic-ai/sdk` 0.x: its key is in `x-api-key`. */
export const anthropic0 = anthropicClient('@anthropic-ai/sdk 0.x', AnthropicZero as unknown as typeof AnthropicNow);

function anthropicClient(name: string, Anthropic: typeof AnthropicNow): ClientUnderTest {
  return {
    name,
    provider: 'ANTHROPIC',
    model: 'claude-haiku-4-5-20251001',
    rates: [1, 5],
    finish: ['end_turn', 'tool_use'],
    connect(origin, secret) {
      const client = new Anthropic({ baseURL: `${origin}/v1/gateway/anthropic`, apiKey: secret, maxRetries: 0 });
      const ask = {
        model: 'claude-haiku-4-5',
        max_tokens: 200,
        messages: [{ role: 'user' as const, content: QUESTION }],
      };
      const tools = [{ name: TOOL.name, description: TOOL.description, input_schema: TOOL.schema }];
      return {
        async plain(headers) {
          const { content } = await client.messages.create(ask, { headers });
          return content[0]?.type === 'text' ? content[0].text : '';
        },
        streamed: (headers) => client.messages.stream(ask, { headers }).finalText(),
        async toolCall(headers) {
          const { content } = await client.messages.create({ ...ask, tools }, { headers });
          return content.find((block) => block.type === 'tool_use')?.input;
        },
        async limited(headers) {
          const error = await thrownBy(client.messages.create(ask, { headers }));
          const isOwn = error instanceof Anthropic.RateLimitError && error.type === 'rate_limit_error';
          return { isOwn, status: (error as { status?: unknown }).status };
        },
      };
    },
  };
}
