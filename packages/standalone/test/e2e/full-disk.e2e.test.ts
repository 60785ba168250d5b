import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { checkExactness } from '@throughline/testkit/load/check-exactness';
import { countFates, type Ledger } from '@throughline/testkit/load/ledger';
import { answerHeader, type RawAnswer, rawCall } from '@throughline/testkit/raw-call';
import { createRandom, seedFromEnv } from '@throughline/testkit/seed';
import { mountSmallDisk } from '@throughline/testkit/small-disk';
import { waitFor } from '@throughline/testkit/wait-for';
import { DISK_FILLS } from './support/fault-length.ts';
import { type FaultRig, startFaultRig } from './support/fault-rig.ts';

/** Room for an empty instance and some thousand calls; memory, as long as the test lasts. */
const DISK_BYTES = 256 * 1024 * 1024;

/** Calls at a time: so many can have had their headers before it was known that they cannot be recorded. */
const CONNECTIONS = 16;

const TEST_MS_MAX = 240_000;

const disk = mountSmallDisk(DISK_BYTES);

let rig: FaultRig | undefined;
afterEach(async () => {
  disk?.makeRoom();
  await rig?.[Symbol.asyncDispose]();
  rig = undefined;
}, 60_000);
afterAll(() => disk?.unmount());

(disk ? describe : describe.skip)('a data directory on a disk that is full (needs the right to mount one)', () => {
  test.each(['process', 'disk'] as const)(
    'calls go through and say that they are not recorded; all is exact again once there is room (durability %s)',
    async (durability) => {
      const seed = seedFromEnv(`full disk, durability ${durability}`);
      const random = createRandom(seed);
      rig = await startFaultRig({
        seed,
        dataDir: join(disk!.path, durability),
        env: { DURABILITY: durability, LOG_LEVEL: 'silent' },
      });
      const { pid } = rig.throughline;
      const load = startWellMeantLoad(rig);
      for (let fill = 0; fill < DISK_FILLS; fill++) {
        await sleep(random.integer(300, 800));
        const before = await notRecorded(rig);
        disk!.fill();
        const answer = await waitFor(() => plainCall(rig!, (call) => isRefused(call)), { what: 'a refusal' });
        expect([answer.status, answer.end]).toEqual([200, 'complete']);
        expect(answerHeader(answer, 'throughline-recorded')).toBe('no; reason=log-full');
        // Long enough for every store to have met the full disk.
        await sleep(random.integer(500, 1_500));
        expect(await notRecorded(rig)).toBeGreaterThan(before);
        disk!.makeRoom();
        await waitFor(() => plainCall(rig!, (call) => !isRefused(call)), { what: 'a call that is recorded' });
      }
      await sleep(500);
      await load.stop();

      expect(countFates(rig.ledger)).toMatchObject({ partial: 0, none: 0 });
      const audit = (await rig.cleanAudit()).partitions[0]!;
      const late = await refusedLate(rig);
      expect(late.size).toBeLessThanOrEqual(DISK_FILLS * CONNECTIONS);
      // Each of these tells of the same calls: what clients were told or miss, what is measured, and what is in the log.
      const refused = countFates(rig.ledger).refused + late.size;
      expect({ measured: await notRecorded(rig), logged: audit.refused }).toEqual({
        measured: refused + plainRefusals,
        logged: refused + plainRefusals,
      });
      await checkExactness(without(rig.ledger, late), rig.api, { timeoutMs: 30_000 });
      expect(rig.throughline.pid).toBe(pid);
    },
    TEST_MS_MAX,
  );

  test(
    'a process that is killed while the disk is full goes on once there is room',
    async () => {
      const seed = seedFromEnv('full disk and kill');
      const random = createRandom(seed);
      rig = await startFaultRig({ seed, dataDir: join(disk!.path, 'killed'), env: { LOG_LEVEL: 'silent' } });
      const load = startWellMeantLoad(rig);
      for (let fill = 0; fill < DISK_FILLS; fill++) {
        await sleep(random.integer(300, 800));
        disk!.fill();
        await waitFor(() => plainCall(rig!, (call) => isRefused(call)), { what: 'a refusal' });
        await sleep(random.integer(0, 1_500));
        await rig.throughline.kill('SIGKILL');
        disk!.makeRoom();
        await rig.throughline.start();
      }
      await sleep(500);
      await load.stop();
      await rig.cleanAudit();
      // Counts of what was refused are kept in memory until there is room: they died with the process.
      const late = await refusedLate(rig);
      expect(late.size).toBeLessThanOrEqual(DISK_FILLS * CONNECTIONS);
      await checkExactness(without(rig.ledger, late), rig.api, { timeoutMs: 30_000 });
    },
    TEST_MS_MAX,
  );
});

/** Refused calls made by the test itself, beside the load. */
let plainRefusals = 0;
afterEach(() => {
  plainRefusals = 0;
});

/** Nobody leaves, nothing fails, nothing is tried again: every call must arrive in full. */
function startWellMeantLoad(rig: FaultRig) {
  return rig.load({ abortShare: 0, faultShare: 0, retryShare: 0, connections: CONNECTIONS });
}

/** A call outside of sessions and of the ledger. @returns undefined when it is not as wanted. */
async function plainCall(rig: FaultRig, isWanted: (answer: RawAnswer) => boolean): Promise<RawAnswer | undefined> {
  const answer = await rawCall({
    url: `${rig.throughline.url}/v1/gateway/oai/v1/chat/completions`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Is there room?' }] }),
  });
  if (isRefused(answer)) plainRefusals++;
  return isWanted(answer) ? answer : undefined;
}

function isRefused(answer: RawAnswer): boolean {
  return answerHeader(answer, 'throughline-recorded')?.startsWith('no') === true;
}

async function notRecorded({ throughline }: FaultRig): Promise<number> {
  const text = (await rawCall({ url: `${throughline.url}/metrics` })).body.toString();
  const found = /^\S*gateway_not_recorded_total\{reason="log-full"\} (\d+)$/m.exec(text);
  return Number(found?.[1] ?? 0);
}

/** Calls received in full that are not stored: their headers were out before the log refused them. */
async function refusedLate({ ledger, api }: FaultRig): Promise<Set<number>> {
  const visible = new Set((await api.requests()).map(({ properties }) => properties.call));
  return new Set(
    ledger.calls.flatMap(({ call, received }) => (received === 'full' && !visible.has(String(call)) ? [call] : [])),
  );
}

function without(ledger: Ledger, calls: ReadonlySet<number>): Ledger {
  return { ...ledger, calls: ledger.calls.filter(({ call }) => !calls.has(call)) };
}
