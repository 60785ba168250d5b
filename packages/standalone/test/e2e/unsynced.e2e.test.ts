import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { checkExactness } from '@throughline/testkit/load/check-exactness';
import { countFates } from '@throughline/testkit/load/ledger';
import { createRandom, seedFromEnv } from '@throughline/testkit/seed';
import { POWER_CUTS } from './support/fault-length.ts';
import { type FaultRig, startFaultRig } from './support/fault-rig.ts';
import { mountPowerCutDisk } from './support/power-cut-disk.ts';
import { unsure } from './support/unsure-ledger.ts';

const DISK_BYTES = 1024 * 1024 * 1024;
const ROUND_MS_MAX = 60_000;

/** What `DURABILITY=process` may lose at each cut: written and not yet synced when the power goes. */
const UNSYNCED_CALLS_MAX = 100;

const disk = mountPowerCutDisk(DISK_BYTES);

let rig: FaultRig | undefined;
afterEach(async () => {
  await rig?.[Symbol.asyncDispose]();
  rig = undefined;
}, 60_000);
afterAll(() => disk?.unmount());

(disk ? describe : describe.skip)('when the power goes, with everything that is not synced', () => {
  test.each(['disk', 'process'] as const)(
    'DURABILITY=%s keeps what it promises, and nothing is counted twice',
    async (durability) => {
      const seed = seedFromEnv(`power cuts, durability ${durability}`);
      const random = createRandom(seed);
      const dataDir = join(disk!.path, durability);
      rig = await startFaultRig({ seed, dataDir, env: { DURABILITY: durability } });
      const lost = new Set<number>();
      for (let cut = 0; cut < POWER_CUTS; cut++) {
        const first = rig.ledger.nextCall();
        const load = rig.load({ retryShare: 0 });
        await sleep(random.integer(300, 1_200));
        await rig.throughline.kill('SIGKILL');
        await load.stop();
        disk!.cutPower();
        // Another boot, which the machine of this test has not had.
        rmSync(join(dataDir, 'boot-id'), { force: true });
        await rig.throughline.start();
        const after = rig.load({ retryShare: 0, callsMax: 50 });
        await after.done;
        await rig.cleanAudit();
        if (durability === 'process') {
          const missing = await missingSince(rig, first);
          expect(missing.length).toBeLessThanOrEqual(UNSYNCED_CALLS_MAX);
          for (const call of missing) lost.add(call);
        }
        await checkExactness(unsure(rig.ledger, lost), rig.api, { timeoutMs: 30_000 });
      }
      expect(countFates(rig.ledger).full).toBeGreaterThan(POWER_CUTS * 20);
    },
    POWER_CUTS * ROUND_MS_MAX + 60_000,
  );
});

/** Calls from this number on that are missing although they were received in full. */
async function missingSince({ ledger, api }: FaultRig, first: number): Promise<number[]> {
  const visible = new Set((await api.requests()).map(({ properties }) => Number(properties.call)));
  return ledger.calls.flatMap(({ call, received }) =>
    call >= first && received === 'full' && !visible.has(call) ? [call] : [],
  );
}
