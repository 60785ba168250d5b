import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { runThroughline } from '@throughline/testkit/process/service-process';
import { rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';
import { WORLD_MS_MAX } from '../e2e/support/fault-length.ts';
import { openKafkaAdmin, sendBytes } from '../e2e/support/kafka-tools.ts';
import { shiftedClock } from '../e2e/support/shifted-clock.ts';
import { useWorld } from '../e2e/support/use-world.ts';

const world = useWorld();

describe('the log', () => {
  test(
    'takes poison: a dead letter for what is no event, times a hundred years off as they are, and the partitions go on',
    async () => {
      const { env, servers, load, exact, gateways, addGateway, key, api } = await world('poison', {
        partitions: 2,
        env: { KAFKA_MESSAGE_BYTES_MAX: '1MiB' },
      });
      const running = load();
      await sleep(1_000);
      for (const partition of [0, 1]) {
        await sendBytes(servers.kafka.brokers, env.KAFKA_TOPIC!, partition, [
          Buffer.from([0xc1, 0, 255]),
          Buffer.alloc(0),
        ]);
      }
      const centuryAhead = await addGateway(undefined, shiftedClock(100 * 365.25 * 24 * 3_600_000));
      await load({ gateway: centuryAhead, callsMax: 50 }).done;
      // Larger than a message may be.
      const large = await rawCall({
        url: `${gateways[0]!.url}/v1/gateway/oai/v1/chat/completions`,
        headers: {
          'content-type': 'application/json',
          'Helicone-Auth': `Bearer ${key}`,
          'Helicone-Session-Id': 'large',
        },
        body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: noise(3 * 1024 * 1024) }] }),
      });
      expect(large.status).toBe(200);
      await sleep(1_000);
      await running.stop();
      expect((await exact()).fullyReceived).toBeGreaterThan(20);
      await waitFor(async () => (await api.session('large'))?.total_requests === 1, { what: 'the large call' });

      const list = JSON.parse((await runThroughline(['dead-letters', 'list', '--json'], env)).stdout);
      expect(list.filter(({ step }: { step: string }) => step === 'decode').length).toBeGreaterThanOrEqual(2);
      const place = `${list[0].partition}:${list[0].offset}`;
      const shown = JSON.parse((await runThroughline(['dead-letters', 'show', place, '--json'], env)).stdout);
      expect(shown).toMatchObject({ partition: list[0].partition, offset: list[0].offset, event: null });
      const replay = await runThroughline(['dead-letters', 'replay', place], env);
      expect([replay.code, replay.stderr]).toEqual([1, expect.stringContaining('cannot read it either')]);
    },
    WORLD_MS_MAX,
  );

  test(
    'that was truncated or made anew stops the partitions, and `rebase` lets them go on with the gap named',
    async () => {
      const { env, servers, load, api, ledger, key, aggregators, cleanAudit } = await world('truncated', {
        partitions: 2,
      });
      const first = load({ callsMax: 200 });
      await first.done;
      await cleanAudit();
      for (const aggregator of aggregators) await aggregator.kill('SIGTERM');
      await load({ callsMax: 100 }).done;
      const before = (await api.requests()).length;
      const topic = env.KAFKA_TOPIC!;
      await openKafkaAdmin(servers.kafka.brokers, async (admin) => {
        const offsets = await admin.fetchTopicOffsets(topic);
        await admin.deleteTopicRecords({
          topic,
          partitions: offsets.map(({ partition, high }) => ({ partition, offset: high })),
        });
      });
      for (const aggregator of aggregators) await aggregator.start();
      await load({ callsMax: 50 }).done;
      await waitFor(
        async () => {
          const metrics = await Promise.all(aggregators.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
          return metrics.some((text) => /aggregator_partition_paused\{partition="\d+"\} 1/.test(text));
        },
        { what: 'stopped partitions', timeoutMs: 30_000 },
      );
      expect((await api.requests()).length).toBe(before);
      expect((await runThroughline(['rebase'], env)).code).toBe(0);
      await waitFor(async () => (await api.requests()).length > before, {
        what: 'calls after the gap',
        timeoutMs: 60_000,
      });
      const report = await cleanAudit();
      expect(report.partitions.flatMap(({ losses }) => losses).join()).toMatch(/offsets \d+ to \d+/);
      expect(ledger.calls.length).toBeGreaterThan(before);

      // The topic itself is gone, and made anew.
      for (const aggregator of aggregators) await aggregator.kill('SIGTERM');
      await openKafkaAdmin(servers.kafka.brokers, (admin) => admin.deleteTopics({ topics: [topic] }));
      const refused = await runThroughline(['audit'], env);
      expect(refused.code).toBe(1);
      expect((await runThroughline(['migrate'], { ...env, THROUGHLINE_API_KEY: key })).code).toBe(0);
      expect((await runThroughline(['rebase'], env)).code).toBe(0);
      for (const aggregator of aggregators) await aggregator.start();
    },
    WORLD_MS_MAX,
  );

  test(
    'is rebuilt from: `rebuild` forgets the totals and they come back the same',
    async () => {
      const { env, load, exact } = await world('rebuild');
      const running = load();
      await sleep(2_000);
      const rebuilt = await runThroughline(['rebuild'], env);
      expect([rebuilt.code, rebuilt.stderr]).toEqual([0, expect.any(String)]);
      await sleep(2_000);
      await running.stop();
      expect((await exact()).fullyReceived).toBeGreaterThan(20);
    },
    WORLD_MS_MAX,
  );
});

/** Text that no compression makes small. */
function noise(bytes: number): string {
  let text = '';
  while (text.length < bytes) text += Math.random().toString(36).slice(2);
  return text;
}
