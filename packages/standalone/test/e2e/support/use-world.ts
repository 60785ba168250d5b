import { afterAll, afterEach } from '@jest/globals';
import { type KafkaServer, startKafka } from '@throughline/local-servers/kafka';
import { seedFromEnv } from '@throughline/testkit/seed';
import { startWorld, type World, type WorldOptions } from './distributed-world.ts';

/** What a broker takes to end, or a world with all its processes, on a busy machine. */
const END_MS_MAX = 60_000;

/**
 * A world per test, ended after it; the seed is printed under `label`. The worlds of a file share a broker, each with a
 * topic and a group of its own: whatever a test does to it, it runs again when the next one begins.
 */
export function useWorld(): (label: string, options?: Omit<WorldOptions, 'seed'>) => Promise<World> {
  let world: World | undefined;
  let kafka: KafkaServer | undefined;
  afterEach(async () => {
    await world?.[Symbol.asyncDispose]();
    world = undefined;
  }, END_MS_MAX);
  afterAll(() => kafka?.remove(), END_MS_MAX);
  return async (label, options = {}) => {
    if (!options.kafka) {
      kafka ??= await startKafka();
      if (kafka.pid === undefined) await kafka.restart();
    }
    world = await startWorld({ seed: seedFromEnv(label), ...(kafka && { kafka }), ...options });
    return world;
  };
}
