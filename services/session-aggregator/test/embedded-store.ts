import { afterAll, beforeAll, jest } from '@jest/globals';
import { type Engine, openEngine } from '@throughline/analytics/embedded/engine';
import {
  type EmbeddedAnalyticsStore,
  openEmbeddedAnalytics,
} from '@throughline/analytics/embedded/open-embedded-analytics';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';

export interface TestStore {
  readonly analytics: EmbeddedAnalyticsStore;
  /** Runs SQL beside the store: to take rows away, as a power cut would. */
  command(sql: string): Promise<void>;
}

/** Hangs are told from slow machines by this; nothing is measured. */
const TEST_MS_MAX = 120_000;

/** Real ClickHouse for the tests of one file, in a folder of its own; one per process at a time. */
export function useEmbeddedStore(label: string): TestStore {
  jest.setTimeout(TEST_MS_MAX);
  let dir: TempDir | undefined;
  let analytics: EmbeddedAnalyticsStore | undefined;
  let engine: Engine | undefined;
  beforeAll(async () => {
    dir = await createTempDir(label);
    analytics = await openEmbeddedAnalytics({ dir: dir.path });
  });
  afterAll(async () => {
    await engine?.close();
    await analytics?.close();
    await dir?.remove();
  });
  return {
    get analytics() {
      return analytics!;
    },
    async command(sql) {
      engine ??= await openEngine(dir!.path, 1);
      await engine.connections[0]!.command(sql);
    },
  };
}
