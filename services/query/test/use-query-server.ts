import { afterAll, beforeAll } from '@jest/globals';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { connectHttpAnalytics } from '@throughline/analytics/http/connect-http-analytics';
import { migrateServer } from '@throughline/analytics/http/migrate-server';
import { type ClickHouseProcess, startClickHouse } from '@throughline/testkit/clickhouse-server/start-clickhouse';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { type QueryServer, startQueryServer } from './query-server.ts';

/** Puts what a test file asks for into a store. */
type Fill = (analytics: AnalyticsStore) => Promise<void>;

interface Opened {
  readonly analytics: AnalyticsStore;
  readonly server: QueryServer;
}

/** The query API over an engine of its own in process, for all tests of a file: there from the first of them on. */
export function useQueryServer(fill: Fill): Opened {
  let opened: Opened;
  const stack = new AsyncDisposableStack();
  beforeAll(async () => {
    opened = await openInProcess(stack);
    await fill(opened.analytics);
  });
  afterAll(() => stack.disposeAsync());
  return {
    get analytics() {
      return opened.analytics;
    },
    get server() {
      return opened.server;
    },
  };
}

interface Both {
  readonly clickhouse: ClickHouseProcess;
  readonly inProcess: QueryServer;
  readonly overHttp: QueryServer;
}

/** The same API over the engine in process and over a ClickHouse server, both filled alike. */
export function useBothQueryServers(fill: Fill): Both {
  let both: Both;
  const stack = new AsyncDisposableStack();
  beforeAll(async () => {
    const clickhouse = stack.adopt(await startClickHouse(), (one) => one.stop());
    await migrateServer({ url: clickhouse.url });
    const here = await openInProcess(stack);
    const there = await serve(stack, connectHttpAnalytics({ url: clickhouse.url }));
    for (const { analytics } of [here, there]) await fill(analytics);
    both = { clickhouse, inProcess: here.server, overHttp: there.server };
  });
  afterAll(() => stack.disposeAsync());
  return {
    get clickhouse() {
      return both.clickhouse;
    },
    get inProcess() {
      return both.inProcess;
    },
    get overHttp() {
      return both.overHttp;
    },
  };
}

async function openInProcess(stack: AsyncDisposableStack): Promise<Opened> {
  const dir = stack.adopt(await createTempDir('query'), (one) => one.remove());
  return await serve(stack, await openEmbeddedAnalytics({ dir: dir.path }));
}

async function serve(stack: AsyncDisposableStack, analytics: AnalyticsStore): Promise<Opened> {
  stack.defer(() => analytics.close());
  const server = stack.adopt(await startQueryServer(analytics), (one) => one.close());
  return { analytics, server };
}
