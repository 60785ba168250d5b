import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceProcess } from '@throughline/testkit/process/service-process';
import { waitFor } from '@throughline/testkit/wait-for';
import { startEventSource } from '../contestants/event-source.ts';
import { startServers } from '../contestants/servers.ts';
import { openWorld } from '../contestants/world.ts';
import { samplesOf } from '../measure/metric.ts';
import { longestStall } from '../measure/stalls.ts';
import { median } from '../measure/statistics.ts';
import { type FenceWatch, watchFences } from '../measure/watch-fences.ts';
import { number } from '../report/format.ts';
import type { Scenario } from '../scenario.ts';

const AGGREGATORS = 3;
const PARTITIONS = 6;
/** Every partition gets some in each half of a second. */
const EVENTS_PER_SECOND = 120;
const ROUNDS_MIN = 5;
/** Beyond it something is broken. */
const RECOVERY_MS_MAX = 60_000;
/** How long fences are watched on: taking over may hold up the others once more. */
const AFTERWARDS_MS = 2_000;

interface Round {
  readonly lost: readonly number[];
  /** Until each partition of the one that was killed had moved under another owner, ms. */
  readonly servedAfterMs: number;
  /** Longest that any partition stood still, those of the survivors included, ms. */
  readonly stallMs: number;
}

export const recovery: Scenario = {
  name: 'recovery',
  about: `one of ${AGGREGATORS} aggregators killed with SIGKILL under load, until another one serves its partitions`,
  async run(bench) {
    await using servers = await startServers();
    await using world = await openWorld(bench, servers, { partitions: PARTITIONS });
    const source = await startEventSource(bench, { broker: servers.kafka.brokers[0]!, topic: world.topic });
    const members: ServiceProcess[] = [];
    const rounds: Round[] = [];
    try {
      for (let i = 0; i < AGGREGATORS; i++) members.push(await world.start('aggregator'));
      const offering = source.offer({ perSecond: EVENTS_PER_SECOND, callsPerSession: 20 });
      // It is ended before it is done.
      offering.catch(() => {});
      for (let round = 0; round < Math.max(ROUNDS_MIN, bench.rounds); round++) {
        await untilShared(members);
        bench.progress(`round ${round + 1}`);
        rounds.push(await killOne(await watchFences(world), members.shift()!));
        members.push(await world.start('aggregator'));
      }
    } finally {
      await source.stop();
    }
    const served = rounds.map(({ servedAfterMs }) => servedAfterMs / 1_000);
    const stalls = rounds.map(({ stallMs }) => stallMs / 1_000);
    return {
      columns: ['round', 'partitions lost', 's until all are served', 's of the longest standstill'],
      rows: rounds.map(({ lost }, i) => [String(i + 1), lost.join(', '), number(served[i]!), number(stalls[i]!)]),
      figures: [
        {
          name: 'recovery: aggregator killed → all its partitions served by others, slowest of the rounds',
          value: Math.max(...served),
          unit: 's',
          atMost: 15,
        },
        { name: 'recovery: the same, median', value: median(served), unit: 's' },
        {
          name: 'recovery: longest standstill of any partition after a kill, those of the survivors included',
          value: Math.max(...stalls),
          unit: 's',
        },
      ],
      notes: [
        `${PARTITIONS} partitions, ${EVENTS_PER_SECOND} events per second; served: the partition’s fence has moved on under a higher epoch; fences are read from Redis every 50 ms`,
        'most of it is the group’s session time-out, after which Kafka believes that a member is dead',
      ],
      samples: rounds,
    };
  },
};

/** Every member owns as many partitions as the others. */
async function untilShared(members: readonly ServiceProcess[]): Promise<void> {
  await waitFor(
    async () => {
      const owned = await Promise.all(members.map(partitionsOf));
      return owned.every(({ length }) => length === PARTITIONS / AGGREGATORS);
    },
    { timeoutMs: RECOVERY_MS_MAX, intervalMs: 200, what: 'equal shares' },
  );
  // The first batches of a new owner.
  await sleep(1_000);
}

async function partitionsOf(member: ServiceProcess): Promise<number[]> {
  const text = await (await fetch(`${member.url}/metrics`)).text();
  return samplesOf(text, 'throughline_aggregator_fence_age_seconds').map(({ labels }) => Number(labels.partition));
}

async function killOne(fences: FenceWatch, victim: ServiceProcess): Promise<Round> {
  const lost = await partitionsOf(victim);
  const epochs = fences.seen.map(({ epoch }) => epoch);
  await victim.kill('SIGKILL');
  const killedAt = performance.now();
  const servedAt = new Map<number, number>();
  await waitFor(
    () => {
      for (const partition of lost) {
        const { epoch, movedAt } = fences.seen[partition]!;
        const last = movedAt.at(-1) ?? 0;
        if (!servedAt.has(partition) && epoch > epochs[partition]! && last > killedAt) servedAt.set(partition, last);
      }
      return servedAt.size === lost.length;
    },
    { timeoutMs: RECOVERY_MS_MAX, intervalMs: 20, what: 'another owner' },
  );
  await sleep(AFTERWARDS_MS);
  const moves = await fences.stop();
  return {
    lost,
    servedAfterMs: Math.max(...servedAt.values()) - killedAt,
    stallMs: longestStall(moves, killedAt, fences.lookedAt),
  };
}
