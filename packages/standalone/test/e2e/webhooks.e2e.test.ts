import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { answerHeader, rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';
import {
  isSignedFor,
  isStandardSigned,
  startWebhookReceiver,
  type WebhookReceiver,
} from '@throughline/testkit/webhook-receiver';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

let receiver: WebhookReceiver;
let instance: Instance;
beforeAll(async () => {
  receiver = await startWebhookReceiver();
  instance = await startInstance({ ALLOWED_TARGETS: receiver.host });
}, SETUP_MS_MAX);
afterAll(async () => {
  await instance?.stop();
  await receiver.close();
}, SETUP_MS_MAX);

interface Made {
  readonly data: { readonly id: string; readonly hmac_key: string };
}

async function call(headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const answer = await rawCall({
    url: `${instance.openaiUrl}/chat/completions`,
    headers: { ...instance.session('told', '/chat'), authorization: 'Bearer sk-provider-key', ...headers },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Tell' }] }),
  });
  expect(answer.status).toBe(200);
  return answerHeader(answer, 'Helicone-Id')!;
}

const FLAG = { 'Helicone-Webhook-Enabled': 'true' };
const told = () => receiver.received.map(({ json }) => json.request_id as string);

describe('webhooks', () => {
  test('are told of flagged calls alone, until they are deleted, and lead to the bodies without a key', async () => {
    const made = await instance.api.call<Made>('POST', '/v1/webhooks', { destination: `${receiver.url}/told` });
    const { id, hmac_key: secret } = made.body.data;
    await call();
    await call({ 'Helicone-Webhook-Enabled': 'false' });
    const flagged = await call({ ...FLAG, 'Helicone-Property-Env': 'prod' });
    await waitFor(() => receiver.received.length > 0, { what: 'the webhook' });
    const [received] = receiver.received;
    expect(received!.json).toMatchObject({
      request_id: flagged,
      session_id: 'told',
      session_path: '/chat',
      model: expect.stringContaining('gpt-4o-mini'),
      provider: 'OPENAI',
      properties: { env: 'prod' },
      metadata: { cost: expect.any(Number), latencyMs: expect.any(Number) },
    });
    expect(isSignedFor(secret, received!)).toBe(true);
    expect(isStandardSigned(secret, received!)).toBe(true);

    const link = await fetch(received!.json.request_response_url);
    expect(await link.json()).toMatchObject({
      request: { messages: [{ role: 'user', content: 'Tell' }] },
      response: { choices: expect.any(Array) },
    });
    const shown = await waitFor(
      async () => {
        const { body } = await instance.api.call<{ data: object[] }>('GET', `/v1/webhooks/${id}/deliveries`);
        return body.data.length > 0 && body.data;
      },
      { what: 'what became of it' },
    );
    expect(shown).toMatchObject([{ request_id: flagged, state: 'delivered', tries: 1, status: 200 }]);

    // Of another webhook it is known when the deleted one would have been told as well.
    const kept = await instance.api.call<Made>('POST', '/v1/webhooks', { destination: `${receiver.url}/kept` });
    await instance.api.call('DELETE', `/v1/webhooks/${id}`);
    const later = await call(FLAG);
    await waitFor(() => told().includes(later), { what: 'the webhook that is left' });
    await instance.throughline.stop();
    expect(receiver.received.filter(({ json }) => json.request_id === later).map(({ path }) => path)).toEqual([
      '/kept',
    ]);
    await instance.throughline.start();
    await instance.api.call('DELETE', `/v1/webhooks/${kept.body.data.id}`);
  });

  test('are told by the next process what the killed one did not bring to its end', async () => {
    const { body } = await instance.api.call<Made>('POST', '/v1/webhooks', { destination: `${receiver.url}/next` });
    // Connected, sent, and never answered.
    receiver.answer = () => undefined;
    const id = await call(FLAG);
    await waitFor(() => told().includes(id), { what: 'the first try' });
    await instance.throughline.kill('SIGKILL');
    receiver.answer = () => ({ status: 204 });
    await instance.throughline.start();
    await waitFor(() => told().filter((one) => one === id).length === 2, { what: 'the second try' });
    const tries = receiver.received.filter(({ json }) => json.request_id === id);
    expect(new Set(tries.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(tries.every((received) => isSignedFor(body.data.hmac_key, received))).toBe(true);
    const metrics = await (await fetch(`${instance.throughline.url}/metrics`)).text();
    expect(metrics).toMatch(/throughline_webhook_tries_total\{outcome="delivered"\} [1-9]/);
    const said = [metrics, instance.throughline.stdout, instance.throughline.stderr].join();
    expect(said).not.toContain(body.data.hmac_key);
  });
});
