import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type EmbeddedAnalyticsStore,
  openEmbeddedAnalytics,
} from '@throughline/analytics/embedded/open-embedded-analytics';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import { World } from '../aggregator-world.ts';
import { type Call, callEvent } from '../calls.ts';
import { bySession, figuresByPlace, figuresOf } from '../expectations.ts';

let dir: TempDir;
let store: EmbeddedAnalyticsStore;

beforeAll(async () => {
  dir = await createTempDir('pipeline');
  store = await openEmbeddedAnalytics({ dir: dir.path });
});

afterAll(async () => {
  await store.close();
  await dir.remove();
});

describe('a partition from log to tables', () => {
  test('counts every call once in rows, totals, snapshots and tenant counters', async () => {
    const world = await World.create(store);
    const calls: Call[] = Array.from({ length: 300 }, (_, i) => ({
      tenant: world.tenant,
      session: i % 7 === 0 ? undefined : `session-${i % 20}`,
      path: `/step/${i % 5}`,
      promptTokens: i * 3,
      completionTokens: i,
      latencyMs: i,
      status: i % 11 === 0 ? 500 : 200,
    }));
    for (const call of calls) world.log.append(callEvent(call));
    await world.live({ config: { batchEventsMax: 70 } });

    const expected = bySession(calls);
    expect(await figuresByPlace(world)).toEqual({ rows: expected, totals: expected, snapshots: expected });
    const all = figuresOf(calls);
    const state = await world.totals.loadPartition(world.partition);
    expect(state!.tenants.get(world.tenant)).toMatchObject({ requests: all.requests, errors: all.errors });
    expect((await world.audit()).differences).toEqual([]);
    expect(world.log.committed).toBe(299);
    await world.destroy();
  });
});
