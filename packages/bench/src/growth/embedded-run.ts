import { cp } from 'node:fs/promises';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { placeOf, sessionsOf } from '../contestants/call-spread.ts';
import type { CallsWorkedOff, GrowthJob, Looked } from '../contestants/growth-run.ts';
import { type SpreadCalls, spreadSessionId } from '../contestants/spread-calls.ts';
import { requireExact } from '../contestants/stored-figures.ts';
import { startNode } from '../processes/node-process.ts';
import { number } from '../report/format.ts';
import type { Bench } from '../scenario.ts';
import type { GrowthSample } from './growth-series.ts';

/** Of each measurement. */
export const EVENTS = 24_000;
/** Of sessions of their own, before them, so that most code is compiled. */
export const WARM_UP_EVENTS = 8_000;

/** Sessions of a page of the list. */
const PAGE = 50;

/** What is measured at one size: calls to a folder that holds something already. */
export interface EmbeddedJob {
  readonly calls: SpreadCalls;
  /** How many of these calls came before. */
  readonly before: number;
  /** Those are in totals and snapshots alone. Left out: in the tables as well. */
  readonly isSeeded?: boolean;
  readonly profile: string;
}

/** Brings a folder to where its measurements begin. */
export async function fillFolder(bench: Bench, dir: string, { calls, before, isSeeded }: EmbeddedJob): Promise<void> {
  if (before === 0) return;
  bench.progress(`${number(before)} calls before`);
  if (isSeeded) {
    const { prefix, sessionsAtOnce } = calls;
    const shape = ['--sessions', String(sessionsAtOnce), '--calls', String(before / sessionsAtOnce)];
    await runFiller(bench, 'contestants/seeded-sessions-process.ts', ['--dir', dir, '--prefix', prefix, ...shape]);
  }
  await withProcess(bench, dir, undefined, async (tell) => {
    await tell<CallsWorkedOff>({ kind: 'calls', calls, from: 0, events: isSeeded ? 0 : before });
  });
}

/**
 * Works the calls off on a copy of the folder.
 *
 * @throws when stores or answers say something else than what was called.
 */
export async function measureFolder(
  bench: Bench,
  dir: string,
  { calls, before, isSeeded, profile }: EmbeddedJob,
  round: number,
): Promise<GrowthSample> {
  await using copy = await createTempDir('bench-growth-copy');
  await cp(dir, copy.path, { recursive: true });
  return await withProcess(bench, copy.path, round === 0 ? profile : undefined, async (tell) => {
    const warm = { ...calls, prefix: `warm-${calls.prefix}` };
    await tell<CallsWorkedOff>({ kind: 'calls', calls: warm, from: 0, events: WARM_UP_EVENTS });
    const work = await tell<CallsWorkedOff>({ kind: 'calls', calls, from: before, events: EVENTS });
    const all = before + EVENTS;
    const last = placeOf(all - 1, calls);
    const looked = await tell<Looked>({ kind: 'look', sessionId: spreadSessionId(calls, last.session) });
    const sessions = sessionsOf(all, calls) + sessionsOf(WARM_UP_EVENTS, calls);
    const unlogged = isSeeded ? before : 0;
    requireExact(looked.stored, { events: all + WARM_UP_EVENTS - unlogged, sessions, before: unlogged });
    const answered = { requests: looked.sessionRequests, listed: looked.listed };
    const expected = { requests: last.call + 1, listed: Math.min(PAGE, sessions) };
    if (answered.requests !== expected.requests || answered.listed !== expected.listed) {
      throw new Error(`answered ${JSON.stringify(answered)}, expected ${JSON.stringify(expected)}`);
    }
    const { takeOver } = work;
    return {
      cpuUs: (work.cpuUs - takeOver.cpuUs) / EVENTS,
      eventsPerSecond: EVENTS / (work.seconds - takeOver.seconds),
      peakRssMib: work.peakRssMib,
      takeOverMs: takeOver.cpuUs / 1_000,
      listMs: looked.listMs,
      sessionMs: looked.sessionMs,
    };
  });
}

/** Runs a script that fills a folder, until it says so. */
export async function runFiller(bench: Bench, script: string, args: readonly string[]): Promise<void> {
  const child = startNode(bench, script, { args });
  try {
    await child.next<{ done: true }>();
  } finally {
    await child.stop();
  }
}

type Tell = <Answer>(job: GrowthJob) => Promise<Answer>;

async function withProcess<Result>(
  bench: Bench,
  dir: string,
  profile: string | undefined,
  work: (tell: Tell) => Promise<Result>,
): Promise<Result> {
  const child = startNode(bench, 'contestants/growth-process.ts', { args: ['--dir', dir], profile });
  try {
    await child.next<{ ready: true }>();
    return await work(async <Answer>(job: GrowthJob) => {
      child.send(job);
      return await child.next<Answer>();
    });
  } finally {
    await child.stop();
  }
}
