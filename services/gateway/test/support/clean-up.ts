import { afterEach } from '@jest/globals';

/** What each test of a file has to end, in the order in which it began; ended after the test, the latest first. */
export function useCleanups(): (() => Promise<void>)[] {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  return cleanups;
}
