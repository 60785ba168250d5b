import { expect, test } from '@jest/globals';
import type { ReplayStepEvent } from '@throughline/contracts/api/session-replay';
import { recordedStep } from '../../test/recorded-step.ts';
import { planReplay } from './plan-replay.ts';
import type { GatewayAnswer } from './replay-ports.ts';
import { runReplay } from './run-replay.ts';

const CONTEXT = { sessionId: 's', sessionIds: ['s-again'], nowMs: 0, providerOrigins: {} };

test('a copy is told with the time that it was recorded with, whatever its copying took', async () => {
  const told = await run({ kind: 'tool', requestAt: 1_000, responseAt: 61_000 }, 10, async () => made('copied'));
  expect(told).toMatchObject({ action: 'copy', request_id: 'copied', error: null, latency_ms: 60_000 });
});

test.each([
  ['gone since the replay began', 0],
  ['too large', 100 * 1024 * 1024],
])('a request whose body is %s is not sent, and costs nothing', async (why, size) => {
  const told = await run({}, size, () => Promise.reject(new Error('it was sent')));
  expect(told).toMatchObject({ status: 0, error: `its request body is ${why}`, cost: 0, request_id: null });
});

/** A replay of one step. @param size of its bodies as they are stored, which are too large to be read. */
async function run(
  step: Parameters<typeof recordedStep>[0],
  size: number,
  call: () => Promise<GatewayAnswer>,
): Promise<ReplayStepEvent> {
  const work = planReplay([recordedStep(step)], {}, CONTEXT);
  const events: ReplayStepEvent[] = [];
  const body = { encoding: 'utf8', size, bytes: undefined };
  await runReplay({
    work,
    body: { toolPacing: 'none' },
    gateway: { call },
    key: 'key',
    bodiesOf: async () => ({ request: body, response: body }),
    clock: Date,
    cancelled: new AbortController().signal,
    onStep: (event) => events.push(event),
  });
  expect(events).toHaveLength(1);
  return events[0]!;
}

function made(id: string): GatewayAnswer {
  return { status: 200, headers: new Map([['helicone-id', id]]), body: Buffer.from('{}'), isTruncated: false };
}
