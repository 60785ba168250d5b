import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { openLmdbSessionTotals } from '@throughline/session-totals/lmdb/lmdb-session-totals';
import { checkExactness } from '@throughline/testkit/load/check-exactness';
import { createRandom, type Random, seedFromEnv } from '@throughline/testkit/seed';
import { LOG_DAMAGES } from './support/fault-length.ts';
import { type FaultRig, startFaultRig } from './support/fault-rig.ts';
import { type LogFrame, readFrames, syncedEnd } from './support/log-frames.ts';
import { unsure } from './support/unsure-ledger.ts';

/** A run, a start and reading everything back, on a busy machine. */
const ROUND_MS_MAX = 60_000;

let rig: FaultRig | undefined;
afterEach(async () => {
  await rig?.[Symbol.asyncDispose]();
  rig = undefined;
}, 60_000);

describe('a log that a power cut has damaged', () => {
  test(
    'keeps what was before the damage, names what is gone, and counts every new call',
    async () => {
      const seed = seedFromEnv('damaged log');
      const random = createRandom(seed);
      rig = await startFaultRig({ seed });
      const damaged = new Set<number>();
      let lostBefore = 0;
      for (let round = 0; round < LOG_DAMAGES; round++) {
        const draw = random.fork(round);
        const what = await powerCut(rig, draw);
        for (const { call } of what.frames) damaged.add(call!);
        const logged = rig.throughline.stdout.length;
        await rig.throughline.start();
        await runLoad(rig, draw);

        const { losses, stored } = (await rig.cleanAudit()).partitions[0]!;
        // Whether a damaged call had reached the rows before is not known from outside; all others must be there.
        await checkExactness(unsure(rig.ledger, damaged), rig.api, { timeoutMs: 30_000 });
        const visible = new Set((await rig.api.requests()).map(({ properties }) => Number(properties.call)));
        // Nobody knows of what was cut off behind everything that any store has heard of.
        const knownEnd = what.frames.reduce(
          (end, { call, offset }) => (visible.has(call!) ? Math.max(end, offset + 1) : end),
          what.knownEnd,
        );
        const gone = what.frames.filter(({ call, offset }) => offset < knownEnd && !visible.has(call!));
        const lost = stored.exceptions.lost ?? 0;
        expect({ round, what: what.text, lost: lost - lostBefore }).toEqual({
          round,
          what: what.text,
          lost: gone.length,
        });
        if (gone.length > 0) {
          expect(losses[0]).toMatch(/^offsets \d+ to \d+: /);
          expect(rig.throughline.stdout.slice(logged)).toMatch(/has lost offsets \d+ to \d+: /);
        }
        lostBefore = lost;
      }
    },
    LOG_DAMAGES * ROUND_MS_MAX + 60_000,
  );
});

interface PowerCut {
  readonly text: string;
  /** What was damaged. */
  readonly frames: readonly LogFrame[];
  /** Offsets below it are known to have been given: by what is left of the log, its synced end, and the fence. */
  readonly knownEnd: number;
}

/** Load, the death of the process, and damage to the newest segment of its log. */
async function powerCut(rig: FaultRig, random: Random): Promise<PowerCut> {
  const { throughline } = rig;
  const log = join(throughline.dataDir, 'log');
  const load = rig.load({ retryShare: 0 });
  // Rows ahead of totals, and totals ahead of snapshots: the moments at which the stores differ most.
  const point = random.pick([undefined, undefined, 'aggregator:before-commit', 'aggregator:totals-committed'] as const);
  await rig.callsLater(random.integer(5, 30));
  await throughline.kill('SIGKILL');
  if (point) await rig.startToCrash(point, random.integer(2, 4));
  await load.stop();

  const before = readFrames(log);
  const newest = before.at(-1)!.segment;
  const [first] = before.filter(({ segment }) => segment.path === newest.path);
  const bytes = readFileSync(newest.path);
  // Behind the fence or before it, or among the last frames.
  const from = random.chance(0.5) ? random.integer(first!.from, bytes.length) : Math.max(0, bytes.length - 8_192);
  const damage = random.pick(['cut', 'flip', 'zero', 'flip and cut'] as const);
  const harmed = Buffer.from(bytes);
  if (damage.startsWith('flip')) {
    for (let flips = random.integer(1, 20); flips > 0; flips--) {
      const at = random.integer(Math.min(from, bytes.length - 1), bytes.length - 1);
      harmed[at] = harmed[at]! ^ random.integer(1, 255);
    }
  }
  if (damage === 'zero') harmed.fill(0, from, from + 4_096);
  writeFileSync(newest.path, harmed);
  const end = damage.endsWith('cut') ? random.integer(Math.min(from, bytes.length), bytes.length) : bytes.length;
  truncateSync(newest.path, end);

  const isWhole = ({ segment, from, to }: LogFrame) =>
    segment.path !== newest.path || (to <= end && bytes.compare(harmed, from, to, from, to) === 0);
  const whole = before.filter(isWhole);
  expect(readFrames(log).map(({ offset }) => offset)).toEqual(whole.map(({ offset }) => offset));
  const forgets = random.chance(0.4);
  if (forgets) {
    // What is written without being synced goes first.
    await rm(join(log, 'synced-end'));
    await rm(join(throughline.dataDir, 'boot-id'));
  }
  const knownEnd = Math.max((whole.at(-1)?.offset ?? -1) + 1, syncedEnd(log), (await storedFence(throughline)) + 1);
  const text = `${damage} from ${from} of ${bytes.length} to ${end}, crash at ${point}, synced end ${forgets ? 'forgotten' : 'kept'}`;
  return { text, frames: before.filter((frame) => !isWhole(frame)), knownEnd };
}

async function runLoad(rig: FaultRig, random: Random): Promise<void> {
  const load = rig.load({ retryShare: 0 });
  await rig.callsLater(random.integer(2, 15));
  await load.stop();
}

async function storedFence({ dataDir }: { dataDir: string }): Promise<number> {
  const totals = openLmdbSessionTotals({ dir: join(dataDir, 'totals'), readOnly: true });
  try {
    return (await totals.loadPartition(0))?.fence.offset ?? -1;
  } finally {
    await totals.close();
  }
}
