import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FakeRealtime, startFakeRealtime } from '@throughline/testkit/fake-realtime/fake-realtime';
import { waitFor } from '@throughline/testkit/wait-for';
import { WebSocket } from 'ws';
import { SETTLE_MS_MAX } from './support/distributed-world.ts';
import { WORLD_MS_MAX } from './support/fault-length.ts';
import { useWorld } from './support/use-world.ts';

const world = useWorld();
const CALLS = 5;
const TURNS = 4;

let realtime: FakeRealtime;
beforeAll(async () => {
  realtime = await startFakeRealtime();
});
afterAll(() => realtime?.close());

test(
  'each response that a client had of a gateway over servers is there once, though the gateway is killed at once',
  async () => {
    const { gateways, key, api, cleanAudit } = await world('realtime', {
      aggregators: 1,
      partitions: 2,
      env: { PROVIDER_OPENAI_URL: realtime.origin },
    });
    const gateway = gateways[0]!;
    const sessionId = `realtime-${randomUUID()}`;
    const done = await Promise.all(Array.from({ length: CALLS }, () => call(gateway.url, key, sessionId)));
    await gateway.kill('SIGKILL');
    await gateway.start();
    expect(done).toEqual(Array(CALLS).fill(TURNS));
    await waitFor(
      async () => {
        const requests = await api.sessionRequests(sessionId);
        if (requests.length === CALLS * TURNS) return requests;
        throw new Error(`there are ${requests.length}`);
      },
      { what: `${CALLS * TURNS} steps`, timeoutMs: SETTLE_MS_MAX },
    );
    await cleanAudit();
    expect(await api.session(sessionId)).toMatchObject({
      total_requests: CALLS * TURNS,
      prompt_tokens: CALLS * TURNS * 40,
      completion_tokens: CALLS * TURNS * 25,
    });
  },
  WORLD_MS_MAX,
);

/** @returns how many responses it got whole. */
function call(gatewayUrl: string, key: string, sessionId: string): Promise<number> {
  const socket = new WebSocket(`${gatewayUrl.replace('http', 'ws')}/v1/gateway/oai/realtime?model=gpt-realtime`, {
    headers: { authorization: 'Bearer sk', 'Helicone-Auth': `Bearer ${key}`, 'Helicone-Session-Id': sessionId },
  });
  const ask = () => socket.send('{"type":"response.create"}');
  let done = 0;
  return new Promise((resolve, reject) => {
    socket.on('open', ask);
    socket.on('message', (data) => {
      if (JSON.parse(String(data)).type !== 'response.done') return;
      done++;
      if (done === TURNS) resolve(done);
      else ask();
    });
    socket.on('error', (error) => {
      if (done < TURNS) reject(error);
    });
  });
}
