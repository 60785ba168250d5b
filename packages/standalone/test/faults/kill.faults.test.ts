import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { ServiceProcess } from '@throughline/testkit/process/service-process';
import { createRandom, seedFromEnv } from '@throughline/testkit/seed';
import { waitFor } from '@throughline/testkit/wait-for';
import { SERVER_CRASH_POINTS } from '../../src/crash-points.ts';
import { KILL_ROUNDS, WORLD_MS_MAX, ZOMBIES } from '../e2e/support/fault-length.ts';
import { useWorld } from '../e2e/support/use-world.ts';

const world = useWorld();

/** Longer than the group waits for a silent member, 8 s, and for the others to take its partitions. */
const STOPPED_MS = 14_000;

describe('services that die under load lose nothing and count nothing twice', () => {
  test(
    `gateway, one aggregator, all of them, query: ${KILL_ROUNDS} rounds at random moments`,
    async () => {
      const random = createRandom(seedFromEnv('which service dies when'));
      const { gateways, aggregators, query, load, exact } = await world('services killed', { aggregators: 3 });
      const running = load();
      try {
        for (let round = 0; round < KILL_ROUNDS; round++) {
          await sleep(random.integer(300, 2_000));
          const victims = random.pick<readonly ServiceProcess[]>([
            [gateways[0]!],
            [random.pick(aggregators)],
            aggregators,
            [query],
            [gateways[0]!, random.pick(aggregators)],
          ]);
          await Promise.all(victims.map((victim) => victim.kill('SIGKILL')));
          await sleep(random.integer(0, 1_000));
          await Promise.all(victims.map((victim) => victim.start()));
        }
        await sleep(1_000);
      } finally {
        await running.stop();
      }
      expect((await exact({ timeoutMs: 120_000 })).fullyReceived).toBeGreaterThan(20);
    },
    WORLD_MS_MAX + KILL_ROUNDS * 15_000,
  );

  test(
    'an aggregator that is stopped past its session time-out and goes on is refused',
    async () => {
      const random = createRandom(seedFromEnv('which one is stopped first'));
      const { aggregators, load, exact } = await world('a zombie', { aggregators: 2 });
      const running = load();
      const zombies = random.chance(0.5) ? aggregators : aggregators.toReversed();
      try {
        await sleep(2_000);
        for (const zombie of zombies.slice(0, ZOMBIES)) {
          zombie.pause();
          await sleep(STOPPED_MS);
          zombie.resume();
          await sleep(3_000);
        }
      } finally {
        await running.stop();
      }
      expect((await exact()).fullyReceived).toBeGreaterThan(20);
    },
    WORLD_MS_MAX,
  );

  test(
    `a gateway that dies at any step of emptying its outbox: ${SERVER_CRASH_POINTS.join(', ')}`,
    async () => {
      const { gateways, load, exact } = await world('outbox crash points', { aggregators: 1 });
      const gateway = gateways[0]!;
      const running = load();
      try {
        await gateway.kill('SIGKILL');
        for (const point of SERVER_CRASH_POINTS) {
          await gateway.start({ THROUGHLINE_CRASH_AT: point }).catch((error: unknown) => {
            if (gateway.pid !== undefined) throw error;
          });
          // Some steps are only passed when it ends in order.
          await Promise.race([gateway.exited(), sleep(2_000)]);
          if (gateway.pid !== undefined) await gateway.kill('SIGTERM');
          expect([point, (await gateway.exited()).signal]).toEqual([point, 'SIGKILL']);
        }
        await gateway.start();
        await sleep(1_000);
      } finally {
        await running.stop();
      }
      expect((await exact()).fullyReceived).toBeGreaterThan(20);
    },
    WORLD_MS_MAX,
  );

  test(
    'the partitions of an aggregator that was killed are served by another within 15 s',
    async () => {
      const { aggregators, load, api, ledger } = await world('take over', { aggregators: 2 });
      const running = load();
      try {
        await sleep(2_000);
        await aggregators[0]!.kill('SIGKILL');
        const killedAt = ledger.calls.length;
        const killedMs = performance.now();
        await waitFor(
          async () => {
            // Of sessions in all partitions: those called after the kill are counted.
            const later = new Map(
              ledger.calls.slice(killedAt + 20).map(({ sessionId, requestId }) => [sessionId, requestId]),
            );
            later.delete(null);
            if (later.size < 20) return false;
            for (const id of later.keys()) {
              const rows = await api.sessionRequests(id!);
              if (!rows.some(({ request_id }) => request_id === later.get(id))) throw new Error(`${id} is not served`);
            }
            return true;
          },
          { what: 'every partition to be served', intervalMs: 200, timeoutMs: 60_000 },
        );
        process.stderr.write(`taken over after ${Math.round(performance.now() - killedMs)} ms\n`);
      } finally {
        await running.stop();
      }
    },
    WORLD_MS_MAX,
  );
});
