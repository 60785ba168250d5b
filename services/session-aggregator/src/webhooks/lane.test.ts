import { expect, test } from '@jest/globals';
import type { FlaggedCall } from './flagged-call.ts';
import { Lane } from './lane.ts';
import { waitBeforeTry } from './wait-before-try.ts';
import { WEBHOOK_DEFAULTS } from './webhook-config.ts';

const HOUR_MS = 3_600_000;
const WEBHOOK = {
  tenantId: 'acme',
  id: 'webhook',
  destination: 'https://hooks.example/',
  secret: 'whsec_',
  includeData: true,
  sampleRate: 100,
  propertyFilters: [],
  apiOrigin: '',
  createdAtMs: 0,
};
const callAt = (offset: number, partition = 0): FlaggedCall => ({
  ...{ tenantId: 'acme', sessionId: '', requestId: '', eventId: '', orderedAt: 0, receivedAt: 0 },
  partition,
  offset,
});
const newLane = (config: Partial<typeof WEBHOOK_DEFAULTS> = {}) =>
  new Lane(WEBHOOK, { ...WEBHOOK_DEFAULTS, ...config }, () => 0.5);

test('waits longer after each try, all tries within the day that calls are told', () => {
  const waits = Array.from({ length: 7 }, (_, i) => waitBeforeTry(i + 1, WEBHOOK_DEFAULTS, 0.5));
  expect(waits).toEqual([5_000, 20_000, 80_000, 320_000, 1_280_000, 5_120_000, 20_480_000]);
  const longest = waits.reduce((sum, _, i) => sum + waitBeforeTry(i + 1, WEBHOOK_DEFAULTS, 1), 0);
  expect(longest).toBeLessThan(WEBHOOK_DEFAULTS.ageMsMax);
  expect(waitBeforeTry(1, WEBHOOK_DEFAULTS, 0)).toBeLessThan(waitBeforeTry(1, WEBHOOK_DEFAULTS, 1));
});

test('leaves what it has no room for to the tables, and says so', () => {
  const lane = newLane({ waitingPerWebhookMax: 2 });
  lane.offer(callAt(1), 10);
  lane.offer(callAt(1), 10);
  lane.offer(callAt(2), 10);
  expect([lane.waiting, lane.isBehind]).toEqual([2, false]);
  lane.offer(callAt(3), 10);
  expect([lane.waiting, lane.isBehind]).toEqual([2, true]);
  const crowded = newLane();
  crowded.offer(callAt(1), 0);
  expect([crowded.waiting, crowded.isBehind]).toEqual([0, true]);
});

test('knows what was done while more was looked for', () => {
  const lane = newLane();
  lane.offer(callAt(1), 10);
  lane.offer(callAt(2), 10);
  lane.beginRefill();
  const [task] = lane.take(0, 1);
  lane.begin(task!);
  lane.finish(task!, true);
  expect([1, 2].map((offset) => lane.wasDoneMeanwhile(callAt(offset)))).toEqual([true, false]);
  lane.endRefill();
  expect(lane.wasDoneMeanwhile(callAt(1))).toBe(false);
});

test('after failures in a row asks with one call at a time, less and less often, until it is answered', () => {
  const lane = newLane({
    failuresMax: 2,
    pauseMs: 1_000,
    pauseMsMax: 3_000,
    firstWaitMs: 100,
    sendingPerWebhookMax: 2,
  });
  for (let offset = 0; offset < 9; offset++) lane.offer(callAt(offset), 100);
  const begin = (now: number) => {
    const [task] = lane.take(now, 1);
    if (task) lane.begin(task);
    return task;
  };
  const [first, second] = [begin(0)!, begin(0)!];
  expect(begin(0)).toBeUndefined();
  expect(lane.fail(first, 0)).toBe(false);
  expect(lane.fail(second, 0)).toBe(true);
  // A call that was not tried yet is asked with: no single one uses up its tries.
  let now = 0;
  for (const pause of [1_000, 2_000, 3_000, 3_000]) {
    expect(lane.nextAtMs()).toBe(now + pause);
    expect([lane.isPaused(now), begin(now)]).toEqual([true, undefined]);
    now += pause;
    const probe = begin(now)!;
    expect([probe.tries, begin(now)]).toEqual([0, undefined]);
    expect(lane.fail(probe, now)).toBe(false);
  }
  now += 3_000;
  const probe = begin(now)!;
  lane.finish(probe, true);
  expect([begin(now), begin(now), begin(now)].filter(Boolean)).toHaveLength(2);
});

test('forgets what another owner delivers, and is idle then', () => {
  const lane = newLane();
  lane.offer(callAt(1, 1), 10);
  lane.offer(callAt(1, 2), 10, 1, HOUR_MS);
  lane.release(1);
  expect([lane.waiting, lane.isIdle(0), lane.take(0, 1), lane.nextAtMs()]).toEqual([1, false, [], HOUR_MS]);
  lane.release(2);
  expect([lane.isIdle(0), lane.nextAtMs()]).toEqual([true, Number.POSITIVE_INFINITY]);
});

test('gives out nothing more while something is taken and not being sent', () => {
  const lane = newLane({ sendingPerWebhookMax: 2 });
  for (let offset = 0; offset < 5; offset++) lane.offer(callAt(offset), 10);
  const [first, second, third] = lane.take(0, 3);
  expect([lane.take(0, 3), lane.nextAtMs(), lane.isIdle(0)]).toEqual([[], Number.POSITIVE_INFINITY, false]);
  lane.begin(first!);
  lane.begin(second!);
  expect(lane.maySend).toBe(false);
  lane.giveBack(third!);
  expect(lane.take(0, 3)).toEqual([]);
  lane.finish(first!, true);
  expect(lane.take(0, 3)).toHaveLength(3);
});
