import { expect, test } from '@jest/globals';
import { capturedCall } from '@throughline/providers/fixtures/captured-call';
import { readCall } from '@throughline/providers/read-call';
import { readResponseHeaders } from './response-headers.ts';

test.each([
  ['x-amzn-Bedrock-Input-Token-Count', '7', { prompt_tokens: 7 }],
  ['Fireworks-Prompt-Tokens', '8', { prompt_tokens: 8 }],
])('what providers say in %s alone is stored, so that it can be read', (name, value, tokens) => {
  const { stored } = readResponseHeaders([name, value, 'Set-Cookie', 'secret'], {});
  const reading = readCall(capturedCall({ responseText: '{}', responseHeaders: stored }));
  expect(reading.tokens).toMatchObject(tokens);
  expect(stored).toHaveLength(1);
});

test('the cost that a LiteLLM proxy reports is stored and read', () => {
  const { stored } = readResponseHeaders(['x-litellm-response-cost', '0.25'], {});
  const { costPico, costSource } = readCall(capturedCall({ responseHeaders: stored }));
  expect([costPico, costSource]).toEqual([250_000_000_000n, 'provider']);
});
