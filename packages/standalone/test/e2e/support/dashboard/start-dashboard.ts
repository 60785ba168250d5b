import { type Browser, launchChromium } from '@throughline/local-servers/launch-chromium';
import { waitFor } from '@throughline/testkit/wait-for';
import { type Instance, SETUP_MS_MAX, startInstance } from '../start-instance.ts';
import { type OpenedPage, type OpenPageOptions, openPage } from './open-page.ts';

export interface Dashboard {
  readonly instance: Instance;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** A key that may read and write. */
  readonly key: string;
  readonly browser: Browser;
  /** A page of a browser session of its own, closed at the end of the test, which fails if it complained about anything. */
  openPage(options?: OpenPageOptions): Promise<OpenedPage>;
}

export interface StartedDashboard extends Dashboard {
  /** Closes what is open. @throws Error with what pages complained about and no test expected. */
  closePages(): Promise<void>;
  stop(): Promise<void>;
}

/** A real instance that serves the dashboard, and a browser. For scripts; tests have `useDashboard`. */
export async function startDashboard(env: Readonly<Record<string, string>> = {}): Promise<StartedDashboard> {
  await using stack = new AsyncDisposableStack();
  const instance = stack.adopt(await startInstance(env), (one) => one.stop());
  const { url, key } = instance.throughline;
  const browser = stack.adopt(await launchChromium(), (one) => one.close());
  await waitFor(async () => (await fetch(`${url}/sessions`)).ok, { what: 'the dashboard', timeoutMs: SETUP_MS_MAX });
  const opened: OpenedPage[] = [];
  const resources = stack.move();
  return {
    instance,
    url,
    key,
    browser,
    async openPage(options) {
      const page = await openPage({ browser, url, key }, options);
      opened.push(page);
      return page;
    },
    async closePages() {
      const pages = opened.splice(0);
      for (const { context } of pages) await context.close();
      const problems = pages.flatMap(({ problems }) => problems());
      if (problems.length > 0) throw new Error(`pages complained:\n${problems.join('\n')}`);
    },
    stop: () => resources.disposeAsync(),
  };
}
