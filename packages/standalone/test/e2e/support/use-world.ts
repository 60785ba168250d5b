import { afterEach } from '@jest/globals';
import { seedFromEnv } from '@throughline/testkit/seed';
import { startWorld, type World, type WorldOptions } from './distributed-world.ts';

/** A world per test, ended after it; the seed is printed under `label`. */
export function useWorld(): (label: string, options?: Omit<WorldOptions, 'seed'>) => Promise<World> {
  let world: World | undefined;
  afterEach(async () => {
    await world?.[Symbol.asyncDispose]();
    world = undefined;
  }, 60_000);
  return async (label, options = {}) => {
    world = await startWorld({ seed: seedFromEnv(label), ...options });
    return world;
  };
}
