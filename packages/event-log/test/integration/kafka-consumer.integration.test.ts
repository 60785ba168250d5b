import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type KafkaServer, startKafka } from '@throughline/local-servers/kafka';
import { waitFor } from '@throughline/testkit/wait-for';
import { FencedStore } from '../fenced-owner.ts';
import { GroupWorld, SESSION_TIMEOUT_MS } from '../group-world.ts';

jest.setTimeout(180_000);

let kafka: KafkaServer;
const worlds: GroupWorld[] = [];

beforeAll(async () => {
  kafka = await startKafka();
});
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.destroy();
});
afterAll(() => kafka.remove());

async function createWorld(partitions: number): Promise<GroupWorld> {
  const world = await GroupWorld.create(kafka.brokers, partitions, new FencedStore());
  worlds.push(world);
  return world;
}

const appliedAtAll = (world: GroupWorld) => world.applied().reduce((sum, values) => sum + values.length, 0);

async function untilMoreIsApplied(world: GroupWorld, more = 200): Promise<void> {
  const before = appliedAtAll(world);
  await waitFor(() => appliedAtAll(world) >= before + more, { timeoutMs: 60_000, what: 'more to be applied' });
}

/** Everything in the topic was applied, once and in order. */
async function expectExact(world: GroupWorld): Promise<void> {
  await world.stopLoad();
  await world.caughtUp();
  expect(world.applied()).toEqual(await world.contents());
}

describe('a group of members', () => {
  test('that come and go under load applies everything once and in order', async () => {
    const world = await createWorld(8);
    world.startLoad();
    const first = world.join();
    await world.settled([first]);
    await untilMoreIsApplied(world);
    const [second, third] = [world.join(), world.join()];
    await world.settled([first, second, third]);
    await untilMoreIsApplied(world);
    const held = second.partitions();
    const stayed = first.partitions();
    await second.close();
    await world.settled([first, third]);
    // Only what the one that left had has moved.
    expect(first.partitions()).toEqual(expect.arrayContaining(stayed));
    expect([...first.partitions(), ...third.partitions()]).toEqual(expect.arrayContaining(held));
    await untilMoreIsApplied(world);
    await expectExact(world);
    expect([first, second, third].flatMap(({ errors }) => errors)).toEqual([]);
  });

  test('serves the partitions of a member that was killed', async () => {
    const world = await createWorld(4);
    world.startLoad();
    const survivor = world.join();
    const killed = await world.joinAsProcess();
    await waitFor(() => survivor.partitions().length === 2 && world.store.takes.size === 4, { timeoutMs: 60_000 });
    await untilMoreIsApplied(world);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    await world.settled([survivor]);
    await expectExact(world);
  });

  test('refuses a member that was stopped past its session and continued', async () => {
    const world = await createWorld(4);
    world.startLoad();
    const other = world.join();
    const zombie = await world.joinAsProcess();
    await waitFor(() => other.partitions().length === 2 && world.store.takes.size === 4, { timeoutMs: 60_000 });
    await untilMoreIsApplied(world);
    for (let round = 0; round < 2; round++) {
      zombie.kill('SIGSTOP');
      await world.settled([other]);
      await untilMoreIsApplied(world);
      zombie.kill('SIGCONT');
      // It finds out, comes back and gets its share.
      await waitFor(() => other.partitions().length === 2, { timeoutMs: 60_000, what: 'the zombie to join again' });
      await untilMoreIsApplied(world);
    }
    await expectExact(world);
    // At least what it read before it was stopped was not taken from it.
    expect(world.store.refused).toBeGreaterThan(0);
  });

  test('goes on when the broker was killed and comes back', async () => {
    const world = await createWorld(4);
    world.startLoad();
    const members = [world.join(), world.join()];
    await world.settled(members);
    await untilMoreIsApplied(world);
    const reading = members.map((member) => member.ended);
    await kafka.kill();
    await sleep(2 * SESSION_TIMEOUT_MS);
    // Nobody was told of a failure, nobody has given up.
    expect(members.flatMap(({ errors }) => errors)).toEqual([]);
    await kafka.restart();
    await world.settled(members);
    await untilMoreIsApplied(world);
    await expectExact(world);
    expect(members.flatMap(({ errors }) => errors)).toEqual([]);
    await Promise.all(members.map((member) => member.close()));
    expect(await Promise.all(reading)).toEqual([undefined, undefined]);
  });

  test('hears of a member that leaves in order at once, and its owners have finished before', async () => {
    const world = await createWorld(4);
    world.startLoad();
    const beforeCommit = () => sleep(50);
    const [leaving, staying] = [world.join({ beforeCommit }), world.join({ beforeCommit })];
    await world.settled([leaving, staying]);
    await untilMoreIsApplied(world);
    const held = leaving.partitions();
    await leaving.close();
    const fences = held.map((partition) => world.store.fence(partition)!.offset);
    await sleep(200);
    const { partitions } = (await world.admin.fetchOffsets({ groupId: world.groupId, topics: [world.topic] }))[0]!;
    // The hint that it left behind is where its owners stopped, or where the other has come to since.
    for (const [index, partition] of held.entries()) {
      const hint = Number(partitions.find((item) => item.partition === partition)!.offset);
      expect(hint).toBeGreaterThanOrEqual(fences[index]! + 1);
    }
    await world.settled([staying]);
    await expectExact(world);
    expect(world.store.refused).toBe(0);
    expect([...leaving.errors, ...staying.errors]).toEqual([]);
  });
});
