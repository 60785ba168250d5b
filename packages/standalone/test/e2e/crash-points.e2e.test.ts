import { appendFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { scriptHeader } from '@throughline/testkit/fake-provider/script';
import { fastClock } from '@throughline/testkit/process/fast-clock';
import { rawCall } from '@throughline/testkit/raw-call';
import { createRandom, type Random, seedFromEnv } from '@throughline/testkit/seed';
import { waitFor } from '@throughline/testkit/wait-for';
import { CRASH_POINTS, type CrashPoint } from '../../src/crash-points.ts';
import { type FaultRig, startFaultRig } from './support/fault-rig.ts';

/**
 * Steps that every call or batch passes, and how often one is passed before the process dies: seconds of load at most,
 * but never at the first call or batch, so that others are half done. They are crashed at one after the other under the
 * same load, so that what comes back from one crash is hit by the next.
 */
const UNDER_LOAD: readonly (readonly (readonly [CrashPoint, min: number, max: number])[])[] = [
  [
    ['gateway:request-received', 10, 60],
    ['gateway:sent-upstream', 10, 60],
    ['gateway:first-byte-to-client', 10, 60],
    ['gateway:before-append', 10, 60],
    ['gateway:after-append-before-last-chunk', 10, 60],
    ['gateway:last-chunk-sent', 10, 60],
  ],
  [
    ['log:before-write', 10, 40],
    ['log:after-write', 10, 40],
    ['log:before-sync', 2, 8],
    ['log:after-sync', 2, 8],
    ['log:after-synced-end-stored', 2, 8],
    ['log:after-synced-end-published', 2, 8],
  ],
  [
    ['aggregator:batch-read', 2, 4],
    ['aggregator:decided', 2, 4],
    ['aggregator:exceptions-inserted', 2, 4],
    ['aggregator:annotations-inserted', 2, 4],
    ['aggregator:bodies-inserted', 2, 4],
    ['aggregator:requests-inserted', 2, 4],
    ['aggregator:before-commit', 2, 4],
  ],
  [
    ['aggregator:totals-committed', 2, 4],
    ['aggregator:session-keys-published', 2, 4],
    ['aggregator:sessions-published', 2, 4],
    ['aggregator:snapshots-published', 2, 4],
  ],
];

/** What a stop, a start or an owner's upkeep passes; each needs a situation of its own. */
const AT_A_STOP = ['log:before-closed', 'log:after-closed'] as const;
const AT_A_START = [
  'log:before-tail-cut',
  'log:after-tail-cut',
  'aggregator:ownership-taken',
  'aggregator:unpublished-published',
  'aggregator:rows-repaired',
  'aggregator:snapshots-repaired',
] as const;
const IN_A_REBUILD = ['aggregator:rebuilt-page-published', 'aggregator:rebuilt-page-committed'] as const;
const AT_A_NEW_SEGMENT = [
  'log:before-new-segment',
  'log:after-new-segment',
  'log:before-segment-delete',
  'log:after-segment-delete',
] as const;
const AT_AN_EVICTION = ['aggregator:sessions-evicted'] as const;

/**
 * `FAULTS=long` or `CRASH_POINTS=all`: all groups under load and all points of a start. Else some of them, which the seed
 * chooses: others in another run.
 */
const isAll = process.env.FAULTS === 'long' || process.env.CRASH_POINTS === 'all';
const { groups: GROUPS, startPoints: START_POINTS } = choosePoints();

/** A group of crashes and what is read back after it, on a busy machine. */
const GROUP_MS_MAX = 180_000;

/** Under load between the last crash and the check, ms. */
const LAST_LOAD_MS = 500;

let rig: FaultRig | undefined;
afterEach(async () => {
  await rig?.[Symbol.asyncDispose]();
  rig = undefined;
}, 60_000);

interface Opened {
  readonly rig: FaultRig;
  readonly random: Random;
}

/** Everything but the process, whose first life is to end at a point already. */
async function open(label: string, env: Record<string, string> = {}): Promise<Opened> {
  const seed = seedFromEnv(`crash points ${label}`);
  rig = await startFaultRig({ seed, env, started: false });
  return { rig, random: createRandom(seed) };
}

async function start(label: string, env: Record<string, string> = {}): Promise<Opened> {
  const opened = await open(label, env);
  await opened.rig.throughline.start();
  return opened;
}

test('every point is crashed at by a test of this file', () => {
  const tested = [UNDER_LOAD.flat().map(([point]) => point), AT_A_STOP, AT_A_START, IN_A_REBUILD].flat();
  expect([...tested, ...AT_A_NEW_SEGMENT, ...AT_AN_EVICTION].sort()).toEqual([...CRASH_POINTS].sort());
});

describe('a crash counts no call twice and loses none that a client received', () => {
  test.each(GROUPS.map((points) => ({ points, names: points.map(([point]) => point).join(', ') })))(
    'in the middle of a load, at $names',
    async ({ points }) => {
      const { rig, random } = await open('under load');
      const load = rig.load();
      const movers = moveSessions(rig);
      try {
        for (const [point, min, max] of points) await rig.startToCrash(point, random.integer(min, max));
        await rig.throughline.start();
        await sleep(LAST_LOAD_MS);
      } finally {
        await Promise.all([load.stop(), movers.stop()]);
      }
      const report = await rig.exact();
      expect(report.fullyReceived).toBeGreaterThan(20);
      await movers.check();
    },
    GROUP_MS_MAX,
  );

  test(
    `at a stop under load, at ${AT_A_STOP.join(', ')}`,
    async () => {
      const { rig } = await open('at a stop');
      const load = rig.load();
      try {
        for (const point of AT_A_STOP) {
          await rig.throughline.start({ THROUGHLINE_CRASH_AT: point });
          await sleep(LAST_LOAD_MS);
          await rig.throughline.kill('SIGTERM');
          await rig.crashed(point);
        }
        await rig.throughline.start();
        await sleep(LAST_LOAD_MS);
      } finally {
        await load.stop();
      }
      await rig.exact();
    },
    GROUP_MS_MAX,
  );

  test(
    `while a start mends what a crash left, at ${START_POINTS.join(', ')}`,
    async () => {
      const { rig, random } = await open('at a start');
      const load = rig.load();
      try {
        for (const point of START_POINTS) {
          // In the middle of the third batch: rows without totals, and totals without snapshots from the one before it.
          // That this one gets so far shows that it has mended what the crash before it left.
          await rig.startToCrash(random.pick(['aggregator:before-commit', 'aggregator:totals-committed']), 3);
          await tearTail(rig, random);
          await rig.startToCrash(point, 1);
        }
        await rig.throughline.start();
        await sleep(LAST_LOAD_MS);
      } finally {
        await load.stop();
      }
      await rig.exact();
    },
    GROUP_MS_MAX,
  );

  test(
    `while totals are rebuilt, at ${IN_A_REBUILD.join(', ')}`,
    async () => {
      const { rig, random } = await start('in a rebuild');
      const load = rig.load();
      try {
        for (const point of IN_A_REBUILD) {
          await waitFor(async () => (await rig.api.count()).count > 10, { what: 'sessions to rebuild' });
          await rig.throughline.kill('SIGKILL');
          await rm(join(rig.throughline.dataDir, 'totals'), { recursive: true });
          await rig.startToCrash(point, 1);
          // Once more where the one before had got to, then to its end.
          if (random.chance(0.5)) await rig.startToCrash('aggregator:ownership-taken', 1);
          await rig.throughline.start();
        }
        await sleep(LAST_LOAD_MS);
      } finally {
        await load.stop();
      }
      await rig.exact();
    },
    GROUP_MS_MAX,
  );

  test(
    `while segments begin and expire, at ${AT_A_NEW_SEGMENT.join(', ')}`,
    async () => {
      // An hour, after which a segment may go, lasts as long as writing the next one.
      const { rig, random } = await open('at a new segment', { ...fastClock(3_000), LOG_RETENTION_HOURS: '1' });
      const load = rig.load({ connections: 4 });
      const large = sendLargeBodies(rig);
      try {
        for (const point of AT_A_NEW_SEGMENT) await rig.startToCrash(point, random.integer(1, 2));
        await rig.throughline.start();
        await sleep(LAST_LOAD_MS);
      } finally {
        await Promise.all([load.stop(), large.stop()]);
      }
      await rig.exact();
      const segments = await logSegments(rig);
      expect(Number.parseInt(segments[0]!, 10)).toBeGreaterThan(0);
    },
    GROUP_MS_MAX,
  );

  test(
    `while idle sessions are evicted, at ${AT_AN_EVICTION.join(', ')}, and when they are called again`,
    async () => {
      const { rig } = await start('at an eviction', fastClock(3_000));
      const early = { seed: 1, sessionPrefix: 'early-', callsMax: 200 };
      await rig.load(early).done;
      await rig.throughline.kill('SIGKILL');
      // The hour after which a session counts as idle.
      await sleep(1_300);
      const load = rig.load({ sessionPrefix: 'late-' });
      try {
        for (const point of AT_AN_EVICTION) await rig.startToCrash(point, 1);
        await rig.throughline.start();
        await sleep(LAST_LOAD_MS);
        await rig.load({ ...early, seed: 2 }).done;
        await rig.throughline.kill('SIGKILL');
        await rig.throughline.start();
      } finally {
        await load.stop();
      }
      await rig.exact();
    },
    GROUP_MS_MAX,
  );
});

/**
 * Sessions whose first call ends after a faster second one, so that their created_at moves to an earlier instant and the
 * snapshot under the old one must disappear. Each is tagged meanwhile.
 */
function moveSessions({ throughline, api }: FaultRig): { stop(): Promise<void>; check(): Promise<void> } {
  const full = new Map<string, number>();
  const tagged: string[] = [];
  let isStopped = false;
  const call = async (session: string, delayMs: number) => {
    const answer = await rawCall({
      url: `${throughline.url}/v1/gateway/oai/v1/chat/completions`,
      headers: {
        'content-type': 'application/json',
        'Helicone-Session-Id': session,
        ...scriptHeader({ delayMs }),
      },
      body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: session }] }),
    });
    if (answer.end === 'complete') full.set(session, (full.get(session) ?? 0) + 1);
  };
  const run = async () => {
    for (let number = 0; !isStopped; number++) {
      const session = `moved-${number}`;
      const slow = call(session, 400);
      await sleep(20);
      await call(session, 0);
      // Said of a session that may still be without a call, by a process that may be gone.
      const said = await api.call('POST', `/v1/session/${session}/tag`, { tag: session }).catch(() => undefined);
      if (said?.status === 200) tagged.push(session);
      await Promise.all([slow, sleep(20)]);
    }
  };
  const done = run();
  return {
    async stop() {
      isStopped = true;
      await done;
    },
    async check() {
      const listed = Map.groupBy(await api.sessions(), ({ session_id }) => session_id);
      expect(full.size).toBeGreaterThan(0);
      for (const [session, calls] of full) {
        expect([session, listed.get(session)?.length]).toEqual([session, 1]);
        expect(listed.get(session)![0]!.total_requests).toBeGreaterThanOrEqual(calls);
        expect(listed.get(session)![0]!.total_requests).toBeLessThanOrEqual(2);
      }
      for (const session of tagged) {
        const [found] = listed.get(session) ?? [];
        if (found) expect([session, found.tag]).toEqual([session, session]);
      }
    },
  };
}

/** Fills a segment with every three calls. */
function sendLargeBodies(rig: FaultRig): { stop(): Promise<void> } {
  let isStopped = false;
  const run = async () => {
    while (!isStopped) {
      await rig.callWithBody(6 * 1024 * 1024);
      // Most of the time nobody listens, and each try writes those bytes.
      await sleep(100);
    }
  };
  const done = run();
  return {
    async stop() {
      isStopped = true;
      await done;
    },
  };
}

/** What a write leaves that the end of its process cut short: the beginning of a frame, or nothing like one. */
async function tearTail(rig: FaultRig, random: Random): Promise<void> {
  const segments = await logSegments(rig);
  await appendFile(join(rig.throughline.dataDir, 'log', segments.at(-1)!), random.bytes(random.integer(1, 400)));
}

async function logSegments({ throughline }: FaultRig): Promise<string[]> {
  return (await readdir(join(throughline.dataDir, 'log'))).filter((name) => name.endsWith('.log')).sort();
}

function choosePoints(): { groups: typeof UNDER_LOAD; startPoints: readonly CrashPoint[] } {
  if (isAll) return { groups: UNDER_LOAD, startPoints: AT_A_START };
  const random = createRandom(seedFromEnv('crash points, which of them'));
  return { groups: someOf(UNDER_LOAD, 1, random), startPoints: someOf(AT_A_START, 2, random) };
}

/** Drawn without putting back, in an order of its own. */
function someOf<T>(list: readonly T[], count: number, random: Random): T[] {
  const left = [...list];
  return Array.from({ length: count }, () => left.splice(random.integer(0, left.length - 1), 1)[0]!);
}
