import { cpSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { Ledger } from '@throughline/testkit/load/ledger';
import { mountSmallDisk } from '@throughline/testkit/small-disk';
import { waitFor } from '@throughline/testkit/wait-for';
import { metric } from '../e2e/support/distributed-world.ts';
import { WORLD_MS_MAX } from '../e2e/support/fault-length.ts';
import { shiftedClock } from '../e2e/support/shifted-clock.ts';
import { useWorld } from '../e2e/support/use-world.ts';

const world = useWorld();

describe('an outbox that', () => {
  test(
    'two gateways share, is copied, and is set back: nothing is counted twice, and no new event is taken for an old one',
    async () => {
      const { gateways, addGateway, dataDirOf, servers, load, exact } = await world('shared, copied, set back', {
        aggregators: 1,
      });
      const [first] = gateways;
      const dir = dataDirOf(first!);
      const second = await addGateway(dir);
      const loads = [load(), load({ gateway: second })];
      try {
        await sleep(1_500);
        // What is in the outbox now is in Kafka soon after.
        await servers.kafka.kill();
        await sleep(1_000);
        cpSync(join(dir, 'outbox'), join(dir, 'copy'), { recursive: true });
        await servers.kafka.restart();
        await sleep(2_000);
        await Promise.all([first!.kill('SIGKILL'), second.kill('SIGKILL')]);
        // An older copy in the place of what there was, and a clone of it on another gateway's volume.
        cpSync(join(dir, 'outbox'), join(dir, 'newest'), { recursive: true });
        rmSync(join(dir, 'outbox'), { recursive: true });
        cpSync(join(dir, 'copy'), join(dir, 'outbox'), { recursive: true });
        await first!.start();
        // The newest state comes back beside it: what the first has sent meanwhile comes again.
        for (const name of readdirSync(join(dir, 'newest'))) {
          cpSync(join(dir, 'newest', name), join(dir, 'clone', 'outbox', name), { recursive: true });
        }
        await addGateway(join(dir, 'clone'));
        await second.start();
        await sleep(1_500);
      } finally {
        await Promise.all(loads.map((one) => one.stop()));
      }
      expect((await exact()).fullyReceived).toBeGreaterThan(20);
    },
    WORLD_MS_MAX,
  );

  test(
    'a power cut takes the end of, when Kafka has more: what Kafka has counts, once',
    async () => {
      const { gateways, dataDirOf, load, exact } = await world('outbox cut back', { aggregators: 1 });
      const [gateway] = gateways;
      for (let round = 0; round < 3; round++) {
        const running = load();
        await sleep(1_500);
        await gateway!.kill('SIGKILL');
        cutNewestSegments(join(dataDirOf(gateway!), 'outbox'));
        await gateway!.start();
        await sleep(500);
        await running.stop();
      }
      // What was cut off had been accepted: by then it was in Kafka, or it is named as a hole and not missed silently.
      const report = await exact();
      expect(report.fullyReceived).toBeGreaterThan(20);
    },
    WORLD_MS_MAX,
  );

  test(
    'is full, and then has room again: calls go on, the refused ones are counted and named',
    async () => {
      const { gateways, servers, load, exact, cleanAudit, ledger } = await world('outbox full', {
        aggregators: 1,
        env: { OUTBOX_BYTES_MAX: '1MiB' },
      });
      const running = load();
      let known = new Set<number>();
      try {
        await sleep(1_000);
        known = new Set(ledger.calls.map(({ call }) => call));
        await servers.kafka.kill();
        await waitFor(async () => (await metric(gateways[0]!, 'throughline_outbox_refused_events')) > 50, {
          what: 'refused events',
          timeoutMs: 60_000,
        });
        await servers.kafka.restart();
        await waitFor(async () => (await metric(gateways[0]!, 'throughline_outbox_events')) < 50, {
          what: 'room in the outbox',
          timeoutMs: 60_000,
        });
        await sleep(1_000);
      } finally {
        await running.stop();
      }
      await exact({ mayBeMissing: callsBeside(known, ledger) });
      const refused = (await cleanAudit()).partitions.reduce((sum, partition) => sum + partition.refused, 0);
      expect(refused).toBeGreaterThanOrEqual(ledger.calls.filter(({ received }) => received === 'refused').length);
      expect(refused).toBeGreaterThan(50);
    },
    WORLD_MS_MAX,
  );

  const disk = mountSmallDisk(8 * 1024 * 1024);
  // Where no file system may be mounted there is no small disk; in CI that is a failure.
  (disk ? test : test.skip)(
    'meets a full disk: calls go on, the loss is counted',
    async () => {
      const { addGateway, gateways, load, exact, cleanAudit, ledger } = await world('outbox disk full', {
        aggregators: 1,
      });
      let known = new Set<number>();
      try {
        const gateway = await addGateway(join(disk!.path, 'data'));
        const running = load({ gateway });
        try {
          await sleep(1_000);
          known = new Set(ledger.calls.map(({ call }) => call));
          disk!.fill();
          await waitFor(async () => (await metric(gateway, 'throughline_outbox_refused_events')) > 20, {
            what: 'refused events',
            timeoutMs: 60_000,
          });
          disk!.makeRoom();
          await sleep(2_000);
        } finally {
          await running.stop();
        }
        await exact({ mayBeMissing: callsBeside(known, ledger) });
        const refused = (await cleanAudit()).partitions.reduce((sum, partition) => sum + partition.refused, 0);
        expect(refused).toBeGreaterThan(20);
      } finally {
        for (const { pid, kill } of gateways) if (pid !== undefined) await kill('SIGKILL');
        disk!.unmount();
      }
    },
    WORLD_MS_MAX,
  );

  test(
    'fills while Kafka is down from the start, and whose gateway’s clock is an hour off',
    async () => {
      const { addGateway, servers, load, exact, env } = await world('Kafka down at the start', { aggregators: 1 });
      await servers.kafka.kill();
      const ahead = await addGateway(undefined, shiftedClock(3_600_000));
      const running = [load({ gateway: ahead }), load()];
      try {
        await sleep(2_000);
        await servers.kafka.restart();
        await sleep(2_000);
      } finally {
        await Promise.all(running.map((one) => one.stop()));
      }
      expect(env.KAFKA_PARTITIONS).toBe('4');
      expect((await exact()).fullyReceived).toBeGreaterThan(20);
    },
    WORLD_MS_MAX,
  );
});

/** Those that were not over before the fault: some of them may have been refused in the middle. */
function callsBeside(known: ReadonlySet<number>, { calls }: Ledger): ReadonlySet<number> {
  return new Set(calls.map(({ call }) => call).filter((call) => !known.has(call)));
}

/** The newest segment of each folder loses its last 20 kB. */
function cutNewestSegments(outbox: string): void {
  for (const folder of readdirSync(outbox, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    const segments = readdirSync(join(outbox, folder.name))
      .filter((name) => name.endsWith('.log'))
      .sort();
    const newest = segments.at(-1);
    if (newest === undefined) continue;
    const path = join(outbox, folder.name, newest);
    truncateSync(path, Math.max(0, statSync(path).size - 20_000));
  }
}
