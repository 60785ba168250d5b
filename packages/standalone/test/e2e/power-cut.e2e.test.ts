import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { createApiClient } from '@throughline/testkit/api-client';
import { type FakeProvider, startFakeProvider } from '@throughline/testkit/fake-provider/fake-provider';
import { checkExactness } from '@throughline/testkit/load/check-exactness';
import { createLedger } from '@throughline/testkit/load/ledger';
import { type LoadOptions, startLoad } from '@throughline/testkit/load/run-load';
import { runThroughline } from '@throughline/testkit/process/service-process';
import { startThroughline, type ThroughlineProcess } from '@throughline/testkit/process/throughline-process';
import { createRandom, type Random, seedFromEnv } from '@throughline/testkit/seed';
import { waitFor } from '@throughline/testkit/wait-for';
import { POWER_CUTS } from './support/fault-length.ts';
import './support/instance.ts';

// A power cut may leave the newest segment shorter than it was, or with other bytes than were written. What was there
// before the damage stays, and the log goes on behind it.

let provider: FakeProvider | undefined;
let throughline: ThroughlineProcess | undefined;
afterEach(async () => {
  await throughline?.stop();
  await provider?.close();
}, 60_000);

test.each([
  ['cut at a random byte', cutTail],
  ['with random bytes flipped', flipTail],
] as const)(
  'a newest segment %s loses nothing before the damage, and new calls are all counted',
  async (name, damage) => {
    const seed = seedFromEnv(name);
    const random = createRandom(seed);
    provider = await startFakeProvider({ exchangesMax: 100 });
    throughline = await startThroughline({ providerOrigin: provider.origin, env: { LOG_LEVEL: 'warn' } });
    const { url, key, dataDir } = throughline;
    const api = createApiClient(url, key);
    const ledger = createLedger();
    const load: Omit<LoadOptions, 'callsMax'> = { url, key, seed, ledger, durationMsMax: 20_000, sessions: 60 };
    for (let round = 0; round < POWER_CUTS; round++) {
      await startLoad({ ...load, callsMax: 50 }).done;
      await checkExactness(ledger, api, { timeoutMs: 20_000 });
      const safe = await newestSegment(dataDir);

      const since = ledger.nextCall();
      const doomed = startLoad({ ...load, callsMax: 1_000_000 });
      await sleep(random.integer(300, 800));
      await throughline.kill('SIGKILL');
      await doomed.stop('leave');
      const newest = await newestSegment(dataDir);
      const from = newest.path === safe.path ? safe.bytes : 0;
      expect(newest.bytes).toBeGreaterThan(from);
      await damage(newest.path, from, newest.bytes, random);
      ledger.forgiveSince(since);

      await throughline.start();
      await startLoad({ ...load, callsMax: 50 }).done;
      await checkExactness(ledger, api, { timeoutMs: 20_000 });
    }
    // The product's own ledger has a name for every position that it knows of. (Of a tail that was cut off before
    // anybody read it, nobody can know.)
    await waitFor(
      async () => {
        const { code, stdout, stderr } = await runThroughline(['audit'], { THROUGHLINE_DATA_DIR: dataDir });
        // 3: clean so far.
        if (code === 3) return false;
        expect([code, stdout, stderr]).toEqual([0, expect.stringContaining('clean'), expect.anything()]);
        return true;
      },
      { what: 'a settled audit' },
    );
  },
  POWER_CUTS * 80_000 + 30_000,
);

interface Segment {
  readonly path: string;
  readonly bytes: number;
}

async function newestSegment(dataDir: string): Promise<Segment> {
  const dir = join(dataDir, 'log');
  const names = (await readdir(dir)).filter((name) => name.endsWith('.log')).sort();
  const path = join(dir, names.at(-1)!);
  return { path, bytes: (await stat(path)).size };
}

async function cutTail(path: string, from: number, to: number, random: Random): Promise<void> {
  await truncate(path, random.integer(from, to - 1));
}

async function flipTail(path: string, from: number, to: number, random: Random): Promise<void> {
  const bytes = await readFile(path);
  for (let flips = random.integer(1, 20); flips > 0; flips--) {
    const at = random.integer(from, to - 1);
    bytes[at] = bytes[at]! ^ (1 << random.integer(0, 7));
  }
  await writeFile(path, bytes);
}
