import { afterAll, describe, expect, test } from '@jest/globals';
import type { NewRequestEvent } from '@throughline/contracts/request-event';
import {
  createTokenCounter,
  type TokenCounter,
  TokenCounterError,
} from '@throughline/providers/estimate/token-counter';
import { AGGREGATOR_CRASH_POINTS } from '../../src/crash-points.ts';
import { crashAt, World } from '../aggregator-world.ts';
import { callEvent, jsonBody } from '../calls.ts';
import { useEmbeddedStore } from '../embedded-store.ts';
import { figuresByPlace } from '../expectations.ts';

const store = useEmbeddedStore('estimated-tokens');
const tokens = createTokenCounter();
afterAll(() => tokens.close());

const CALLS = 60;
/** Every third call says what it used. */
const isTold = (at: number) => at % 3 === 0;
/** Of "is it so?" and what chat models put around it; of "yes" and the words behind it. */
const PROMPT_TOKENS = 4 + 7;
const answerTokens = (at: number) => 1 + at;

function call(world: World, at: number): NewRequestEvent {
  const event = callEvent({ tenant: world.tenant, session: `s${at % 4}`, promptTokens: 1_000, completionTokens: 100 });
  if (isTold(at)) return event;
  const delta = (content: string, finish: string | null) =>
    `data: ${JSON.stringify({ model: 'gpt-4o-mini', choices: [{ delta: { content }, finish_reason: finish }] })}\n\n`;
  const words = Array.from({ length: at }, () => delta(' yes', null)).join('');
  const bytes = Buffer.from(`${delta('yes', null)}${words}${delta('', 'stop')}data: [DONE]\n\n`);
  return {
    ...event,
    response_body: { ...jsonBody({}), bytes, size: bytes.length, content_type: 'text/event-stream' },
  };
}

async function filled(): Promise<World> {
  const world = await World.create(store.analytics);
  for (let at = 0; at < CALLS; at++) world.log.append(call(world, at));
  return world;
}

function expectedFigures() {
  return Object.fromEntries(
    [0, 1, 2, 3].map((session) => {
      const own = Array.from({ length: CALLS }, (_, at) => at).filter((at) => at % 4 === session);
      const sum = (of: (at: number) => number) => own.reduce((total, at) => total + of(at), 0);
      const promptTokens = sum((at) => (isTold(at) ? 1_000 : PROMPT_TOKENS));
      const completionTokens = sum((at) => (isTold(at) ? 100 : answerTokens(at)));
      return [
        `s${session}`,
        { requests: own.length, promptTokens: `${promptTokens}`, completionTokens: `${completionTokens}` },
      ];
    }),
  );
}

async function expectEstimated(world: World): Promise<Awaited<ReturnType<typeof figuresByPlace>>> {
  const figures = await figuresByPlace(world);
  expect(figures.rows).toMatchObject(expectedFigures());
  expect(figures.totals).toEqual(figures.rows);
  expect(figures.snapshots).toEqual(figures.rows);
  expect((await world.audit()).differences).toEqual([]);
  return figures;
}

/** Fails every other time, as a thread that dies does. */
function failingCounter(): Pick<TokenCounter, 'count'> {
  let calls = 0;
  return {
    count: (...given) =>
      calls++ % 2 === 0 ? Promise.reject(new TokenCounterError('the thread has ended')) : tokens.count(...given),
  };
}

describe('tokens that a provider did not tell', () => {
  test('are counted before anything is decided: rows, totals and snapshots agree, and say that they are estimated', async () => {
    const world = await filled();
    await world.live({ tokens, config: { batchEventsMax: 16 } });
    await expectEstimated(world);
    const marks = await world.raw.query<{ source: string; complete: boolean; calls: string }>({
      sql: `SELECT cost_source AS source, usage_complete AS complete, toString(count()) AS calls FROM requests FINAL
WHERE tenant_id = {tenant:String} GROUP BY ALL ORDER BY source`,
      params: { tenant: world.tenant },
    });
    expect(marks).toEqual([
      { source: 'estimated', complete: false, calls: '40' },
      { source: 'table', complete: true, calls: '20' },
    ]);
    await world.destroy();
  });

  test('are the same after every crash, and when the thread that counts them fails: they are waited for', async () => {
    const straight = await filled();
    await straight.live({ tokens });
    const { rows } = await figuresByPlace(straight);
    const world = await filled();
    for (const point of AGGREGATOR_CRASH_POINTS) {
      await world.liveUntilCrash({ tokens, config: { batchEventsMax: 8 }, crashPoint: crashAt(point) });
    }
    await world.live({ tokens: failingCounter() });
    expect((await expectEstimated(world)).rows).toEqual(rows);
    await straight.destroy();
    await world.destroy();
  });

  test('are the same in rows that are inserted again, and in totals that are made anew', async () => {
    const world = await filled();
    await world.live({ tokens });
    const { rows } = await expectEstimated(world);
    await store.command(
      `ALTER TABLE requests DELETE WHERE source_partition = ${world.partition} AND source_offset % 2 = 1 SETTINGS mutations_sync = 1`,
    );
    await world.live({ tokens });
    expect((await expectEstimated(world)).rows).toEqual(rows);
    await world.loseTotals();
    await world.live({ tokens });
    expect((await expectEstimated(world)).rows).toEqual(rows);
    await world.destroy();
  });

  test('are unknown where nobody counts, and never 0', async () => {
    const world = await filled();
    await world.live();
    const [row] = await world.raw.query<{ tokens: string; priced: string }>({
      sql: `SELECT toString(countIf(prompt_tokens IS NOT NULL)) AS tokens, toString(countIf(cost_source = 'none')) AS priced
FROM requests FINAL WHERE tenant_id = {tenant:String}`,
      params: { tenant: world.tenant },
    });
    expect(row).toEqual({ tokens: '20', priced: '40' });
    await world.destroy();
  });
});
