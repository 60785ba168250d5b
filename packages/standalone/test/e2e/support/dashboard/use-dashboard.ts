import { afterAll, afterEach, beforeAll, type describe } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { SETUP_MS_MAX } from '../instance.ts';
import { type Dashboard, type StartedDashboard, startDashboard } from './start-dashboard.ts';

export type { Dashboard } from './start-dashboard.ts';

/** `describe` for tests that need Chromium: without it shown as skipped, with `CI=true` a failure. */
export const describeWithChromium = (name: string, tests: Parameters<typeof describe>[1]): void =>
  describeWithServers(['chromium'], name, tests as () => void);

/**
 * One instance and one browser for all tests of a `describeWithChromium`.
 *
 * @param fill sends what the tests look at through the gateway.
 */
export function useDashboard(
  fill: (dashboard: Dashboard) => Promise<unknown> = async () => {},
  env: Readonly<Record<string, string>> = {},
): Dashboard {
  let started: StartedDashboard | undefined;
  beforeAll(async () => {
    started = await startDashboard(env);
    await fill(started);
  }, 2 * SETUP_MS_MAX);
  afterEach(() => started?.closePages());
  afterAll(() => started?.stop(), SETUP_MS_MAX);
  const there = () => {
    if (!started) throw new Error('the dashboard is there from beforeAll on');
    return started;
  };
  return {
    get instance() {
      return there().instance;
    },
    get url() {
      return there().url;
    },
    get key() {
      return there().key;
    },
    get browser() {
      return there().browser;
    },
    openPage: (options) => there().openPage(options),
  };
}
