import { expect } from '@jest/globals';
import type { SessionState } from '@throughline/session-totals/session-state';
import { encodeSessionState } from '@throughline/session-totals/state-codec';
import type { Random } from '@throughline/testkit/seed';
import {
  AGGREGATOR_CRASH_POINTS,
  AGGREGATOR_UPKEEP_CRASH_POINTS,
  type AggregatorCrashPoint,
} from '../src/crash-points.ts';
import { crashAt, type World } from './aggregator-world.ts';
import { liveStates } from './expectations.ts';

/** As random streams of these tests name them. */
const SESSION_IDS = Array.from({ length: 7 }, (_, i) => `s${i}`);

export interface RandomLives {
  readonly livesMax: number;
  readonly eventsMax: number;
  /** Chance that the totals are lost after a life. */
  readonly losing: number;
  /** Crash points beside those of every batch. */
  readonly points?: readonly AggregatorCrashPoint[];
  /** Logs one more event. */
  log(): void;
  afterLife?(): Promise<void>;
}

/** Some lives of an aggregator, each with more in the log, that end at a random step of a random batch; and one that does not. */
export async function liveRandomly(world: World, random: Random, lives: RandomLives): Promise<void> {
  const points = [...AGGREGATOR_CRASH_POINTS, ...AGGREGATOR_UPKEEP_CRASH_POINTS, ...(lives.points ?? [])];
  for (let left = random.integer(3, lives.livesMax); left > 0; left--) {
    for (let events = random.integer(0, lives.eventsMax); events > 0; events--) lives.log();
    let looks = 0;
    const evicting = { config: { evictAfterIdleMs: -1 }, now: () => Date.now() + looks++ * 61_000 };
    await world.liveUntilCrash({
      ...(random.chance(0.3) ? evicting : {}),
      readMax: random.integer(1, 40),
      crashPoint: crashAt(random.pick(points), random.integer(1, 3)),
    });
    await lives.afterLife?.();
    if (random.chance(lives.losing)) await world.loseTotals();
  }
  await world.live();
}

/**
 * Loses the totals and expects them to come back bit for bit.
 *
 * @param touch logs an annotation of a session, which reads back one that was evicted.
 */
export async function expectRebuilt(world: World, note: object, touch: (sessionId: string) => void): Promise<void> {
  for (const id of SESSION_IDS) touch(id);
  await world.live();
  const before = await liveStates(world, SESSION_IDS);
  const partition = await world.totals.loadPartition(world.partition);
  await world.loseTotals();
  await world.live();
  const after = await liveStates(world, SESSION_IDS);
  expect({ ...note, states: after.map(comparable) }).toEqual({ ...note, states: before.map(comparable) });
  const rebuilt = await world.totals.loadPartition(world.partition);
  expect({ ...note, tenants: rebuilt!.tenants }).toEqual({ ...note, tenants: partition!.tenants });
  expect(rebuilt!.producers).toEqual(partition!.producers);
}

/** Everything that decides figures and later decisions; not how often it was published and by whom. */
export function comparable(state: SessionState): string {
  return encodeSessionState({ ...state, snapshotVersion: 0n, publishedCreatedAt: null }).toString('hex');
}
