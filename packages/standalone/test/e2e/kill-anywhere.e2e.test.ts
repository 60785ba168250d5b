import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { createApiClient } from '@throughline/testkit/api-client';
import { type FakeProvider, startFakeProvider } from '@throughline/testkit/fake-provider/fake-provider';
import { checkExactness } from '@throughline/testkit/load/check-exactness';
import { countFates, createLedger } from '@throughline/testkit/load/ledger';
import { startLoad } from '@throughline/testkit/load/run-load';
import { runThroughline } from '@throughline/testkit/process/service-process';
import { startThroughline, type ThroughlineProcess } from '@throughline/testkit/process/throughline-process';
import { createRandom, seedFromEnv } from '@throughline/testkit/seed';
import { waitFor } from '@throughline/testkit/wait-for';
import { KILL_ROUNDS } from './support/fault-length.ts';
import { FAULT_LOAD } from './support/fault-load.ts';

/** Under load between a start and the next kill, ms. */
const RUN_MS = { min: 100, max: 900 };

/** A start, a run and the wait for it, on a busy machine. */
const ROUND_MS_MAX = 30_000;

let provider: FakeProvider | undefined;
let throughline: ThroughlineProcess | undefined;
afterEach(async () => {
  await throughline?.stop();
  await provider?.close();
}, 60_000);

test(
  'every call received in full is counted once, however often the process is killed',
  async () => {
    const seed = seedFromEnv('kill-anywhere');
    const random = createRandom(seed);
    provider = await startFakeProvider({ exchangesMax: 100 });
    throughline = await startThroughline({ providerOrigin: provider.origin, env: { LOG_LEVEL: 'warn' } });
    const ledger = createLedger();
    const load = startLoad({
      url: throughline.url,
      key: throughline.key,
      seed,
      ledger,
      ...FAULT_LOAD,
      durationMsMax: KILL_ROUNDS * ROUND_MS_MAX,
    });
    try {
      for (let kill = 0; kill < KILL_ROUNDS; kill++) {
        await sleep(random.integer(RUN_MS.min, RUN_MS.max));
        await throughline.kill('SIGKILL');
        await throughline.start();
      }
      await sleep(RUN_MS.max);
    } finally {
      await load.stop();
    }
    const api = createApiClient(throughline.url, throughline.key);
    const report = await checkExactness(ledger, api, { timeoutMs: 30_000 });
    expect(report.fullyReceived).toBe(countFates(ledger).full);
    expect(report.fullyReceived).toBeGreaterThan(KILL_ROUNDS * 2);
    await auditIsClean(throughline);
  },
  KILL_ROUNDS * ROUND_MS_MAX + 60_000,
);

test('an orderly stop under load loses nothing and ends with 0', async () => {
  const seed = seedFromEnv('orderly stop');
  provider = await startFakeProvider({ exchangesMax: 100 });
  throughline = await startThroughline({ providerOrigin: provider.origin, env: { LOG_LEVEL: 'warn' } });
  const { url, key } = throughline;
  const ledger = createLedger();
  const load = startLoad({ url, key, seed, ledger, callsMax: 1_000_000, durationMsMax: 30_000 });
  await sleep(700);
  expect(await throughline.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  await throughline.start();
  await sleep(300);
  await load.stop();
  await checkExactness(ledger, createApiClient(url, key), { timeoutMs: 30_000 });
  await auditIsClean(throughline);
}, 90_000);

/** The ledger of the product itself agrees: accepted = logged = stored = totalled. */
async function auditIsClean({ dataDir }: ThroughlineProcess): Promise<void> {
  await waitFor(
    async () => {
      const { code, stdout, stderr } = await runThroughline(['audit'], { THROUGHLINE_DATA_DIR: dataDir });
      if (code === 0) return true;
      throw new Error(stdout + stderr);
    },
    { what: 'a clean audit', intervalMs: 300 },
  );
}
