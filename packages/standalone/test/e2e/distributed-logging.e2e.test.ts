import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { waitFor } from '@throughline/testkit/wait-for';
import { SETTLE_MS_MAX } from './support/distributed-world.ts';
import { WORLD_MS_MAX } from './support/fault-length.ts';
import { useWorld } from './support/use-world.ts';

const world = useWorld();
const LOGS = 20;
const EXPORTS = 5;
const SPANS = 20;

test(
  'what a gateway over servers answered 200 is there once, whether it is killed after that or sent again',
  async () => {
    const { gateways, key, api, cleanAudit } = await world('logging', { aggregators: 1, partitions: 2 });
    const gateway = gateways[0]!;
    const sessionId = `logged-${randomUUID()}`;
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const post = (path: string, body: unknown, more: Record<string, string> = {}) =>
      fetch(`${gateway.url}${path}`, {
        method: 'POST',
        headers: { ...headers, ...more },
        body: JSON.stringify(body),
      });
    const traceId = randomUUID().replaceAll('-', '');
    const exportOf = (number: number) => ({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: Array.from({ length: SPANS }, (_, at) => ({
                traceId,
                spanId: (number * SPANS + at + 1).toString(16).padStart(16, '0'),
                name: 'chat',
                startTimeUnixNano: `${Date.now()}000000`,
                endTimeUnixNano: `${Date.now()}000000`,
                attributes: [
                  { key: 'session.id', value: { stringValue: sessionId } },
                  { key: 'gen_ai.system', value: { stringValue: 'openai' } },
                  { key: 'gen_ai.usage.input_tokens', value: { intValue: '3' } },
                  { key: 'gen_ai.usage.output_tokens', value: { intValue: '2' } },
                ],
              })),
            },
          ],
        },
      ],
    });
    const logged = await Promise.all(
      Array.from({ length: LOGS }, async () => {
        const body = {
          providerRequest: { url: 'custom-model-nopath', json: { _type: 'tool', toolName: 'search', input: {} } },
          providerResponse: { json: { found: 1 }, status: 200 },
        };
        const answer = await post('/custom/v1/log', body, { 'Helicone-Session-Id': sessionId });
        expect(answer.status).toBe(200);
        return answer.headers.get('helicone-id')!;
      }),
    );
    for (let number = 0; number < EXPORTS; number++) {
      expect((await post('/v1/traces', exportOf(number))).status).toBe(200);
    }
    await gateway.kill('SIGKILL');
    await gateway.start();
    for (let number = 0; number < EXPORTS; number++) {
      expect((await post('/v1/traces', exportOf(number))).status).toBe(200);
    }
    const count = LOGS + EXPORTS * SPANS;
    const stored = await waitFor(
      async () => {
        const requests = await api.sessionRequests(sessionId);
        if (requests.length === count) return requests;
        throw new Error(`there are ${requests.length}`);
      },
      { what: `${count} steps`, timeoutMs: SETTLE_MS_MAX },
    );
    const ids = new Set(stored.map(({ request_id }) => request_id));
    expect(logged.filter((id) => !ids.has(id))).toEqual([]);
    await cleanAudit();
    expect(await api.session(sessionId)).toMatchObject({
      total_requests: count,
      prompt_tokens: EXPORTS * SPANS * 3,
      completion_tokens: EXPORTS * SPANS * 2,
    });
  },
  WORLD_MS_MAX,
);
