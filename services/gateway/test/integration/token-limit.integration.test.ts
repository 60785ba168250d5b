import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { promptText } from '@throughline/providers/estimate/prompt-text';
import { createTokenCounter } from '@throughline/providers/estimate/token-counter';
import { tokenText } from '@throughline/providers/estimate/token-text';
import { type BodyUpstream, startBodyUpstream } from '../support/body-upstream.ts';
import { type Harness, KEY, request, startGateway } from '../support/gateway-harness.ts';

let provider: BodyUpstream;
let gateway: Harness;
const counter = createTokenCounter();
beforeAll(async () => {
  provider = await startBodyUpstream((_req, res) => void res.end('{"choices":[]}'));
  gateway = await startGateway({ providerOrigins: { OPENAI: provider.upstream.origin } });
});
afterAll(async () => {
  await Promise.all([gateway.close(), counter.close()]);
  await provider.upstream.close();
});

async function call(handler: string, body: object | string, more: Record<string, string> = {}) {
  const before = gateway.appender.requests.length;
  const sent = typeof body === 'string' ? body : JSON.stringify(body);
  const { status } = await request(`${gateway.origin}/v1/gateway/oai/v1/chat/completions`, {
    method: 'POST',
    headers: {
      'Helicone-Auth': `Bearer ${KEY}`,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(sent)),
      'Helicone-Token-Limit-Exception-Handler': handler,
      ...more,
    },
    body: sent,
  });
  expect(status).toBe(200);
  const [event] = (await gateway.recorded(before + 1)).slice(before);
  const received = provider.bodies.at(-1)!;
  expect(Buffer.from(event!.request_body.bytes).toString()).toBe(received);
  return { event: event!, received, sent };
}

const SYSTEM = { role: 'system', content: 'Answer in one sentence.' };
const chat = (model: string, text: string) => ({ model, messages: [SYSTEM, { role: 'user', content: text }] });
/** Some 16,000 tokens, in four scripts. */
const LONG = Array.from({ length: 2_000 }, (_, i) => `Paragraph ${i}: Straße, мир, 漢字.`).join('\n');

test.each(['truncate', 'middle-out'])(
  '%s: a prompt is sent so that it fits, and stored as it was sent',
  async (handler) => {
    const { received, sent } = await call(handler, chat('gpt-4', LONG));
    const { messages } = JSON.parse(received);
    expect(messages[0]).toEqual(SYSTEM);
    expect(received.length).toBeLessThan(sent.length);
    const { text, extraTokens } = promptText(received)!;
    const [tokens] = await counter.count('cl100k_base', [tokenText(text)]);
    expect(tokens! + extraTokens).toBeLessThan(8_192);
    expect(tokens! + extraTokens).toBeGreaterThan(6_000);
    const [first, last] = ['Paragraph 0:', 'Paragraph 1999:'].map((one) => messages[1].content.includes(one));
    expect([first, last]).toEqual([true, handler === 'middle-out']);
  },
);

test('fallback: the second model has what is too long for the first', async () => {
  expect(JSON.parse((await call('fallback', chat('gpt-4, gpt-4o', LONG))).received).model).toBe('gpt-4o');
  expect(JSON.parse((await call('fallback', chat('gpt-4,gpt-4o', 'short'))).received).model).toBe('gpt-4');
  const { model: _, ...unnamed } = chat('', LONG);
  const { event, received } = await call('fallback', unnamed, { 'Helicone-Model-Override': 'gpt-4,gpt-4o' });
  expect([event.model_override, JSON.parse(received).model]).toEqual(['gpt-4o', 'gpt-4o']);
});

test.each<[string, string, object | string]>([
  ['truncate', 'fits', chat('gpt-4', 'short  one')],
  ['Truncate', 'has another handler', chat('gpt-4', LONG)],
  ['truncate', 'is of a model that nobody knows', chat('nobodys', LONG)],
  ['truncate', 'is no JSON', 'no json'],
])('%s: what %s goes as it came', async (handler, _what, body) => {
  const { received, sent } = await call(handler, body);
  expect(received).toBe(sent);
});
