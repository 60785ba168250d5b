import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { answerHeader, rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';
import { isSignedFor, startWebhookReceiver, type WebhookReceiver } from '@throughline/testkit/webhook-receiver';
import { startWorld, type World } from './support/distributed-world.ts';

const TEST_MS_MAX = 240_000;

let receiver: WebhookReceiver;
let world: World;
beforeAll(async () => {
  receiver = await startWebhookReceiver();
  world = await startWorld({
    seed: 1,
    aggregators: 2,
    env: { ALLOWED_TARGETS: receiver.host, BODY_URL_SECRET: 'the same for all services of a test' },
  });
}, TEST_MS_MAX);
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await receiver.close();
}, TEST_MS_MAX);

async function call(session: string): Promise<string> {
  const answer = await rawCall({
    url: `${world.gateways[0]!.url}/v1/gateway/oai/v1/chat/completions`,
    headers: {
      'Helicone-Auth': `Bearer ${world.key}`,
      'Helicone-Session-Id': session,
      'Helicone-Webhook-Enabled': 'true',
      authorization: 'Bearer sk-provider-key',
    },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Tell' }] }),
  });
  expect(answer.status).toBe(200);
  return answerHeader(answer, 'Helicone-Id')!;
}

const told = () => new Set(receiver.received.map(({ json }) => json.request_id as string));

test(
  'webhooks are told of the calls of every partition, also where another aggregator takes one over',
  async () => {
    const made = await world.api.call<{ data: { hmac_key: string } }>('POST', '/v1/webhooks', {
      destination: receiver.url,
    });
    const ids = await Promise.all(Array.from({ length: 12 }, (_, i) => call(`session ${i}`)));
    await waitFor(() => ids.every((id) => told().has(id)), { what: 'all calls to be told', timeoutMs: 60_000 });
    expect(receiver.received.every((received) => isSignedFor(made.body.data.hmac_key, received))).toBe(true);
    const link = await fetch(receiver.received[0]!.json.request_response_url);
    expect(await link.json()).toMatchObject({ request: { model: 'gpt-4o-mini' } });

    receiver.answer = () => undefined;
    const later = await Promise.all(Array.from({ length: 12 }, (_, i) => call(`later ${i}`)));
    await waitFor(() => later.some((id) => told().has(id)), { what: 'a delivery under way', timeoutMs: 60_000 });
    const [killed] = world.aggregators;
    await killed!.kill('SIGKILL');
    receiver.answer = () => ({ status: 200 });
    await waitFor(
      async () => {
        const { body } = await world.api.call<{ data: { id: string }[] }>('GET', '/v1/webhooks');
        const path = `/v1/webhooks/${body.data[0]!.id}/deliveries?state=delivered`;
        const delivered = await world.api.call<{ data: { request_id: string }[] }>('GET', path);
        const known = new Set(delivered.body.data.map(({ request_id }) => request_id));
        return [...ids, ...later].every((id) => known.has(id));
      },
      { what: 'all of them to be delivered', timeoutMs: 120_000, intervalMs: 200 },
    );
  },
  TEST_MS_MAX,
);
