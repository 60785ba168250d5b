import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AGGREGATOR_DEFAULTS } from '@throughline/session-aggregator/aggregator-deps';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { interleave } from '../measure/interleave.ts';
import { tableSizes } from '../query/size.ts';
import { number } from '../report/format.ts';
import type { Bench } from '../scenario.ts';
import { type EmbeddedJob, EVENTS, fillFolder, measureFolder, runFiller } from './embedded-run.ts';
import type { GrowthSeries } from './growth-series.ts';

/** Sessions that are written to at once on top of what is stored. */
const SESSIONS_AT_ONCE = 100;

/** An agent's run. */
const CALLS_PER_SESSION = 20;

const LIVE_SESSIONS = [1, 100, 10_000, 100_000];
const REQUESTS_PER_SESSION = [2, 20, 200, 2_000];

/** One size has ten times as many beside it. */
export function storedSizes(requests: readonly number[]): number[] {
  const sizes = requests.length === 1 ? [requests[0]!, 10 * requests[0]!] : requests;
  return [...new Set(sizes)].sort((a, b) => a - b);
}

/** Fresh calls on top of tables that hold so many requests. */
export function measureStoredRequests(bench: Bench): Promise<GrowthSeries> {
  const calls = { sessionsAtOnce: SESSIONS_AT_ONCE, callsPerSession: CALLS_PER_SESSION, prefix: 'stored' };
  return measureSeries(
    bench,
    {
      name: 'requests stored',
      notes: [
        `requests stored: made by the engine, over 90 days, ten to a session, bodies left out, and merged; their sessions evicted; ${SESSIONS_AT_ONCE} new sessions at once on top, ${CALLS_PER_SESSION} calls each`,
      ],
    },
    storedSizes(tableSizes(bench)).map((size) => ({
      size,
      job: { calls, before: 0, profile: `growth-stored-${size}` },
      prepare: (dir) =>
        runFiller(bench, 'contestants/stored-history-process.ts', ['--dir', dir, '--requests', String(size)]),
    })),
  );
}

/** Calls in turn to sessions of which each had one call. */
export function measureLiveSessions(bench: Bench): Promise<GrowthSeries> {
  return measureSeries(
    bench,
    {
      name: 'live sessions',
      notes: [
        `live sessions: each had one call before, and its totals are live; then ${number(EVENTS)} calls to them in turn, so that a batch of 4,000 writes 1, 100, 4,000 and 4,000 of them; those of the last size are read from the totals, others once and then from memory`,
      ],
    },
    LIVE_SESSIONS.map((size) => ({
      size,
      job: {
        calls: { sessionsAtOnce: size, callsPerSession: 2 * EVENTS, prefix: 'live' },
        before: size,
        profile: `growth-live-${size}`,
      },
    })),
  );
}

/** Calls of sessions of so many calls each. */
export function measureRequestsPerSession(bench: Bench): Promise<GrowthSeries> {
  const { batchEventsMax: sessionsAtOnce } = AGGREGATOR_DEFAULTS;
  const callsEach = EVENTS / sessionsAtOnce;
  return measureSeries(
    bench,
    {
      name: 'requests per session',
      notes: [
        `requests per session: ${number(sessionsAtOnce)} sessions at once, on seven paths each, as many as a batch has events, so that each event has its session’s totals and snapshot written, as where calls of a session come seconds apart; of longer ones the last ${callsEach} calls of each session are measured, those before are in totals and snapshots alone`,
      ],
    },
    REQUESTS_PER_SESSION.map((size) => ({
      size,
      job: {
        calls: { sessionsAtOnce, callsPerSession: size, prefix: 'long' },
        before: Math.max(0, sessionsAtOnce * (size - callsEach)),
        isSeeded: true,
        profile: `growth-long-${size}`,
      },
    })),
  );
}

interface GivenSize {
  readonly size: number;
  readonly job: EmbeddedJob;
  /** Before the calls that the job names. */
  readonly prepare?: (dir: string) => Promise<void>;
}

async function measureSeries(
  bench: Bench,
  { name, notes }: Pick<GrowthSeries, 'name' | 'notes'>,
  sizes: readonly GivenSize[],
): Promise<GrowthSeries> {
  await using root = await createTempDir('bench-growth');
  const folder = ({ size }: GivenSize) => join(root.path, String(size));
  for (const given of sizes) {
    await mkdir(folder(given));
    await given.prepare?.(folder(given));
    await fillFolder(bench, folder(given), given.job);
  }
  const samples = await interleave(
    bench.rounds,
    Object.fromEntries(
      sizes.map((given) => [
        given.size,
        (round: number) => {
          bench.progress(`${name}: ${number(given.size)}`);
          return measureFolder(bench, folder(given), given.job, round);
        },
      ]),
    ),
    { warmUp: false },
  );
  return { name, notes, sizes: sizes.map(({ size }) => ({ size, samples: samples[size]! })) };
}
